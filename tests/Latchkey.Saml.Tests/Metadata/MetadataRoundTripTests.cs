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
                RequestedAttributes = [new RequestedAttribute(evil, evil, evil)],
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
                RequestedAttributes =
                [
                    new(
                        "urn:oid:0.9.2342.19200300.100.1.3",
                        AttributeNameFormats.Uri,
                        "mail",
                        IsRequired: true
                    ),
                    new("groups"),
                ],
            },
        };

    private static string AsJson(EntityDescriptor entity) => JsonSerializer.Serialize(entity);

    private static EntityDescriptor ReadBack(EntityDescriptor entity)
    {
        var verdict = MetadataReader.Read(MetadataWriter.Write(entity), Now);
        verdict.Findings.ShouldBeEmpty(Encoding.UTF8.GetString(MetadataWriter.Write(entity)));
        return verdict.Value!.Entities.ShouldHaveSingleItem();
    }
}
