using System.Text;
using Latchkey.Saml.AspNetCore.Tests.Fakes;
using Latchkey.Saml.Issuing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Latchkey.Saml.AspNetCore.Tests;

public sealed class ConfigurationTests
{
    private readonly FakeIdentityProvider _idp = new();

    [Fact]
    public async Task Everything_can_be_said_in_configuration()
    {
        await using var app = await TestApplication.StartAsync(
            a => a.AddSaml2(),
            configuration:
            [
                Row("EntityId", "https://app.example.test"),
                Row("IdpEntityId", _idp.EntityId),
                Row("IdpSingleSignOnUrl", _idp.SingleSignOnUrl),
                Row("IdpCertificates:0", Convert.ToBase64String(_idp.Key.Certificate.RawData)),
                Row("AllowUnsolicited", "true"),
                Row("RequiredSignatures", "AssertionAndResponse"),
                Row("ClockSkew", "00:01:00"),
                Row("CallbackPath", "/acs"),
                Row("ClaimMappings:0:Attribute", "mail"),
                Row("ClaimMappings:0:ClaimType", "email"),
                Row("ClaimMappings:0:Required", "true"),
            ]
        );

        var options = app.Services.GetRequiredService<IOptionsMonitor<Saml2Options>>().Get("Saml2");

        options.AllowUnsolicited.ShouldBeTrue();
        options.RequiredSignatures.ShouldBe(SignedParts.AssertionAndResponse);
        options.ClockSkew.ShouldBe(TimeSpan.FromMinutes(1));
        options.ClaimMappings.ShouldBe([new("mail", "email", Required: true)]);
        (await app.NewBrowser().BeginAsync()).AcsUrl.ShouldBe("https://app.example.test/acs");
    }

    [Fact]
    public async Task Metadata_can_be_given_as_XML_and_the_entity_ID_follows_from_the_public_origin()
    {
        await using var app = await TestApplication.StartAsync(a =>
            a.AddSaml2(o =>
            {
                o.PublicOrigin = "https://app.example.test/";
                o.IdpMetadata = Encoding.UTF8.GetString(_idp.Metadata());
            })
        );

        var request = await app.NewBrowser().BeginAsync();

        request.Issuer.ShouldBe("https://app.example.test/saml2/metadata");
        request.Address.ShouldBe(_idp.SingleSignOnUrl);
    }

    [Fact]
    public async Task Metadata_can_be_a_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, _idp.Metadata(), TestContext.Current.CancellationToken);
        await using var app = await TestApplication.StartAsync(a =>
            a.AddSaml2(o =>
            {
                o.EntityId = TestApplication.EntityId;
                o.IdpMetadata = file;
            })
        );

        (await app.NewBrowser().BeginAsync()).Address.ShouldBe(_idp.SingleSignOnUrl);
        File.Delete(file);
    }

    [Fact]
    public async Task A_wish_of_the_identity_provider_for_signed_requests_is_logged_when_there_is_no_key()
    {
        var strict = new FakeIdentityProvider { WantAuthnRequestsSigned = true };
        await using var app = await TestApplication.StartAsync(a =>
            a.AddSaml2(o =>
            {
                o.EntityId = TestApplication.EntityId;
                o.IdpMetadata = Encoding.UTF8.GetString(strict.Metadata());
            })
        );

        await app.NewBrowser().BeginAsync();

        app.Log.Lines.ShouldContain(l =>
            l.StartsWith("SignedRequestsWanted", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("EntityId", "", "EntityId is missing")]
    [InlineData("IdpMetadata", "", "IdpMetadata is missing")]
    [InlineData(
        "IdpMetadata",
        "http://id.example.test/metadata",
        "IdpMetadata is 'http://id.example.test/metadata'"
    )]
    [InlineData("IdpMetadata", "./nothing-here.xml", "which does not exist")]
    [InlineData("IdpMetadata", "<html/>", "IdpMetadata cannot be used")]
    [InlineData("ClockSkew", "01:00:00", "ClockSkew is 01:00:00")]
    [InlineData("ClockSkew", "soon", "ClockSkew is 'soon'")]
    [InlineData("AllowUnsolicited", "maybe", "AllowUnsolicited is 'maybe'")]
    [InlineData("AllowUnsolicted", "false", "AllowUnsolicted is not known")]
    [InlineData("RequiredSignatures", "None", "RequiredSignatures is 'None'")]
    [InlineData(
        "PublicOrigin",
        "https://app.example.test/path",
        "PublicOrigin is 'https://app.example.test/path'"
    )]
    [InlineData("CallbackPath", "signin", "CallbackPath is 'signin'")]
    [InlineData("SigningKeyFile", "./nothing-here.pem", "SigningKeyFile is './nothing-here.pem'")]
    public async Task A_wrong_setting_stops_the_start_with_a_sentence_that_names_it(
        string key,
        string value,
        string expected
    )
    {
        var rows = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["EntityId"] = TestApplication.EntityId,
            ["IdpMetadata"] = "https://id.example.test/metadata",
            [key] = value,
        };

        var failure = await Should.ThrowAsync<OptionsValidationException>(() =>
            TestApplication.StartAsync(
                a => a.AddSaml2(),
                configuration: [.. rows.Select(r => Row(r.Key, r.Value))]
            )
        );

        failure.Message.ShouldStartWith($"Authentication:Schemes:Saml2:{key} ");
        failure.Message.ShouldContain(expected);
    }

    [Fact]
    public async Task A_certificate_that_is_none_is_named()
    {
        var failure = await Should.ThrowAsync<OptionsValidationException>(() =>
            TestApplication.StartAsync(a =>
                a.AddSaml2(o =>
                {
                    o.EntityId = TestApplication.EntityId;
                    o.IdpEntityId = _idp.EntityId;
                    o.IdpSingleSignOnUrl = _idp.SingleSignOnUrl;
                    o.IdpCertificates.Add("bm8=");
                })
            )
        );

        failure.Message.ShouldContain("Authentication:Schemes:Saml2:IdpCertificates:0");
    }

    [Fact]
    public async Task Two_schemes_on_one_path_stop_the_start()
    {
        var failure = await Should.ThrowAsync<OptionsValidationException>(() =>
            TestApplication.StartAsync(a =>
                a.AddSaml2("corp", o => Set(o)).AddSaml2("partner", o => Set(o))
            )
        );

        failure.Message.ShouldContain("Authentication:Schemes:partner:CallbackPath is '/acs'");

        void Set(Saml2Options o)
        {
            o.EntityId = TestApplication.EntityId;
            o.CallbackPath = "/acs";
            o.IdentityProviderSource = TestApplication.Fixed(_idp);
        }
    }

    private static (string, string) Row(string key, string value) =>
        ($"Authentication:Schemes:Saml2:{key}", value);
}
