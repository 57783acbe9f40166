using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Tests.Metadata;

/// <summary>Metadata that real entities published (<c>Data/metadata/README.md</c> has sources and licences).</summary>
public sealed class CapturedMetadataTests
{
    private static readonly DateTimeOffset Now = new(2018, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void OneLogin_as_identity_provider()
    {
        EntityDescriptor entity = Read("onelogin-idp.xml").ShouldHaveSingleItem();

        entity.EntityId.ShouldBe("https://app.onelogin.com/saml/metadata/383123");
        entity
            .IdentityProvider!.SingleSignOnServices.Select(service => service.Binding)
            .ShouldBe([SamlBindings.Redirect, SamlBindings.Post, SamlBindings.Soap]);
        entity.IdentityProvider.SigningCertificates.Count.ShouldBe(1);
        entity.Contacts.Select(contact => contact.SurName).ShouldBe(["Support"]);
    }

    [Fact]
    public void TestShib_with_both_of_its_providers()
    {
        IReadOnlyList<EntityDescriptor> entities = Read("testshib.xml");

        entities
            .Select(entity => entity.EntityId)
            .ShouldBe([
                "https://idp.testshib.org/idp/shibboleth",
                "https://sp.testshib.org/shibboleth-sp",
            ]);
        entities[0]
            .IdentityProvider!.Scopes.Select(scope => scope.Value)
            .ShouldBe(["testshib.org"]);
        entities[1]
            .ServiceProvider!.AssertionConsumerServices.Count(service =>
                service.Binding == SamlBindings.Post
            )
            .ShouldBe(2);
    }

    [Fact]
    public void A_university_of_SWAMID_with_its_categories_on_lines_of_their_own()
    {
        EntityDescriptor entity = Read("uppsala-sp.xml").ShouldHaveSingleItem();

        entity
            .EntityAttributes.ShouldHaveSingleItem()
            .Values.ShouldBe([
                "http://www.swamid.se/category/research-and-education",
                "http://refeds.org/category/research-and-scholarship",
                "http://www.swamid.se/category/hei-service",
            ]);
    }

    [Fact]
    public void The_need_of_a_lasting_identifier_is_read_from_an_indented_file()
    {
        string indented = Encoding
            .UTF8.GetString(TestData.Bytes("metadata/captured/uppsala-sp.xml"))
            .Replace(
                "</mdattr:EntityAttributes>",
                """
                <samla:Attribute xmlns:samla="urn:oasis:names:tc:SAML:2.0:assertion"
                    Name="urn:oasis:names:tc:SAML:profiles:subject-id:req">
                    <samla:AttributeValue>
                        pairwise-id
                    </samla:AttributeValue>
                </samla:Attribute></mdattr:EntityAttributes>
                """,
                StringComparison.Ordinal
            );

        MetadataReader
            .Read(Encoding.UTF8.GetBytes(indented), Now)
            .Value!.Entities.ShouldHaveSingleItem()
            .SubjectIdRequirement.ShouldBe(SubjectIdRequirement.PairwiseId);
    }

    private static IReadOnlyList<EntityDescriptor> Read(string file)
    {
        Verdict<MetadataDocument> verdict = MetadataReader.Read(
            TestData.Bytes("metadata/captured/" + file),
            Now
        );
        verdict.Findings.ShouldBeEmpty();
        return verdict.Value!.Entities;
    }
}
