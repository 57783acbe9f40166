using System.Net;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;

namespace Latchkey.Server.Tests.Applications;

public sealed class IdpMetadataTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "J-07")]
    [Trait("Rule", "J-19")]
    [Trait("Rule", "S2-25")]
    public async Task The_metadata_says_who_we_are_to_this_application()
    {
        var made = await host.AddAsync(host.Input() with { Active = true });
        var certificate = (await host.Queries.ActiveCertificateAsync(made.Id))!;

        var entity = await ReadAsync(made.Slug);

        entity.EntityId.ShouldBe(made.IdpEntityId);
        var role = entity.IdentityProvider!;
        role.SigningCertificates.Single().ToArray().ShouldBe(certificate.Certificate);
        role.NameIdFormats.ShouldBe([made.NameIdFormat]);
        role.SingleSignOnServices.Select(s => (s.Binding, s.Location))
            .ShouldBe([
                (SamlBindings.Redirect, $"https://id.example.test/saml2/{made.Slug}"),
                (SamlBindings.Post, $"https://id.example.test/saml2/{made.Slug}"),
            ]);
        role.SingleLogoutServices.Select(s => s.Binding)
            .ShouldBe([SamlBindings.Redirect, SamlBindings.Post, SamlBindings.Soap]);
        role.SingleLogoutServices.Select(s => s.Location)
            .Distinct()
            .ShouldBe([$"https://id.example.test/saml2/{made.Slug}/logout"]);
    }

    [Fact]
    [Trait("Rule", "J-18")]
    [Trait("Rule", "S2-15")]
    public async Task J_18_The_redirect_endpoint_can_be_left_out()
    {
        var made = await host.AddAsync(
            host.Input() with
            {
                Active = true,
                DeclareRedirectEndpoint = false,
            }
        );

        var role = (await ReadAsync(made.Slug)).IdentityProvider!;

        role.SingleSignOnServices.Single().Binding.ShouldBe(SamlBindings.Post);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signed_requests_are_wanted_where_they_are_demanded(bool demanded)
    {
        var made = await host.AddAsync(
            host.Input() with
            {
                Active = true,
                RequireSignedRequests = demanded,
                SpSigningCertificates = [TestData.Text("rsa-2048.pem")],
            }
        );

        var role = (await ReadAsync(made.Slug)).IdentityProvider!;

        role.WantAuthnRequestsSigned.ShouldBe(demanded);
    }

    [Fact]
    [Trait("Rule", "J-06")]
    [Trait("Rule", "S1-10")]
    [Trait("Rule", "S1-11")]
    public async Task J_06_The_metadata_can_be_had_as_a_file()
    {
        var made = await host.AddAsync(host.Input() with { Active = true });
        using var stranger = host.Stranger();

        var answer = await stranger.GetAsync($"/saml2/{made.Slug}/metadata?download=1", _stop);

        var type = answer.Content.Headers;
        type.ContentType!.MediaType.ShouldBe("application/samlmetadata+xml");
        type.ContentDisposition!.FileName.ShouldBe($"latchkey-{made.Slug}-metadata.xml");
    }

    [Fact]
    public async Task Before_activation_there_is_none()
    {
        var made = await host.AddAsync();
        using var stranger = host.Stranger();

        (await stranger.GetAsync($"/saml2/{made.Slug}/metadata", _stop)).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    public async Task I6_Certificates_are_for_administrators_and_no_download_is_a_key()
    {
        var made = await host.AddAsync(host.Input() with { Active = true });
        using var stranger = host.Stranger();

        var answer = await stranger.GetAsync(
            $"/admin/applications/{made.Id}/certificate.pem",
            _stop
        );

        answer.StatusCode.ShouldNotBe(HttpStatusCode.OK);
    }

    private async Task<EntityDescriptor> ReadAsync(string slug)
    {
        using var stranger = host.Stranger();
        var xml = await stranger.GetByteArrayAsync($"/saml2/{slug}/metadata", _stop);
        return MetadataReader.Read(xml, host.Clock.GetUtcNow()).Value!.Entities.Single();
    }
}
