using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Metadata;

/// <summary>Rule M2: metadata signed by a pinned key, bound in time and to the entity that was asked for.</summary>
public sealed class SignedMetadataTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
    private static readonly VerificationKey Pinned = Key("test-only-idp");
    private static readonly byte[] Signed = MetadataWriter.Write(
        MetadataRoundTripTests.Everything,
        "_metadata",
        TestKeys.IdentityProvider
    );

    private static readonly MetadataRules Rules = new() { Now = Now, Keys = [Pinned] };

    [Fact]
    public void M2_Metadata_signed_by_the_pinned_key_is_read() =>
        MetadataReader
            .Read(Signed, Rules)
            .Value!.Entities.Single()
            .EntityId.ShouldBe(MetadataRoundTripTests.Everything.EntityId);

    [Fact]
    public void M2_What_we_sign_xmlsec1_verifies() =>
        Xmlsec1.ShouldVerify(
            Signed,
            TestData.PathOf("keys/test-only-idp.crt.pem"),
            "/*/*[local-name()='Signature']",
            "urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor"
        );

    [Theory]
    [InlineData("ec")]
    [InlineData("ec-p384")]
    [InlineData("ec-p521")]
    public void M2_Metadata_signed_on_a_curve_is_read(string name)
    {
        using SigningKey key = TestKeys.Load(name);
        using VerificationKey pinned = Key(name);
        byte[] xml = MetadataWriter.Write(MetadataRoundTripTests.ServiceProvider, "_m", key);

        MetadataReader.Read(xml, Rules with { Keys = [pinned] }).Accepted.ShouldBeTrue();
    }

    [Fact]
    public void M2_Another_key_is_refused()
    {
        using VerificationKey other = Key("test-only-sp");

        RefusalOf(Signed, Rules with { Keys = [other] }).ShouldBe("signature-invalid");
    }

    [Fact]
    public void M2_A_key_change_is_covered_by_pinning_both()
    {
        using VerificationKey next = Key("test-only-sp");

        MetadataReader.Read(Signed, Rules with { Keys = [next, Pinned] }).Accepted.ShouldBeTrue();
    }

    [Fact]
    public void M2_No_pinned_key_at_all_refuses_everything() =>
        RefusalOf(Signed, Rules with { Keys = [] }).ShouldBe("no-verification-key");

    [Fact]
    public void M2_Unsigned_metadata_is_refused_where_a_key_is_pinned() =>
        RefusalOf(MetadataWriter.Write(MetadataRoundTripTests.Everything), Rules)
            .ShouldBe("metadata-signature-missing");

    [Fact]
    public void M2_An_altered_endpoint_is_refused() =>
        RefusalOf(
                Replace(Signed, "https://wiki.example.test/acs2", "https://evil.example.test/acs2"),
                Rules
            )
            .ShouldBe("digest-mismatch");

    [Fact]
    public void S1_A_signed_entity_inside_another_root_is_refused() =>
        RefusalOf(
                Encoding.UTF8.GetBytes(
                    "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">"
                        + Encoding.UTF8.GetString(Signed)
                        + "</md:EntitiesDescriptor>"
                ),
                Rules
            )
            .ShouldBe("metadata-signature-missing");

    [Fact]
    public void S1_A_signature_moved_behind_another_element_is_refused()
    {
        string xml = Encoding.UTF8.GetString(Signed);
        int start = xml.IndexOf("<ds:Signature", StringComparison.Ordinal);
        int end = xml.IndexOf("</ds:Signature>", StringComparison.Ordinal) + 15;
        string signature = xml[start..end];
        string moved = xml.Remove(start, end - start)
            .Replace("</md:EntityDescriptor>", signature + "</md:EntityDescriptor>");

        RefusalOf(Encoding.UTF8.GetBytes(moved), Rules).ShouldBe("signature-shape");
    }

    [Fact]
    public void M2_SDP_MD03_Metadata_without_an_end_is_refused_where_one_is_required() =>
        RefusalOf(
                MetadataWriter.Write(MetadataRoundTripTests.ServiceProvider),
                new MetadataRules { Now = Now, RequireValidUntil = true }
            )
            .ShouldBe("metadata-valid-until-missing");

    [Fact]
    public void M2_SDP_MD03_Metadata_that_claims_to_live_too_long_is_refused() =>
        RefusalOf(Signed, Rules with { LongestValidity = TimeSpan.FromDays(13) })
            .ShouldBe("metadata-valid-too-long");

    [Fact]
    public void M2_Metadata_that_ends_in_time_is_taken() =>
        MetadataReader
            .Read(
                Signed,
                Rules with
                {
                    RequireValidUntil = true,
                    LongestValidity = TimeSpan.FromDays(14),
                }
            )
            .Accepted.ShouldBeTrue();

    [Fact]
    public void M2_Metadata_of_another_entity_is_refused() =>
        RefusalOf(Signed, Rules with { EntityId = "https://other.example.test" })
            .ShouldBe("metadata-entity-missing");

    [Fact]
    public void M2_The_entity_ID_is_compared_exactly() =>
        RefusalOf(Signed, Rules with { EntityId = "https://BOTH.example.test" })
            .ShouldBe("metadata-entity-missing");

    [Fact]
    public void M2_An_entity_described_twice_is_refused() =>
        RefusalOf(
                MetadataWriter.Write(
                    new EntitiesDescriptor([
                        MetadataRoundTripTests.ServiceProvider,
                        MetadataRoundTripTests.ServiceProvider,
                    ]),
                    "_twice"
                ),
                new MetadataRules
                {
                    Now = Now,
                    EntityId = MetadataRoundTripTests.ServiceProvider.EntityId,
                }
            )
            .ShouldBe("metadata-entity-twice");

    internal static VerificationKey Key(string name) =>
        VerificationKey.FromCertificate(TestKeys.CertificateDer(name));

    private static byte[] Replace(byte[] xml, string old, string replacement) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(xml).Replace(old, replacement));

    private static string RefusalOf(byte[] xml, MetadataRules rules)
    {
        Verdict<MetadataDocument> verdict = MetadataReader.Read(xml, rules);
        verdict.Accepted.ShouldBeFalse();
        return verdict.Findings.First(f => f.Kind.Severity == Severity.Refusal).Code;
    }
}
