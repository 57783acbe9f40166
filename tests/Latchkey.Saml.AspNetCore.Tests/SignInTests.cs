using System.Net;
using Latchkey.Saml.AspNetCore.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Saml.AspNetCore.Tests;

public sealed class SignInTests
{
    private readonly FakeIdentityProvider _idp = new();

    [Fact]
    public async Task A_user_signs_in_and_returns_to_the_page_they_wanted()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();

        var response = await browser.SignInAsync(_idp, app.Now, "/private?page=2");

        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        response.Headers.Location!.OriginalString.ShouldBe("/private?page=2");
        (await browser.ReadAsync("/private")).ShouldContain("ada@example.test");
    }

    [Fact]
    public async Task NameID_email_name_groups_and_other_attributes_become_claims_of_the_identity_provider()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();

        await browser.SignInAsync(_idp, app.Now);

        (await browser.ReadAsync("/"))
            .Split('\n')
            .ShouldBe([
                $"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier=ada@example.test ({_idp.EntityId})",
                $"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress=ada@example.test ({_idp.EntityId})",
                $"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name=Ada Lovelace ({_idp.EntityId})",
                $"groups=Engineering ({_idp.EntityId})",
                $"groups=Mathematics ({_idp.EntityId})",
                $"department=Research ({_idp.EntityId})",
                $"saml2:session_index=session-1 ({_idp.EntityId})",
                $"saml2:authn_context=urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport ({_idp.EntityId})",
            ]);
    }

    [Fact]
    public async Task A_group_is_a_role()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();

        await browser.SignInAsync(_idp, app.Now);

        (await browser.GetAsync("/engineering")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_session_at_the_identity_provider_stays_reachable_for_a_later_logout()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();

        await browser.SignInAsync(_idp, app.Now);

        var session = await browser.ReadAsync("/session");
        session.ShouldContain($"IdentityProvider = {_idp.EntityId}");
        session.ShouldContain("Value = ada@example.test");
        session.ShouldContain("nameid-format:emailAddress");
        session.ShouldContain("SessionIndex = session-1");
    }

    [Fact, Trait("Rule", "P6")]
    public async Task P6_the_end_of_the_session_at_the_identity_provider_ends_ours()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();
        var end = app.Now.AddMinutes(20);

        await browser.SignInAsync(
            _idp,
            app.Now,
            change: r => r with { Assertion = r.Assertion with { SessionNotOnOrAfter = end } }
        );
        var before = await browser.ReadAsync("/");
        app.Time.Advance(TimeSpan.FromMinutes(21));

        before.ShouldContain("ada@example.test");
        (await browser.ReadAsync("/")).ShouldBe("nobody");
    }

    [Fact]
    public async Task Two_tabs_can_sign_in_at_the_same_time()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();

        var first = await browser.BeginAsync("/private?tab=1");
        var second = await browser.BeginAsync("/private?tab=2");
        var secondAnswer = await browser.PostAsync(second.AcsUrl, _idp.Answer(second, app.Now));
        var firstAnswer = await browser.PostAsync(first.AcsUrl, _idp.Answer(first, app.Now));

        secondAnswer.Headers.Location!.OriginalString.ShouldBe("/private?tab=2");
        firstAnswer.Headers.Location!.OriginalString.ShouldBe("/private?tab=1");
    }

    [Fact]
    public async Task Over_plain_http_a_sign_in_works_too()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser("http://127.0.0.1:8081");

        var response = await browser.SignInAsync(_idp, app.Now);

        response.Headers.Location!.OriginalString.ShouldBe("/private");
    }

    [Fact]
    public async Task An_event_can_replace_the_principal_or_refuse_the_user()
    {
        await using var app = await TestApplication.StartAsync(
            _idp,
            o =>
                o.Events.OnAssertionValidated = context =>
                {
                    context.Fail("No account for this user.");
                    return Task.CompletedTask;
                }
        );
        var browser = app.NewBrowser();

        var response = await browser.SignInAsync(_idp, app.Now);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.ReadAsync("/")).ShouldBe("nobody");
    }

    [Fact]
    public async Task Two_schemes_have_their_own_paths_and_identity_providers()
    {
        var other = new FakeIdentityProvider("https://other.example.test/idp");
        await using var app = await TestApplication.StartAsync(authentication =>
            authentication
                .AddSaml2("corp", o => Set(o, _idp))
                .AddSaml2("partner", o => Set(o, other))
        );
        var browser = app.NewBrowser();

        var request = await browser.BeginAsync("/challenge?scheme=partner&returnUrl=/");
        var answer = await browser.PostAsync(request.AcsUrl, other.Answer(request, app.Now));

        request.Address.ShouldBe(other.SingleSignOnUrl);
        request.AcsUrl.ShouldBe("https://app.example.test/signin-saml2/partner");
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await browser.ReadAsync("/")).ShouldContain($"({other.EntityId})");
    }

    [Fact, Trait("Rule", "P1")]
    public async Task P1_an_answer_of_one_scheme_is_refused_at_the_other()
    {
        var other = new FakeIdentityProvider("https://other.example.test/idp");
        await using var app = await TestApplication.StartAsync(authentication =>
            authentication
                .AddSaml2("corp", o => Set(o, _idp))
                .AddSaml2("partner", o => Set(o, other))
        );
        var browser = app.NewBrowser();

        var request = await browser.BeginAsync("/challenge?scheme=partner&returnUrl=/");
        var answer = await browser.PostAsync("/signin-saml2/corp", other.Answer(request, app.Now));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static void Set(Saml2Options options, FakeIdentityProvider identityProvider)
    {
        options.EntityId = TestApplication.EntityId;
        options.IdentityProviderSource = TestApplication.Fixed(identityProvider);
    }
}
