using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Metadata;

public sealed class RefusedMetadataTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
    private static readonly string Good = Encoding.UTF8.GetString(
        MetadataWriter.Write(MetadataRoundTripTests.ServiceProvider)
    );

    [Fact]
    [Trait("Rule", "M2")]
    public void Expired_metadata_is_refused() =>
        RefusalOf(Good.Replace("entityID", "validUntil=\"2026-03-14T09:26:53Z\" entityID"))
            .ShouldBe("metadata-expired");

    [Fact]
    [Trait("Rule", "X1")]
    public void A_document_type_declaration_is_refused() =>
        RefusalOf("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + Good)
            .ShouldBe("xml-doctype");

    [Fact]
    [Trait("Rule", "X2")]
    public void A_file_beyond_the_limit_is_refused() =>
        MetadataReader
            .Read(Encoding.UTF8.GetBytes(Good), Now, new MessageLimits { XmlBytes = 100 })
            .Findings.Single()
            .Code.ShouldBe("message-too-long");

    [Theory]
    [InlineData("<html><body>Sign in</body></html>", "metadata-expected")]
    [InlineData("<EntityDescriptor entityID='x'/>", "metadata-expected")]
    [InlineData("{\"issuer\":\"https://x\"}", "xml-malformed")]
    [InlineData("", "xml-malformed")]
    [InlineData(
        "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' entityID='x'/>",
        "metadata-role-missing"
    )]
    [InlineData(
        "<EntitiesDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'/>",
        "metadata-role-missing"
    )]
    public void What_is_no_metadata_is_refused(string xml, string code) =>
        RefusalOf(xml).ShouldBe(code);

    [Fact]
    public void An_entity_without_entityID_is_refused() =>
        RefusalOf(Good.Replace("entityID", "entityId")).ShouldBe("attribute-missing");

    [Theory]
    [Trait("Rule", "I3")]
    [InlineData("http://wiki.example.test/acs")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("https://user:secret@wiki.example.test/acs")]
    [InlineData("https://@wiki.example.test/acs")]
    [InlineData("https://wiki.example.test/acs#fragment")]
    [InlineData("/acs")]
    [InlineData(" https://wiki.example.test/acs")]
    [InlineData("https:\\\\wiki.example.test\\acs")]
    [InlineData("http://127.0.0.1.evil.test/acs")]
    [InlineData("")]
    public void An_endpoint_that_no_message_may_be_sent_to_is_left_out(string location)
    {
        string xml = Good.Replace("https://wiki.example.test/acs2", location);

        Verdict<MetadataDocument> verdict = Read(xml);

        verdict.Findings.Single().Code.ShouldBe("metadata-endpoint-address");
        verdict
            .Value!.Entities[0]
            .ServiceProvider!.AssertionConsumerServices.Select(e => e.Index)
            .ShouldBe([0, 2]);
    }

    [Theory]
    [InlineData("https://wiki.example.test/acs?a=b")]
    [InlineData("http://localhost:8081/acs")]
    [InlineData("http://127.0.0.1/acs")]
    [InlineData("http://[::1]:5000/acs")]
    [InlineData("http://wiki.localhost/acs")]
    public void Https_and_loopback_addresses_are_allowed(string location) =>
        EndpointAddress.IsAllowed(location).ShouldBeTrue();

    [Fact]
    public void A_service_provider_without_any_usable_endpoint_is_refused() =>
        RefusalOf(Good.Replace("https://wiki.example.test/a", "http://wiki.example.test/a"))
            .ShouldBe("metadata-endpoint-missing");

    [Theory]
    [Trait("Rule", "S3")]
    [InlineData("weak", "metadata-key-refused")]
    [InlineData("ec-k1", "metadata-key-refused")]
    public void A_weak_key_is_left_out_and_named(string key, string code)
    {
        Verdict<MetadataDocument> verdict = Read(
            WithSigningCertificate(Convert.ToBase64String(TestKeys.CertificateDer(key)))
        );

        verdict.Findings.Select(f => f.Code).ShouldBe([code]);
        verdict.Value!.Entities[0].ServiceProvider!.SigningCertificates.Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Rule", "S3")]
    public void A_signing_key_on_an_elliptic_curve_is_taken()
    {
        Verdict<MetadataDocument> verdict = Read(
            WithSigningCertificate(Convert.ToBase64String(TestKeys.CertificateDer("ec")))
        );

        verdict.Findings.ShouldBeEmpty();
        verdict
            .Value!.Entities[0]
            .ServiceProvider!.SigningCertificates[^1]
            .ToArray()
            .ShouldBe(TestKeys.CertificateDer("ec"));
    }

    [Theory]
    [InlineData("MIIBroken")]
    [InlineData("not base64!")]
    [InlineData("")]
    public void A_certificate_that_cannot_be_read_is_left_out_and_named(string certificate) =>
        Read(WithSigningCertificate(certificate))
            .Findings.Select(f => f.Code)
            .ShouldBe(["metadata-certificate-unreadable"]);

    [Fact]
    public void A_certificate_as_PEM_is_read_all_the_same() =>
        Read(WithSigningCertificate(TestData.Text("keys/test-only-idp.crt.pem")))
            .Findings.ShouldBeEmpty();

    [Fact]
    public void A_missing_index_is_given()
    {
        Verdict<MetadataDocument> verdict = Read(Good.Replace(" index=\"1\"", ""));

        verdict.Findings.ShouldBeEmpty();
        verdict
            .Value!.Entities[0]
            .ServiceProvider!.AssertionConsumerServices.Select(e => e.Index)
            .ShouldBe([0, 1, 2]);
    }

    [Theory]
    [InlineData("isRequired=\"true\"", "isRequired=\"yes\"", "value-malformed")]
    [InlineData("index=\"2\"", "index=\"70000\"", "value-malformed")]
    [InlineData("entityID", "cacheDuration=\"6 hours\" entityID", "value-malformed")]
    [InlineData("entityID", "validUntil=\"tomorrow\" entityID", "time-malformed")]
    public void A_malformed_value_is_named_with_its_place(
        string written,
        string changed,
        string code
    )
    {
        Finding finding = Read(Good.Replace(written, changed)).Findings.Single();

        finding.Code.ShouldBe(code);
        finding.At.ShouldNotBeNull();
    }

    // The second signing certificate of the sample.
    private static string WithSigningCertificate(string certificate) =>
        Good.Replace(Convert.ToBase64String(TestKeys.CertificateDer("test-only-idp")), certificate);

    private static string RefusalOf(string xml)
    {
        Verdict<MetadataDocument> verdict = Read(xml);
        verdict.Accepted.ShouldBeFalse();
        return verdict.Findings.First(f => f.Kind.Severity == Severity.Refusal).Code;
    }

    private static Verdict<MetadataDocument> Read(string xml) =>
        MetadataReader.Read(Encoding.UTF8.GetBytes(xml), Now);
}
