using System.Net;
using System.Web;
using Latchkey.Saml.AspNetCore.Tests.Fakes;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Saml.AspNetCore.Tests;

public sealed class ChallengeTests
{
    private readonly FakeIdentityProvider _idp = new();

    [Fact]
    [Trait("Rule", "S1-25")]
    public async Task A_page_for_users_only_sends_the_browser_to_the_identity_provider()
    {
        await using var app = await TestApplication.StartAsync(_idp);

        var request = await app.NewBrowser().BeginAsync("/private");

        request.Address.ShouldBe(_idp.SingleSignOnUrl);
        request.Issuer.ShouldBe(TestApplication.EntityId);
        request.AcsUrl.ShouldBe("https://app.example.test/signin-saml2");
        request.Attribute("ProtocolBinding").ShouldBe(SamlBindings.Post);
        request.Attribute("Destination").ShouldBe(_idp.SingleSignOnUrl);
        request.Signed.ShouldBeFalse();
    }

    [Fact, Trait("Rule", "P9")]
    public async Task P9_RelayState_is_a_handle_of_at_most_80_bytes_that_says_nothing()
    {
        await using var app = await TestApplication.StartAsync(_idp);

        var request = await app.NewBrowser().BeginAsync("/private?secret=of+the+application");

        request.RelayState.Length.ShouldBe(22);
    }

    [Fact, Trait("Rule", "P1")]
    public async Task P1_over_https_the_pending_cookie_comes_along_from_another_site_and_only_to_the_callback()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();

        await browser.BeginAsync();

        var cookie = browser.LastCookies.Single();
        cookie.SameSite.ShouldBe(SameSiteMode.None);
        cookie.Secure.ShouldBeTrue();
        cookie.HttpOnly.ShouldBeTrue();
        cookie.Path.ToString().ShouldBe("/signin-saml2");
    }

    [Fact, Trait("Rule", "P1")]
    public async Task P1_over_http_the_pending_cookie_has_neither_Secure_nor_SameSite()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser("http://127.0.0.1:8081");

        await browser.BeginAsync();

        var cookie = browser.LastCookies.Single();
        cookie.SameSite.ShouldBe(SameSiteMode.Unspecified);
        cookie.Secure.ShouldBeFalse();
    }

    [Fact]
    public async Task Behind_a_proxy_the_public_origin_decides_address_and_cookie()
    {
        await using var app = await TestApplication.StartAsync(
            _idp,
            o => o.PublicOrigin = "https://public.example.test"
        );
        var browser = app.NewBrowser("http://10.0.0.7:5000");

        var request = await browser.BeginAsync();

        request.AcsUrl.ShouldBe("https://public.example.test/signin-saml2");
        browser.LastCookies.Single().Secure.ShouldBeTrue();
    }

    [Fact]
    public async Task With_a_signing_key_the_request_is_signed()
    {
        using var key = SigningKey.Create(
            "App",
            TestApplication.Start,
            TestApplication.Start.AddYears(1)
        );
        await using var app = await TestApplication.StartAsync(_idp, o => o.SigningKey = key);

        var response = await app.NewBrowser().GetAsync("/private");

        var verdict = AuthnRequestValidator.Validate(
            IncomingMessage.FromRedirect(response.Headers.Location!.Query),
            new()
            {
                PeerEntityId = TestApplication.EntityId,
                Destination = _idp.SingleSignOnUrl,
                Keys = [VerificationKey.FromCertificate(key.Certificate.RawData)],
                RequireSignature = true,
                Now = app.Now,
            }
        );
        verdict.Findings.ShouldBeEmpty();
        verdict.Value!.Signed.ShouldBeTrue();
    }

    [Fact]
    public async Task The_wish_for_a_NameID_format_and_a_fresh_sign_in_is_in_the_request()
    {
        await using var app = await TestApplication.StartAsync(
            _idp,
            o =>
            {
                o.ForceAuthn = true;
                o.NameIdFormat = NameIdFormats.Persistent;
            }
        );

        var request = await app.NewBrowser().BeginAsync();

        request.Attribute("ForceAuthn").ShouldBe("true");
        request.Xml.ToString().ShouldContain(NameIdFormats.Persistent);
    }

    [Fact]
    public async Task An_event_can_change_the_request()
    {
        await using var app = await TestApplication.StartAsync(
            _idp,
            o =>
                o.Events.OnRedirectToIdentityProvider = context =>
                {
                    context.AuthnRequest = context.AuthnRequest with { IsPassive = true };
                    return Task.CompletedTask;
                }
        );

        var request = await app.NewBrowser().BeginAsync();

        request.Attribute("IsPassive").ShouldBe("true");
    }

    [Fact]
    public async Task An_event_can_answer_the_browser_itself()
    {
        await using var app = await TestApplication.StartAsync(
            _idp,
            o =>
                o.Events.OnRedirectToIdentityProvider = context =>
                {
                    context.Response.StatusCode = 418;
                    context.HandleResponse();
                    return Task.CompletedTask;
                }
        );
        var browser = app.NewBrowser();

        var response = await browser.GetAsync("/private");

        ((int)response.StatusCode).ShouldBe(418);
        browser.LastCookies.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("cors", HttpStatusCode.Unauthorized)]
    [InlineData("same-origin", HttpStatusCode.Unauthorized)]
    [InlineData("navigate", HttpStatusCode.Redirect)]
    public async Task A_script_gets_401_where_a_navigation_gets_the_redirect(
        string mode,
        HttpStatusCode expected
    )
    {
        await using var app = await TestApplication.StartAsync(_idp);

        var response = await app.NewBrowser().GetAsync("/private", ("Sec-Fetch-Mode", mode));

        response.StatusCode.ShouldBe(expected);
    }

    [Theory, Trait("Rule", "P9")]
    [InlineData("https://evil.example.test/")]
    [InlineData("//evil.example.test/")]
    [InlineData("/\\evil.example.test/")]
    [InlineData("/\t/evil.example.test/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://app.example.test.evil.example.test/")]
    [InlineData("https://app.example.test@evil.example.test/")]
    public async Task P9_a_return_address_elsewhere_becomes_the_start_page(string returnUrl)
    {
        await using var app = await TestApplication.StartAsync(_idp);

        var response = await app.NewBrowser()
            .SignInAsync(_idp, app.Now, "/challenge?returnUrl=" + HttpUtility.UrlEncode(returnUrl));

        response.Headers.Location!.OriginalString.ShouldBe("/");
    }

    [Theory, Trait("Rule", "P9")]
    [InlineData("/reports?year=1843#note-g", "/reports?year=1843#note-g")]
    [InlineData("https://app.example.test/reports", "/reports")]
    public async Task P9_a_return_address_here_is_kept(string returnUrl, string expected)
    {
        await using var app = await TestApplication.StartAsync(_idp);

        var response = await app.NewBrowser()
            .SignInAsync(_idp, app.Now, "/challenge?returnUrl=" + HttpUtility.UrlEncode(returnUrl));

        response.Headers.Location!.OriginalString.ShouldBe(expected);
    }
}
