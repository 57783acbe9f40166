using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Applications.Pages;
using Latchkey.Server.Settings;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>The guide of an application made of a connector: this organization's values stand in it.</summary>
public sealed class GuideTests(SqliteIdentityProvider host) : IClassFixture<SqliteIdentityProvider>
{
    private static readonly ShownCertificate s_certificate = new(
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "AAAA",
        "01:02",
        "03:04",
        DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch,
        1
    );

    public static TheoryData<string> Slugs => ShippedConnectors.Slugs;

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Every_token_and_variable_is_filled(string slug)
    {
        var guide = Guide(slug);
        guide
            .Steps.SelectMany(s => s.Values)
            .Where(v =>
                string.IsNullOrEmpty(v.Value) || v.Value.Contains('{', StringComparison.Ordinal)
            )
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Every_word_of_our_pages_that_it_names_is_there(string slug)
    {
        var guide = ShippedConnectors.Get(slug).Guide;
        var texts = host.Service<ITexts>();
        guide
            .Steps.Select(s => s.Text)
            .Concat(guide.Before)
            .Concat(guide.Notes)
            .SelectMany(GuideMarkup.Keys)
            .Where(key => !texts.Has(key))
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("zendesk", "03:04")]
    [InlineData("gitlab", "01:02")]
    [InlineData("snowflake", "AAAA")]
    [InlineData("truefoundry", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData(
        "argo-cd",
        "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFBQUEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo="
    )]
    [Trait("Rule", "K-07")]
    [Trait("Rule", "S0-15")]
    public void The_certificate_is_shown_in_the_form_that_is_wanted(string slug, string text) =>
        Guide(slug).CertificateWanted("Certificate").Value.ShouldBe(text);

    private ApplicationGuide Guide(string slug)
    {
        var connector = ShippedConnectors.Get(slug);
        var input = ConnectorVariables
            .Fill(connector, ConnectorVariables.Examples(connector))
            .Value!;
        var application = new Application
        {
            Slug = slug,
            Label = connector.Name,
            IdpEntityId = $"https://id.example.test/saml2/{slug}",
            SpEntityId = "",
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        };
        ApplicationRules.Fill(application, input, creating: true).ShouldBeEmpty();
        return new ApplicationGuide(
            application,
            connector,
            s_certificate,
            host.Service<ServerOptions>()
        );
    }
}
