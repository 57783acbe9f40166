using System.Text;
using System.Text.Json;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Metadata;

public sealed class MetadataRoundTripTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    [Fact]
    public void Identity_provider_metadata_is_the_same_byte_for_byte() =>
        MetadataWriter.Write(IdentityProvider).ShouldEqualGolden("golden/metadata-idp.xml");

    [Fact]
    public void Service_provider_metadata_is_the_same_byte_for_byte() =>
        MetadataWriter.Write(ServiceProvider).ShouldEqualGolden("golden/metadata-sp.xml");

    [Fact]
    public void Identity_provider_metadata_comes_back_as_it_was_written() =>
        AsJson(ReadBack(IdentityProvider)).ShouldBe(AsJson(IdentityProvider));

    [Fact]
    public void Service_provider_metadata_comes_back_as_it_was_written() =>
        AsJson(ReadBack(ServiceProvider)).ShouldBe(AsJson(ServiceProvider));

    [Fact]
    public void Everything_that_metadata_can_say_comes_back_as_it_was_written() =>
        AsJson(ReadBack(Everything)).ShouldBe(AsJson(Everything));

    [Fact]
    public void Metadata_with_everything_is_the_same_byte_for_byte() =>
        MetadataWriter.Write(Everything).ShouldEqualGolden("golden/metadata-everything.xml");

    [Fact]
    public void The_default_set_of_attributes_is_the_one_marked_so() =>
        Everything
            .ServiceProvider!.RequestedAttributes.Select(attribute => attribute.FriendlyName)
            .ShouldBe(["eduPersonAffiliation"]);

    [Theory]
    [InlineData(SubjectIdRequirement.SubjectId)]
    [InlineData(SubjectIdRequirement.PairwiseId)]
    [InlineData(SubjectIdRequirement.None)]
    [InlineData(SubjectIdRequirement.Any)]
    [Trait("Requirement", "SDP-SP15")]
    public void The_need_of_a_lasting_identifier_is_signalled(SubjectIdRequirement requirement) =>
        ReadBack(
            ServiceProvider with
            {
                EntityAttributes = [SubjectIdRequirements.Attribute(requirement)],
            }
        )
            .SubjectIdRequirement.ShouldBe(requirement);

    [Fact]
    public void A_keyword_with_a_plus_sign_is_not_written() =>
        Should.Throw<ArgumentException>(() =>
            MetadataWriter.Write(
                ServiceProvider with
                {
                    ServiceProvider = ServiceProvider.ServiceProvider! with
                    {
                        UiInfo = new UiInfo { Keywords = [new("en", ["C++"])] },
                    },
                }
            )
        );

    [Theory]
    [Trait("Rule", "I3")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("//elsewhere")]
    public void An_address_for_people_that_is_no_web_address_is_passed_over(string url)
    {
        ServiceProviderRole role = ReadBack(
            ServiceProvider with
            {
                ServiceProvider = ServiceProvider.ServiceProvider! with
                {
                    ErrorUrl = url,
                    UiInfo = new UiInfo
                    {
                        InformationUrls = [new("en", url)],
                        PrivacyStatementUrls = [new("en", url)],
                    },
                },
            }
        ).ServiceProvider!;

        (
            role.ErrorUrl,
            role.UiInfo.InformationUrls.Count + role.UiInfo.PrivacyStatementUrls.Count
        ).ShouldBe((null, 0));
    }

    [Fact]
    public void An_entity_without_a_role_is_not_written() =>
        Should.Throw<ArgumentException>(() =>
            MetadataWriter.Write(new EntityDescriptor { EntityId = "https://x.example.test" })
        );

    [Fact]
    [Trait("Rule", "I4")]
    public void Markup_in_any_value_comes_back_as_text()
    {
        const string evil = "</md:EntityDescriptor><!--\"'&<>]]>";
        EntityDescriptor entity = ServiceProvider with
        {
            EntityId = evil,
            Organization = new Organization(evil, evil, evil),
            ServiceProvider = ServiceProvider.ServiceProvider! with
            {
                NameIdFormats = [evil],
                UiInfo = new UiInfo { DisplayNames = [new LocalizedText("en", evil)] },
                AttributeConsumingServices =
                [
                    new AttributeConsumingService(
                        0,
                        [new RequestedAttribute(evil, evil, evil) { Values = [evil] }]
                    )
                    {
                        Names = [new LocalizedText("en", evil)],
                    },
                ],
            },
        };

        AsJson(ReadBack(entity)).ShouldBe(AsJson(entity));
    }

    internal static EntityDescriptor IdentityProvider { get; } =
        new()
        {
            EntityId = "https://id.example.test/saml2/wiki",
            ValidUntil = Now.AddDays(14),
            CacheDuration = TimeSpan.FromHours(6),
            Organization = new Organization("Example", "Example & Söhne", "https://example.test"),
            IdentityProvider = new IdentityProviderRole
            {
                WantAuthnRequestsSigned = true,
                SigningCertificates = [TestKeys.CertificateDer("test-only-idp")],
                NameIdFormats = [NameIdFormats.EmailAddress, NameIdFormats.Persistent],
                SingleSignOnServices =
                [
                    new(SamlBindings.Redirect, "https://id.example.test/saml2/wiki"),
                    new(SamlBindings.Post, "https://id.example.test/saml2/wiki"),
                ],
                SingleLogoutServices =
                [
                    new(
                        SamlBindings.Redirect,
                        "https://id.example.test/saml2/wiki/logout?a=1&b=2",
                        "https://id.example.test/saml2/wiki/logged-out"
                    ),
                ],
                UiInfo = new UiInfo
                {
                    DisplayNames = [new("en", "Example"), new("de", "Beispiel")],
                    Descriptions = [new("en", "Signs people in")],
                    Logos =
                    [
                        new("https://id.example.test/logo.png", 80, 60, "en"),
                        new("data:image/png;base64,iVBORw0KGgo=", 16, 16),
                    ],
                },
            },
        };

    internal static EntityDescriptor ServiceProvider { get; } =
        new()
        {
            EntityId = "https://wiki.example.test/metadata",
            ServiceProvider = new ServiceProviderRole
            {
                AuthnRequestsSigned = true,
                WantAssertionsSigned = true,
                SigningCertificates =
                [
                    TestKeys.CertificateDer("test-only-sp"),
                    TestKeys.CertificateDer("test-only-idp"),
                ],
                EncryptionCertificates = [TestKeys.CertificateDer("test-only-sp")],
                NameIdFormats = [NameIdFormats.Transient],
                AssertionConsumerServices =
                [
                    new(SamlBindings.Post, "https://wiki.example.test/acs", 0),
                    new(SamlBindings.Post, "https://wiki.example.test/acs2", 1, IsDefault: true),
                    new(
                        SamlBindings.Artifact,
                        "https://wiki.example.test/art",
                        2,
                        IsDefault: false
                    ),
                ],
                AttributeConsumingServices =
                [
                    new(
                        0,
                        [
                            new(
                                "urn:oid:0.9.2342.19200300.100.1.3",
                                AttributeNameFormats.Uri,
                                "mail",
                                IsRequired: true
                            ),
                            new("groups"),
                        ]
                    )
                    {
                        IsDefault = true,
                        Names = [new("en", "https://wiki.example.test/metadata")],
                    },
                ],
            },
        };

    internal static EntityDescriptor Everything { get; } =
        new()
        {
            EntityId = "https://both.example.test",
            ValidUntil = Now.AddDays(14),
            CacheDuration = TimeSpan.FromHours(6),
            EntityAttributes =
            [
                new(
                    "http://macedir.org/entity-category",
                    ["http://refeds.org/category/research-and-scholarship"],
                    AttributeNameFormats.Uri
                ),
                SubjectIdRequirements.Attribute(SubjectIdRequirement.PairwiseId),
            ],
            Algorithms = Algorithms,
            Scopes = [new("example.test"), new("^.+\\.example\\.test$", IsRegularExpression: true)],
            Organization = new Organization
            {
                Names = [new("en", "Example Ltd"), new("de", "Beispiel GmbH")],
                DisplayNames = [new("en", "Example"), new("de", "Beispiel")],
                Urls = [new("en", "https://example.test/en"), new("de", "https://example.test/de")],
            },
            Contacts =
            [
                new(ContactType.Technical)
                {
                    Company = "Example Ltd",
                    GivenName = "Ada",
                    SurName = "Lovelace",
                    EmailAddresses = ["mailto:ada@example.test", "mailto:sso@example.test"],
                    TelephoneNumbers = ["+44 1632 960000"],
                },
                new(ContactType.Support) { EmailAddresses = ["mailto:help@example.test"] },
                new(ContactType.Administrative) { GivenName = "Charles" },
                new(ContactType.Billing) { Company = "Example Ltd" },
                new(ContactType.Other) { SurName = "Babbage" },
            ],
            IdentityProvider = IdentityProvider.IdentityProvider! with
            {
                ErrorUrl = "https://both.example.test/error",
                Scopes = [new("both.example.test")],
                ArtifactResolutionServices =
                [
                    new(SamlBindings.Soap, "https://both.example.test/artifacts", 0, true),
                ],
            },
            ServiceProvider = ServiceProvider.ServiceProvider! with
            {
                ErrorUrl = "https://both.example.test/sp-error",
                Algorithms = Algorithms,
                EncryptionMethods =
                [
                    new("http://www.w3.org/2009/xmlenc11#aes256-gcm"),
                    new("http://www.w3.org/2001/04/xmlenc#aes128-cbc", KeySize: 128),
                    new(
                        "http://www.w3.org/2009/xmlenc11#rsa-oaep",
                        DigestMethod: "http://www.w3.org/2001/04/xmlenc#sha256",
                        MaskGeneration: "http://www.w3.org/2009/xmlenc11#mgf1sha256"
                    ),
                ],
                UiInfo = new UiInfo
                {
                    DisplayNames = [new("en", "Wiki")],
                    Descriptions = [new("en", "Pages for everybody")],
                    Keywords = [new("en", ["wiki", "knowledge base"]), new("de", ["Wissen"])],
                    Logos = [new("https://both.example.test/logo.png", 80, 60)],
                    InformationUrls = [new("en", "https://both.example.test/about")],
                    PrivacyStatementUrls = [new("en", "https://both.example.test/privacy")],
                },
                AttributeConsumingServices =
                [
                    ServiceProvider.ServiceProvider!.AttributeConsumingServices[0] with
                    {
                        IsDefault = false,
                    },
                    new(
                        7,
                        [
                            new(
                                "urn:oid:1.3.6.1.4.1.5923.1.1.1.1",
                                AttributeNameFormats.Uri,
                                "eduPersonAffiliation"
                            )
                            {
                                Values = ["member", "staff"],
                            },
                        ]
                    )
                    {
                        IsDefault = true,
                        Names = [new("en", "Wiki"), new("de", "Wiki auf Deutsch")],
                        Descriptions = [new("en", "For members")],
                    },
                ],
            },
        };

    private static AlgorithmSupport Algorithms =>
        new()
        {
            DigestMethods =
            [
                "http://www.w3.org/2001/04/xmlenc#sha512",
                "http://www.w3.org/2001/04/xmlenc#sha256",
            ],
            SigningMethods =
            [
                new("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"),
                new("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", 2048, 4096),
            ],
        };

    private static string AsJson(EntityDescriptor entity) => JsonSerializer.Serialize(entity);

    private static EntityDescriptor ReadBack(EntityDescriptor entity)
    {
        var verdict = MetadataReader.Read(MetadataWriter.Write(entity), Now);
        verdict.Findings.ShouldBeEmpty(Encoding.UTF8.GetString(MetadataWriter.Write(entity)));
        return verdict.Value!.Entities.ShouldHaveSingleItem();
    }
}
