using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;

namespace Latchkey.Server.Tests.Applications;

/// <summary>Every refusal has a stable code and names the field.</summary>
public sealed class ApplicationRulesTests
{
    private static readonly ApplicationInput Good = new()
    {
        Label = "Wiki",
        SpEntityId = "urn:example:wiki",
        AcsEndpoints = ApplicationInput.AcsFrom(["https://wiki.example.test/acs"]),
    };

    [Theory]
    [InlineData("https://a.example.test/acs?x=1&y=a+b!c")]
    [InlineData("https://a.example.test:8443/acs")]
    [InlineData("http://127.0.0.1:35001")]
    [InlineData("http://localhost:8081/signin-saml2")]
    [InlineData("http://[::1]/acs")]
    public void K_02_Addresses_of_real_service_providers_are_kept_as_they_are(string url) =>
        EndpointUrl.Fault(url).ShouldBeNull();

    [Theory]
    [InlineData("", "url-empty")]
    [InlineData("wiki.example.test/acs", "url-not-absolute")]
    [InlineData("javascript:alert(1)", "url-scheme")]
    [InlineData("data:text/html,x", "url-scheme")]
    [InlineData("ftp://a.example.test/acs", "url-scheme")]
    [InlineData("http://a.example.test/acs", "url-not-https")]
    [InlineData("http://localhost.example.test/acs", "url-not-https")]
    [InlineData("https://user:secret@a.example.test/acs", "url-credentials")]
    [InlineData("https://@a.example.test/acs", "url-credentials")]
    [InlineData("https://a.example.test/acs#part", "url-fragment")]
    [InlineData("https://a.example.test/a cs", "url-characters")]
    [InlineData(" https://a.example.test/acs", "url-characters")]
    [InlineData("https://a.example.test\\@evil.example.test/", "url-characters")]
    [InlineData("https://a.example.test/\r\nX: y", "url-characters")]
    public void I3_Other_addresses_are_refused(string url, string code) =>
        EndpointUrl.Fault(url).ShouldBe(code);

    [Fact]
    public void K_01_An_entity_ID_need_not_be_an_address() =>
        Refusals(Good with { SpEntityId = "AppGate Client" }).ShouldBeEmpty();

    [Fact]
    public void An_entity_ID_with_a_space_at_its_end_is_refused() =>
        Refusals(Good with { SpEntityId = "urn:example:wiki " })
            .ShouldBe(["entity-id-spaces @ sp_entity_id"]);

    [Fact]
    [Trait("Rule", "J-01")]
    public void Everything_that_is_missing_is_named_at_once() =>
        Refusals(new ApplicationInput())
            .ShouldBe([
                "label-empty @ label",
                "entity-id-empty @ sp_entity_id",
                "acs-missing @ acs_urls",
            ]);

    [Fact]
    public void A_bad_address_is_named_by_its_place() =>
        Refusals(
                Good with
                {
                    AcsEndpoints = ApplicationInput.AcsFrom([
                        "https://a.example.test/acs",
                        "http://b.example.test/acs",
                        "https://a.example.test/acs",
                    ]),
                }
            )
            .ShouldBe(["url-not-https @ acs_urls[1]", "acs-twice @ acs_urls[2]"]);

    [Fact]
    public void Two_default_addresses_and_two_equal_indices_are_refused() =>
        Refusals(
                Good with
                {
                    AcsEndpoints =
                    [
                        new IndexedEndpoint(SamlBindings.Post, "https://a.example.test/1", 0, true),
                        new IndexedEndpoint(SamlBindings.Post, "https://a.example.test/2", 0, true),
                    ],
                }
            )
            .ShouldBe(["acs-index-twice @ acs_urls[1]", "acs-defaults @ acs_urls"]);

    [Fact]
    public void J_28_A_certificate_is_read_when_it_is_saved() =>
        Refusals(Good with { SpSigningCertificates = ["not a certificate"] })
            .ShouldBe(["certificate-unreadable @ sp_signing_certificates[0]"]);

    [Fact]
    public void S3_A_short_RSA_key_is_refused() =>
        Refusals(Good with { SpSigningCertificates = [TestData.Text("rsa-1024.pem")] })
            .ShouldBe(["certificate-key-short @ sp_signing_certificates[0]"]);

    [Fact]
    [Trait("Rule", "J-28")]
    public void A_key_that_nothing_can_be_encrypted_to_is_refused_where_assertions_are_encrypted() =>
        Refusals(Good with { SpEncryptionCertificates = [TestData.Text("ec-p256.pem")] })
            .ShouldBe(["certificate-not-rsa @ sp_encryption_certificates[0]"]);

    [Fact]
    public void I2_Demanding_signed_requests_needs_a_certificate() =>
        Refusals(Good with { RequireSignedRequests = true })
            .ShouldBe(["signed-requests-without-certificate @ require_signed_requests"]);

    [Fact]
    public void Attribute_rows_are_refused_one_by_one() =>
        Refusals(
                Good with
                {
                    NameIdSource = "shoe size",
                    Attributes =
                    [
                        new("mail", AttributeKind.User, "email"),
                        new("mail", AttributeKind.User, "custom:"),
                        new("", AttributeKind.Constant, ""),
                        new("g", AttributeKind.Groups, null, "no uri"),
                    ],
                }
            )
            .ShouldBe([
                "attribute-source-unknown @ name_id.source",
                "attribute-name-twice @ attributes[1].name",
                "attribute-source-unknown @ attributes[1].value",
                "attribute-name-empty @ attributes[2].name",
                "attribute-constant-empty @ attributes[2].value",
                "attribute-name-format-unknown @ attributes[3].name_format",
            ]);

    [Theory]
    [InlineData("https://stranger.example.test/logo.png")]
    [InlineData("data:image/svg+xml;base64,PHN2Zy8+")]
    [InlineData("data:image/png;base64,***")]
    public void A_logo_that_is_no_picture_of_its_own_is_refused(string logo) =>
        Refusals(Good with { Logo = logo }).ShouldBe(["logo-not-data @ logo"]);

    [Theory]
    [InlineData("Wiki")]
    [InlineData("-wiki")]
    [InlineData("wi--ki")]
    [InlineData("wi/ki")]
    [InlineData("")]
    public void A_short_name_that_is_no_part_of_an_address_is_refused(string slug) =>
        ApplicationSlug.IsValid(slug).ShouldBeFalse();

    private static string[] Refusals(ApplicationInput input)
    {
        var application = new Application
        {
            Slug = "wiki",
            Label = "",
            IdpEntityId = "https://id.example.test/saml2/wiki",
            SpEntityId = "",
            CreatedAt = default,
            UpdatedAt = default,
        };
        return
        [
            .. ApplicationRules.Fill(application, input, true).Select(p => $"{p.Code} @ {p.Where}"),
        ];
    }
}
