using System.Diagnostics;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Metadata;

/// <summary>Aggregates of any size, streamed: rules M2, S1, S7 and X1 to X3 hold as they do for a file read whole.</summary>
public sealed class AggregateTests
{
    private const string Sought = "https://sp7.example.test";
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
    private static readonly VerificationKey Pinned = SignedMetadataTests.Key("test-only-idp");
    private static readonly MetadataRules Unsigned = new() { Now = Now };
    private static readonly MetadataRules SignedRules = new() { Now = Now, Keys = [Pinned] };
    private static readonly byte[] Signed = MetadataWriter.Write(
        Aggregate(12),
        "_aggregate",
        TestKeys.IdentityProvider
    );

    // As federations write them: a declaration, a default namespace, indentation, comments, groups within groups,
    // extensions, prefixes declared at the root and used far inside.
    private static readonly string Lively = $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- published <daily> -->
        <EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui"
            xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xs="http://www.w3.org/2001/XMLSchema"
            ID="_lively" Name='urn:x:&gt;"federation"' validUntil="2026-03-20T00:00:00Z">
          <!-- before the first > -->
          <Extensions><x:any xmlns:x="urn:x" note="a > b"><![CDATA[</EntitiesDescriptor>]]></x:any></Extensions>
          <EntitiesDescriptor Name="inner" cacheDuration="PT2H">
            {Entity("https://inner.example.test")}
            <!-- </EntitiesDescriptor> -->
          </EntitiesDescriptor >
          {Entity(Sought)}
          {Entity("https://söhne.example.test")}
          <EntitiesDescriptor/>
        </EntitiesDescriptor>
        <!-- end -->

