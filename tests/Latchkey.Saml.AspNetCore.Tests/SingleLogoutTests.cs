using System.Net;
using Latchkey.Saml.AspNetCore.Tests.Fakes;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using StatusCodes = Latchkey.Saml.Protocol.StatusCodes;

namespace Latchkey.Saml.AspNetCore.Tests;

public sealed class SingleLogoutTests : IAsyncLifetime
{
    private readonly FakeIdentityProvider _idp = new();
    private readonly SigningKey _key = SigningKey.Create(
        "App",
        TestApplication.Start.AddYears(-1),
        TestApplication.Start.AddYears(1)
    );
    private readonly List<string> _happened = [];
    private LogoutMessages _messages = null!;
    private TestApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        _messages = new LogoutMessages(_idp, _key);
        _app = await TestApplication.StartAsync(
            _idp,
            o =>
            {
                o.SigningKey = _key;
                o.Events.OnRedirectForSignOut = c =>
                    Note($"leaves for {c.IdentityProvider.EntityId}");
                o.Events.OnRemoteSignOut = c =>
                    Note($"told of {c.LogoutRequest.NameId.Value}, here {c.Session?.SessionIndex}");
                o.Events.OnSignedOut = c => Note($"back, partial {c.Status.IsPartialLogout}");
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    [Trait("Rule", "U-23")]
    public async Task A_sign_out_ends_the_sign_in_here_and_then_asks_the_identity_provider()
    {
        var browser = await SignedInAsync();
        var response = await browser.GetAsync("/leave?returnUrl=/engineering");
        (await IsSignedInAsync(browser)).ShouldBeFalse();
        var request = _messages.ReadRequest(response.Headers.Location!, _app.Now);
        request.Message.NameId.ShouldBe(LogoutMessages.Ada);
        request.Message.SessionIndexes.ShouldBe(["session-1"]);

        var answer = _messages.Answer(request.Message, _app.Now);
        response = await browser.GetAsync(_messages.Redirect(answer, request.RelayState));
        (response.StatusCode, response.Headers.Location!.ToString()).ShouldBe(
            (HttpStatusCode.SeeOther, "/engineering")
        );
        _happened.ShouldBe([$"leaves for {_idp.EntityId}", "back, partial False"]);
    }

    [Fact]
    public async Task From_a_form_it_goes_on_by_a_page_of_its_own()
    {
        var browser = await SignedInAsync();
        var response = await browser.PostAsync(
            "/leave",
            new Dictionary<string, string>(StringComparer.Ordinal)
        );
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var address = response.Headers.GetValues("Refresh").Single().Split("url=")[1];
        _messages.ReadRequest(new Uri(address), _app.Now);
        (await Browser.TextOf(response)).ShouldContain("Continue");
    }

    [Fact]
    public async Task Who_is_not_signed_in_comes_to_the_page_at_once()
    {
        var response = await _app.NewBrowser().GetAsync("/leave?returnUrl=https://evil.example/");
        response.Headers.Location!.ToString().ShouldBe("/");
        _happened.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_signing_key_it_is_over_here_only()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();
        await browser.SignInAsync(_idp, app.Now);
        var response = await browser.GetAsync("/leave");
        response.Headers.Location!.ToString().ShouldBe("/");
        (await browser.ReadAsync("/")).ShouldBe("nobody");
    }

    [Fact]
    [Trait("Rule", "P1")]
    public async Task An_answer_that_this_browser_does_not_wait_for_leads_home()
    {
        var browser = await SignedInAsync();
        var response = await browser.GetAsync("/leave?returnUrl=/engineering");
        var request = _messages.ReadRequest(response.Headers.Location!, _app.Now);
        var answer = _messages.Redirect(
            _messages.Answer(request.Message, _app.Now),
            request.RelayState
        );
        (await _app.NewBrowser().GetAsync(answer)).Headers.Location!.ToString().ShouldBe("/");
        _happened.ShouldNotContain("back, partial False");
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task An_answer_with_a_forged_signature_is_refused()
    {
        var browser = await SignedInAsync();
        var response = await browser.GetAsync("/leave");
        var request = _messages.ReadRequest(response.Headers.Location!, _app.Now);
        var forged = _messages.Redirect(
            _messages.Answer(request.Message, _app.Now),
            request.RelayState,
            _key
        );
        (await browser.GetAsync(forged)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_partial_logout_is_told_to_the_application()
    {
        var browser = await SignedInAsync();
        var response = await browser.GetAsync("/leave");
        var request = _messages.ReadRequest(response.Headers.Location!, _app.Now);
        await browser.GetAsync(
            _messages.Redirect(
                _messages.Answer(
                    request.Message,
                    _app.Now,
                    new(StatusCodes.Success, StatusCodes.PartialLogout)
                ),
                request.RelayState
            )
        );
        _happened.ShouldContain("back, partial True");
    }

    [Fact]
    public async Task The_identity_providers_request_ends_the_sign_in_and_is_answered()
    {
        var browser = await SignedInAsync();
        var request = _messages.Request(_app.Now);
        var response = await browser.GetAsync(_messages.Redirect(request, "its state"));
        var answer = _messages.ReadAnswer(response.Headers.Location!, request, _app.Now);
        (answer.Message.Status, answer.RelayState).ShouldBe((SamlStatus.Success, "its state"));
        (await IsSignedInAsync(browser)).ShouldBeFalse();
        _happened.ShouldBe(["told of ada@example.test, here session-1"]);
    }

    [Fact]
    public async Task By_post_it_finds_the_cookie_in_a_request_of_its_own()
    {
        var browser = await SignedInAsync();
        var request = _messages.Request(_app.Now);
        // From another site no Lax cookie comes along, which is as if another browser had sent it.
        var response = await _app.NewBrowser()
            .PostAsync("/signout-saml2", _messages.Post(request, "its state"));
        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        response = await browser.GetAsync(response.Headers.Location!.ToString());
        var answer = _messages.ReadAnswer(response.Headers.Location!, request, _app.Now);
        (answer.Message.Status, answer.RelayState).ShouldBe((SamlStatus.Success, "its state"));
        (await IsSignedInAsync(browser)).ShouldBeFalse();
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task Another_sign_in_than_the_one_that_is_named_stays()
    {
        var browser = await SignedInAsync();
        foreach (
            var request in new[]
            {
                _messages.Request(_app.Now) with
                {
                    SessionIndexes = ["session-2"],
                },
                _messages.Request(_app.Now) with
                {
                    NameId = LogoutMessages.Ada with { Value = "ADA@example.test" },
                },
            }
        )
        {
            var response = await browser.GetAsync(_messages.Redirect(request));
            _messages
                .ReadAnswer(response.Headers.Location!, request, _app.Now)
                .Message.Status.SubCode.ShouldBe(StatusCodes.UnknownPrincipal);
        }

        (await IsSignedInAsync(browser)).ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task Without_a_session_index_every_sign_in_of_that_user_is_meant()
    {
        var browser = await SignedInAsync();
        var request = _messages.Request(_app.Now) with { SessionIndexes = [] };
        await browser.GetAsync(_messages.Redirect(request));
        (await IsSignedInAsync(browser)).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_nobody_is_signed_in_the_answer_is_success()
    {
        var request = _messages.Request(_app.Now);
        var response = await _app.NewBrowser().GetAsync(_messages.Redirect(request));
        _messages
            .ReadAnswer(response.Headers.Location!, request, _app.Now)
            .Message.Status.ShouldBe(SamlStatus.Success);
    }

    [Theory]
    [Trait("Rule", "B3")]
    [InlineData("forged")]
    [InlineData("unsigned")]
    [InlineData("expired")]
    [InlineData("elsewhere")]
    [InlineData("another issuer")]
    [InlineData("repeated")]
    public async Task A_request_that_is_not_to_be_believed_ends_nothing(string how)
    {
        var browser = await SignedInAsync();
        var request = _messages.Request(_app.Now);
        request = how switch
        {
            "expired" => request with { NotOnOrAfter = _app.Now.AddMinutes(-10) },
            "elsewhere" => request with { Destination = "https://other.example.test/slo" },
            "another issuer" => request with { Issuer = "urn:another" },
            "repeated" => request with { SessionIndexes = ["session-2"] },
            _ => request,
        };
        var address = _messages.Redirect(request, key: how == "forged" ? _key : null);
        if (how == "unsigned")
        {
            address = address.Split("&SigAlg")[0];
        }

        if (how == "repeated")
        {
            await browser.GetAsync(address);
        }

        (await browser.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await IsSignedInAsync(browser)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_metadata_names_the_single_logout_service_if_there_is_a_key()
    {
        (await ServicesAsync(_app)).ShouldBe([
            new(SamlBindings.Redirect, LogoutMessages.Address),
            new(SamlBindings.Post, LogoutMessages.Address),
        ]);
        await using var keyless = await TestApplication.StartAsync(_idp);
        (await ServicesAsync(keyless)).ShouldBeEmpty();
    }

    [Fact]
    public void The_identity_providers_addresses_are_read_from_its_metadata()
    {
        var provider = IdentityProviders
            .IdentityProviderMetadata.Read(_idp.Metadata(), null, TestApplication.Start)
            .Provider;
        (provider.SingleLogoutUrl, provider.SingleLogoutResponseUrl).ShouldBe(
            (_idp.SingleLogoutUrl, _idp.SingleLogoutResponseUrl)
        );
    }

    private static async Task<IReadOnlyList<Endpoint>> ServicesAsync(TestApplication app)
    {
        var response = await app.NewBrowser().GetAsync("/saml2/metadata");
        var metadata = await response.Content.ReadAsByteArrayAsync(
            TestContext.Current.CancellationToken
        );
        return MetadataReader
            .Read(metadata, app.Now)
            .Value!.Entities.Single()
            .ServiceProvider!.SingleLogoutServices;
    }

    private async Task<Browser> SignedInAsync()
    {
        var browser = _app.NewBrowser();
        await browser.SignInAsync(_idp, _app.Now);
        (await IsSignedInAsync(browser)).ShouldBeTrue();
        return browser;
    }

    private static async Task<bool> IsSignedInAsync(Browser browser) =>
        await browser.ReadAsync("/") != "nobody";

    private Task Note(string what)
    {
        _happened.Add(what);
        return Task.CompletedTask;
    }
}
