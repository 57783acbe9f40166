using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Metadata;

/// <summary>Metadata in the shapes that real products publish.</summary>
public sealed class ProductMetadataTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    [Fact]
    public void Mod_auth_mellon_with_line_breaks_in_its_certificates()
    {
        ServiceProviderRole role = One("mod-auth-mellon-sp.xml").ServiceProvider!;

        role.AuthnRequestsSigned.ShouldBeTrue();
        role.WantAssertionsSigned.ShouldBeTrue();
        role.SigningCertificates.Single()
            .ToArray()
            .ShouldBe(TestKeys.CertificateDer("test-only-sp"));
        role.EncryptionCertificates.Count.ShouldBe(1);
        role.NameIdFormats.ShouldBe([NameIdFormats.Transient]);
        role.AssertionConsumerServices.Select(e => e.Index).ShouldBe([0, 1, 2]);
        role.AssertionConsumerServices[0].IsDefault.ShouldBe(true);
        role.SingleLogoutServices.Select(e => e.Binding)
            .ShouldBe([SamlBindings.Soap, SamlBindings.Redirect]);
    }

    [Fact]
    public void Node_saml_on_loopback_by_plain_http()
    {
        EntityDescriptor entity = One("node-saml-sp.xml");

        entity.EntityId.ShouldBe("node-express-app");
        entity
            .ServiceProvider!.AssertionConsumerServices.Single()
            .Location.ShouldBe("http://127.0.0.1:18601/login/callback");
    }

    [Fact]
    [Trait("Requirement", "IIP-MD11")]
    public void Shibboleth_with_extensions_everywhere_and_a_key_for_both_uses()
    {
        EntityDescriptor entity = One("shibboleth-sp.xml");
        ServiceProviderRole role = entity.ServiceProvider!;

        role.SigningCertificates.Single()
            .ToArray()
            .ShouldBe(TestKeys.CertificateDer("test-only-sp"));
        role.EncryptionCertificates.Single()
            .ToArray()
            .ShouldBe(TestKeys.CertificateDer("test-only-sp"));
        role.UiInfo.DisplayNames.ShouldBe([new("en", "Library"), new("de", "Bücherei")]);
        role.UiInfo.Descriptions.ShouldBe([new("en", "Books & journals")]);
        role.UiInfo.Logos.ShouldBe([new("https://shib.example.test/logo.png", 80, 60)]);
        role.RequestedAttributes.Select(a => (a.FriendlyName, a.IsRequired))
            .ShouldBe([("mail", true), ("eduPersonAffiliation", false)]);
        entity.OrganizationDisplayName.ShouldBe("Example University Library");
    }

    [Fact]
    public void Aws_with_required_attributes()
    {
        EntityDescriptor entity = One("aws-sp.xml");

        entity.EntityId.ShouldBe("urn:amazon:webservices");
        entity.ValidUntil.ShouldBe(new DateTimeOffset(2027, 3, 14, 0, 0, 0, TimeSpan.Zero));
        entity
            .ServiceProvider!.RequestedAttributes.Select(a => a.Name)
            .ShouldBe([
                "https://aws.amazon.com/SAML/Attributes/Role",
                "https://aws.amazon.com/SAML/Attributes/RoleSessionName",
            ]);
    }

    [Fact]
    public void Okta_as_identity_provider()
    {
        EntityDescriptor entity = One("okta-idp.xml");

        entity.ServiceProvider.ShouldBeNull();
        entity.IdentityProvider!.WantAuthnRequestsSigned.ShouldBeFalse();
        entity
            .IdentityProvider.SingleSignOnServices.Select(e => e.Binding)
            .ShouldBe([SamlBindings.Post, SamlBindings.Redirect]);
        entity
            .IdentityProvider.SigningCertificates.Single()
            .ToArray()
            .ShouldBe(TestKeys.CertificateDer("test-only-idp"));
    }

    [Fact]
    public void AD_FS_with_both_roles_and_federation_roles_beside_them()
    {
        EntityDescriptor entity = One("adfs-idp.xml");

        entity.ServiceProvider.ShouldNotBeNull();
        entity.IdentityProvider!.SigningCertificates.Count.ShouldBe(2);
        entity.IdentityProvider.EncryptionCertificates.Count.ShouldBe(1);
    }

    [Fact]
    public void A_federation_gives_a_choice_and_says_what_it_left_out()
    {
        Verdict<MetadataDocument> verdict = Read("federation.xml");

        verdict
            .Value!.Entities.Select(e => e.EntityId)
            .ShouldBe(["https://one.example.test/idp", "https://two.example.test/sp"]);
        verdict
            .Findings.Select(f => (f.Code, f.Found))
            .ShouldBe([
                ("metadata-entity-left-out", "https://old.example.test/sp"),
                ("metadata-entity-left-out", "https://saml1.example.test/idp"),
            ]);
    }

    [Fact]
    public void The_strictest_validity_of_an_entity_and_what_is_around_it_holds()
    {
        IReadOnlyList<EntityDescriptor> entities = Read("federation.xml").Value!.Entities;

        entities[0].ValidUntil.ShouldBe(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero));
        entities[1].ValidUntil.ShouldBe(new DateTimeOffset(2026, 3, 20, 0, 0, 0, TimeSpan.Zero));
        entities[1].CacheDuration.ShouldBe(TimeSpan.FromHours(6));
    }

    private static EntityDescriptor One(string file)
    {
        Verdict<MetadataDocument> verdict = Read(file);
        verdict.Findings.ShouldBeEmpty();
        return verdict.Value!.Entities.ShouldHaveSingleItem();
    }

    private static Verdict<MetadataDocument> Read(string file) =>
        MetadataReader.Read(TestData.Bytes("metadata/" + file), Now);
}