        """;

    [Fact]
    public async Task An_entity_is_found_by_its_entity_ID() =>
        (await FindAsync(Signed, Unsigned)).Value!.EntityId.ShouldBe(Sought);

    [Fact]
    public async Task M2_An_entity_is_found_in_a_signed_aggregate() =>
        (await FindAsync(Signed, SignedRules)).Value!.EntityId.ShouldBe(Sought);

    [Fact]
    public async Task The_entity_is_the_same_as_when_the_file_is_read_whole()
    {
        EntityDescriptor whole = MetadataReader
            .Read(Signed, SignedRules)
            .Value!.Entities.Single(entity => entity.EntityId == Sought);

        Json((await FindAsync(Signed, SignedRules)).Value!).ShouldBe(Json(whole));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Where_the_stream_is_cut_changes_nothing(int chunk)
    {
        await using var stream = new Trickle(SignedLively(), chunk);

        Verdict<EntityDescriptor> verdict = await MetadataAggregate.FindAsync(
            stream,
            Sought,
            SignedRules,
            TestContext.Current.CancellationToken
        );

        verdict.Accepted.ShouldBeTrue(string.Join('\n', verdict.Findings));
    }

    [Theory]
    [InlineData("https://inner.example.test")]
    [InlineData(Sought)]
    [InlineData("https://söhne.example.test")]
    public async Task M2_Every_entity_of_a_lively_aggregate_signed_by_SignedXml_is_found(
        string entityId
    ) =>
        (await FindAsync(SignedLively(), SignedRules, entityId)).Value!.EntityId.ShouldBe(entityId);

    [Fact]
    public async Task S2_Inclusive_prefixes_are_honoured() =>
        (await FindAsync(SignedLively("#default xs mdui"), SignedRules)).Accepted.ShouldBeTrue();

    [Fact]
    public async Task The_strictest_validity_around_an_entity_holds()
    {
        EntityDescriptor entity = (
            await FindAsync(SignedLively(), SignedRules, "https://inner.example.test")
        ).Value!;

        (entity.ValidUntil, entity.CacheDuration).ShouldBe(
            (new DateTimeOffset(2026, 3, 20, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(2))
        );
    }

    [Fact]
    public async Task It_says_what_it_is()
    {
        Verdict<AggregateSummary> verdict = await CheckAsync(SignedLively(), SignedRules);

        verdict.Value.ShouldBe(
            new AggregateSummary(
                3,
                "urn:x:>\"federation\"",
                new DateTimeOffset(2026, 3, 20, 0, 0, 0, TimeSpan.Zero),
                CacheDuration: null
            )
        );
    }

    [Fact]
    public async Task Every_usable_entity_is_listed()
    {
        List<string> listed = [];
        await using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Lively));

        await MetadataAggregate.ListAsync(
            stream,
            Unsigned,
            entity => listed.Add(entity.EntityId),
            TestContext.Current.CancellationToken
        );

        listed.ShouldBe(["https://inner.example.test", Sought, "https://söhne.example.test"]);
    }

    [Fact]
    public async Task A_list_with_keys_is_refused_because_nothing_is_verified_yet() =>
        await Should.ThrowAsync<ArgumentException>(() =>
            MetadataAggregate.ListAsync(
                Stream.Null,
                SignedRules,
                _ => { },
                TestContext.Current.CancellationToken
            )
        );

    [Fact]
    public async Task A_file_of_one_entity_is_read_as_well()
    {
        byte[] xml = MetadataWriter.Write(
            MetadataRoundTripTests.Everything,
            "_one",
            TestKeys.IdentityProvider
        );

        (
            await FindAsync(xml, SignedRules, MetadataRoundTripTests.Everything.EntityId)
        ).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task M2_An_entity_that_is_not_there_is_named() =>
        RefusalOf(await FindAsync(Signed, SignedRules, "https://nobody.example.test"))
            .ShouldBe("metadata-entity-missing");

    [Fact]
    public async Task M2_An_entity_described_twice_is_refused() =>
        RefusalOf(
                await FindAsync(
                    MetadataWriter.Write(new EntitiesDescriptor([Sp(7), Sp(7)]), "_a"),
                    Unsigned
                )
            )
            .ShouldBe("metadata-entity-twice");

    [Fact]
    public async Task M2_An_altered_entity_beside_the_sought_one_is_refused() =>
        RefusalOf(
                await FindAsync(
                    Replace(Signed, "https://sp9.example.test/acs", "https://evil.example.test/a"),
                    SignedRules
                )
            )
            .ShouldBe("digest-mismatch");

    [Fact]
    public async Task M2_An_entity_added_at_the_end_is_refused() =>
        RefusalOf(
                await FindAsync(
                    Replace(
                        Signed,
                        "</md:EntitiesDescriptor>",
                        Entity("https://evil.example.test") + "</md:EntitiesDescriptor>"
                    ),
                    SignedRules,
                    "https://evil.example.test"
                )
            )
            .ShouldBe("digest-mismatch");

    [Fact]
    public async Task M2_Another_key_is_refused_before_the_rest_is_read()
    {
        using VerificationKey other = SignedMetadataTests.Key("test-only-sp");
        byte[] endless = [.. Signed[..^30], .. "<never-read"u8];

        RefusalOf(await FindAsync(endless, SignedRules with { Keys = [other] }))
            .ShouldBe("signature-invalid");
    }

    [Fact]
    public async Task M2_An_unsigned_aggregate_is_refused_where_a_key_is_pinned() =>
        RefusalOf(await FindAsync(Encoding.UTF8.GetBytes(Lively), SignedRules))
            .ShouldBe("metadata-signature-missing");

    [Fact]
    public async Task S1_A_signature_in_an_inner_group_is_no_signature_of_the_whole()
    {
        string wrapped =
            "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" ID=\"_outer\">"
            + Encoding.UTF8.GetString(Signed)
            + Entity("https://evil.example.test")
            + "</md:EntitiesDescriptor>";

        RefusalOf(await FindAsync(Encoding.UTF8.GetBytes(wrapped), SignedRules))
            .ShouldBe("metadata-signature-missing");
    }

    [Fact]
    public async Task S1_A_second_signature_is_refused()
    {
        string xml = Encoding.UTF8.GetString(Signed);
        int start = xml.IndexOf("<ds:Signature", StringComparison.Ordinal);
        int end = xml.IndexOf("</ds:Signature>", StringComparison.Ordinal) + 15;

        RefusalOf(
                await FindAsync(
                    Encoding.UTF8.GetBytes(xml.Insert(end, xml[start..end])),
                    SignedRules
                )
            )
            .ShouldBe("signature-shape");
    }

    [Fact]
    public async Task X3_The_ID_of_the_root_again_in_an_entity_is_refused() =>
        RefusalOf(
                await FindAsync(
                    Replace(
                        Signed,
                        " entityID=\"https://sp3.",
                        " ID=\"_aggregate\" entityID=\"https://sp3."
                    ),
                    SignedRules
                )
            )
            .ShouldBe("xml-duplicate-id");

    [Theory]
    [Trait("Rule", "X1")]
    [InlineData(
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
        "<EntitiesDescriptor",
        "xml-doctype"
    )]
    [InlineData("<?xml version='1.0' encoding='UTF-16'?>", "<!-- published", "xml-encoding")]
    [InlineData("<?php evil ?>", "<EntitiesDescriptor", "xml-processing-instruction")]
    [InlineData("<?evil?>", "<EntitiesDescriptor Name=\"inner\"", "xml-processing-instruction")]
    [InlineData("<!ENTITY e 'x'>", "<EntitiesDescriptor Name=\"inner\"", "xml-malformed")]
    [InlineData("<unclosed>", "<EntitiesDescriptor Name=\"inner\"", "xml-malformed")]
    [InlineData("</EntityDescriptor>", "<EntitiesDescriptor Name=\"inner\"", "xml-malformed")]
    [InlineData("<!-- a -- b -->", "<EntitiesDescriptor Name=\"inner\"", "xml-malformed")]
    [InlineData("&undefined;", "<EntitiesDescriptor Name=\"inner\"", "xml-malformed")]
    [InlineData("]]>", "<EntitiesDescriptor Name=\"inner\"", "xml-malformed")]
    [InlineData("<u:x/>", "<EntitiesDescriptor Name=\"inner\"", "xml-namespace")]
    [InlineData(
        "<other:EntitiesDescriptor xmlns:other='urn:o'></other:EntitiesDescriptor>",
        "<EntitiesDescriptor Name=\"inner\"",
        "metadata-expected"
    )]
    [InlineData("</other></EntitiesDescriptor>", "<!-- end -->", "xml-malformed")]
    [InlineData("<EntitiesDescriptor/>", "<!-- end -->", "xml-malformed")]
    [InlineData("text", "<!-- end -->", "xml-malformed")]
    public async Task What_is_no_XML_of_ours_is_refused(string inserted, string before, string code)
    {
        string xml = Lively[(Lively.IndexOf("?>", StringComparison.Ordinal) + 2)..].TrimStart();
        xml = xml.Insert(xml.IndexOf(before, StringComparison.Ordinal), inserted);

        RefusalOf(await FindAsync(Encoding.UTF8.GetBytes(xml), Unsigned)).ShouldBe(code);
    }

    [Theory]
    [Trait("Rule", "X1")]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(400)]
    [InlineData(3000)]
    public async Task An_aggregate_cut_short_is_refused(int length) =>
        RefusalOf(await FindAsync(Signed[..length], Unsigned)).ShouldBe("xml-malformed");

    [Fact]
    public async Task M2_An_expired_aggregate_is_refused() =>
        RefusalOf(await FindAsync(Signed, SignedRules with { Now = Now.AddDays(30) }))
            .ShouldBe("metadata-expired");

    [Fact]
    public async Task M2_SDP_MD03_An_aggregate_that_claims_to_live_too_long_is_refused() =>
        RefusalOf(
                await FindAsync(Signed, SignedRules with { LongestValidity = TimeSpan.FromDays(1) })
            )
            .ShouldBe("metadata-valid-too-long");

    [Fact]
    public async Task M2_SDP_MD03_An_aggregate_without_an_end_is_refused_where_one_is_required() =>
        RefusalOf(
                await FindAsync(
                    MetadataWriter.Write(new EntitiesDescriptor([Sp(7)]), "_a"),
                    Unsigned with
                    {
                        RequireValidUntil = true,
                    }
                )
            )
            .ShouldBe("metadata-valid-until-missing");

    [Theory]
    [Trait("Rule", "X2")]
    [InlineData("<a>{0}</a>", 40_000)]
    [InlineData("<!--{0}-->", 40_000)]
    [InlineData("{0}", 40_000)]
    [InlineData("<a b=\"{0}\"/>", 40_000)]
    public async Task Limits_hold_for_each_entity(string format, int length)
    {
        string bomb = string.Format(
            System.Globalization.CultureInfo.InvariantCulture,
            format,
            new string(' ', length)
        );

        RefusalOf(
                await FindAsync(
                    Encoding.UTF8.GetBytes(Lively.Replace("<EntitiesDescriptor/>", bomb)),
                    Unsigned with
                    {
                        Limits = MessageLimits.Default with { XmlBytes = 30_000 },
                    }
                )
            )
            .ShouldBe("xml-limit");
    }

    [Fact]
    public async Task X2_Groups_nested_too_deeply_are_refused() =>
        RefusalOf(
                await FindAsync(
                    Encoding.UTF8.GetBytes(
                        string.Concat(
                            Enumerable.Repeat(
                                "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">",
                                1000
                            )
                        )
                    ),
                    Unsigned
                )
            )
            .ShouldBe("xml-limit");

    private static EntitiesDescriptor Aggregate(int count) =>
        new([.. Enumerable.Range(0, count).Select(Sp)])
        {
            Name = "urn:example:federation",
            ValidUntil = Now.AddDays(14),
            CacheDuration = TimeSpan.FromHours(6),
        };

    private static EntityDescriptor Sp(int number) =>
        new()
        {
            EntityId = $"https://sp{number}.example.test",
            ServiceProvider = new ServiceProviderRole
            {
                SigningCertificates = [TestKeys.CertificateDer("test-only-sp")],
                AssertionConsumerServices =
                [
                    new(SamlBindings.Post, $"https://sp{number}.example.test/acs", 0),
                ],
                UiInfo = new UiInfo { DisplayNames = [new("en", $"Service {number}")] },
            },
        };

    private static string Entity(string entityId) =>
        $"""
            <EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entityId}"><SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"
              ><Extensions><mdui:UIInfo xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui"><mdui:DisplayName xml:lang="en">A &amp; B&#13;</mdui:DisplayName></mdui:UIInfo></Extensions>
              <AssertionConsumerService index='1' Location="https://x.example.test/acs" Binding="{SamlBindings.Post}"/></SPSSODescriptor></EntityDescriptor>
            """;

    private static byte[] SignedLively(string? prefixes = null)
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        // SignedXml refuses its own signature over an escaped carriage return, so there is none in what it signs.
        document.LoadXml(Lively.Replace("&#13;", ""));
        var signed = new SignedXml(document) { SigningKey = RsaOf("test-only-idp") };
        signed.SignedInfo!.CanonicalizationMethod = SignedXml.XmlDsigExcC14NTransformUrl;
        var reference = new Reference("#_lively") { DigestMethod = SignedXml.XmlDsigSHA256Url };
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        reference.AddTransform(
            prefixes is null ? new XmlDsigExcC14NTransform() : new XmlDsigExcC14NTransform(prefixes)
        );
        signed.AddReference(reference);
        signed.ComputeSignature();
        document.DocumentElement!.PrependChild(document.ImportNode(signed.GetXml(), deep: true));
        return Encoding.UTF8.GetBytes(document.OuterXml);
    }

    private static System.Security.Cryptography.RSA RsaOf(string name)
    {
        var rsa = System.Security.Cryptography.RSA.Create();
        rsa.ImportFromPem(TestData.Text($"keys/{name}.key.pem"));
        return rsa;
    }

    private static byte[] Replace(byte[] xml, string old, string replacement) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(xml).Replace(old, replacement));

    private static string Json(EntityDescriptor entity) =>
        System.Text.Json.JsonSerializer.Serialize(entity);

    private static async Task<Verdict<EntityDescriptor>> FindAsync(
        byte[] xml,
        MetadataRules rules,
        string entityId = Sought
    )
    {
        await using var stream = new MemoryStream(xml);
        return await MetadataAggregate.FindAsync(
            stream,
            entityId,
            rules,
            TestContext.Current.CancellationToken
        );
    }

    private static async Task<Verdict<AggregateSummary>> CheckAsync(byte[] xml, MetadataRules rules)
    {
        await using var stream = new MemoryStream(xml);
        return await MetadataAggregate.CheckAsync(
            stream,
            rules,
            TestContext.Current.CancellationToken
        );
    }

    private static string RefusalOf<T>(Verdict<T> verdict)
        where T : class
    {
        verdict.Accepted.ShouldBeFalse();
        return verdict.Findings.First(f => f.Kind.Severity == Severity.Refusal).Code;
    }
}
