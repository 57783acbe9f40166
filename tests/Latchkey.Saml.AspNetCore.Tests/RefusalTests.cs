using System.Net;
using Latchkey.Saml.AspNetCore.Tests.Fakes;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;

namespace Latchkey.Saml.AspNetCore.Tests;

public sealed class RefusalTests
{
    private readonly FakeIdentityProvider _idp = new();

    [Fact, Trait("Rule", "P1")]
    public async Task P1_an_answer_in_another_browser_is_refused()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var request = await app.NewBrowser().BeginAsync();

        var codes = await CodesOf(
            app,
            app.NewBrowser(),
            request.AcsUrl,
            _idp.Answer(request, app.Now)
        );

        codes.ShouldContain("in-response-to-mismatch");
    }

    [Fact, Trait("Rule", "P1")]
    public async Task P1_an_answer_to_another_request_of_the_same_browser_is_refused()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();
        var first = await browser.BeginAsync();
        var second = await browser.BeginAsync();
        var form = _idp.Answer(first, app.Now);
        form["RelayState"] = second.RelayState;

        (await CodesOf(app, browser, first.AcsUrl, form)).ShouldContain("in-response-to-mismatch");
    }

    [Fact, Trait("Rule", "P1")]
    public async Task P1_an_answer_counts_once()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();
        var request = await browser.BeginAsync();
        var form = _idp.Answer(request, app.Now);

        var first = await browser.PostAsync(request.AcsUrl, form);
        var second = await browser.PostAsync(request.AcsUrl, form);

        first.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        second.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact, Trait("Rule", "P1")]
    public async Task P1_a_copied_cookie_does_not_let_a_request_be_answered_twice()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();
        var request = await browser.BeginAsync();
        var copied = browser.LastCookies.Single();
        await browser.PostAsync(request.AcsUrl, _idp.Answer(request, app.Now));

        var thief = app.NewBrowser();
        thief.Keep(copied);
        var codes = await CodesOf(app, thief, request.AcsUrl, _idp.Answer(request, app.Now));

        codes.ShouldBe(["request-answered"]);
    }

    [Fact, Trait("Rule", "P1")]
    public async Task P1_a_sign_in_that_took_too_long_is_refused()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();
        var request = await browser.BeginAsync();

        app.Time.Advance(TimeSpan.FromMinutes(15));

        (await CodesOf(app, browser, request.AcsUrl, _idp.Answer(request, app.Now))).ShouldBe([
            "request-expired",
        ]);
    }

    [Fact, Trait("Rule", "P1")]
    public async Task P1_an_unsolicited_response_is_refused_unless_allowed()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var form = _idp.Unsolicited(
            TestApplication.EntityId,
            "https://app.example.test/signin-saml2",
            app.Now
        );

        (await CodesOf(app, app.NewBrowser(), "/signin-saml2", form)).ShouldContain(
            "response-unsolicited"
        );
    }

    [Theory, Trait("Rule", "P9")]
    [InlineData(null, "/")]
    [InlineData("/reports", "/reports")]
    [InlineData("https://evil.example.test/", "/")]
    [InlineData("//evil.example.test/", "/")]
    public async Task P9_an_allowed_unsolicited_response_leads_to_a_page_of_this_application(
        string? relayState,
        string expected
    )
    {
        await using var app = await TestApplication.StartAsync(
            _idp,
            o => o.AllowUnsolicited = true
        );
        var browser = app.NewBrowser();

        var response = await browser.PostAsync(
            "/signin-saml2",
            _idp.Unsolicited(
                TestApplication.EntityId,
                "https://app.example.test/signin-saml2",
                app.Now,
                relayState
            )
        );

        response.Headers.Location!.OriginalString.ShouldBe(expected);
        (await browser.ReadAsync("/")).ShouldContain("ada@example.test");
    }

    [Fact, Trait("Rule", "P7")]
    public async Task P7_an_unsolicited_response_counts_once_in_all_browsers()
    {
        await using var app = await TestApplication.StartAsync(
            _idp,
            o => o.AllowUnsolicited = true
        );
        var form = _idp.Unsolicited(
            TestApplication.EntityId,
            "https://app.example.test/signin-saml2",
            app.Now
        );
        await app.NewBrowser().PostAsync("/signin-saml2", form);

        (await CodesOf(app, app.NewBrowser(), "/signin-saml2", form)).ShouldBe([
            "assertion-replayed",
        ]);
    }

    [Fact, Trait("Rule", "P5")]
    public async Task P5_an_assertion_for_another_service_provider_is_refused()
    {
        var codes = await CodesOf(r =>
            r with
            {
                Assertion = r.Assertion with { Audience = "https://other.example.test" },
            }
        );

        codes.ShouldBe(["audience-mismatch"]);
    }

    [Fact, Trait("Rule", "P3")]
    public async Task P3_a_response_for_another_address_is_refused()
    {
        var codes = await CodesOf(r =>
            r with
            {
                Destination = "https://other.example.test/signin-saml2",
            }
        );

        codes.ShouldContain("destination-mismatch");
    }

    [Fact, Trait("Rule", "P2")]
    public async Task P2_a_response_of_another_identity_provider_is_refused()
    {
        var codes = await CodesOf(r => r with { Issuer = "https://other.example.test/idp" });

        codes.ShouldContain("issuer-mismatch");
    }

    [Fact, Trait("Rule", "P6")]
    public async Task P6_an_old_sign_in_is_refused_where_a_fresh_one_was_demanded()
    {
        var codes = await CodesOf(
            r =>
                r with
                {
                    Assertion = r.Assertion with { AuthnInstant = r.IssueInstant.AddHours(-1) },
                },
            o => o.ForceAuthn = true
        );

        codes.ShouldBe(["authn-not-fresh"]);
    }

    [Fact, Trait("Requirement", "U-19")]
    public async Task U_19_a_missing_attribute_is_named_instead_of_sending_the_user_round()
    {
        await using var app = await TestApplication.StartAsync(
            _idp,
            o => o.ClaimMappings.Add(new("employeeNumber", "employee", Required: true))
        );

        var response = await app.NewBrowser().SignInAsync(_idp, app.Now);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Browser.TextOf(response)).ShouldContain("employeeNumber");
    }

    [Fact, Trait("Requirement", "U-19")]
    public async Task U_19_an_endless_round_of_sign_ins_is_stopped_with_what_did_not_arrive()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();
        const string Loop = "/challenge?returnUrl=/loop";
        for (var i = 0; i < 6; i++)
        {
            await browser.SignInAsync(_idp, app.Now, Loop);
        }

        var elsewhere = await browser.GetAsync("/challenge?returnUrl=/other");
        var stopped = await browser.GetAsync(Loop);
        app.Time.Advance(TimeSpan.FromMinutes(1));
        var later = await browser.GetAsync(Loop);

        elsewhere.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        stopped.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await Browser.TextOf(stopped)).ShouldContain("firstname");
        later.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_refusal_by_the_identity_provider_is_said_as_one()
    {
        await using var app = await TestApplication.StartAsync(_idp);
        var browser = app.NewBrowser();
        var request = await browser.BeginAsync();

        var response = await browser.PostAsync(request.AcsUrl, _idp.Refuse(request, app.Now));

        app.Log.Lines.Where(l => l.StartsWith("ResponseRefused", StringComparison.Ordinal))
            .ShouldHaveSingleItem()
            .ShouldContain("status-not-success");
        (await Browser.TextOf(response)).ShouldContain(
            "The identity provider did not sign you in."
        );
    }

    [Fact, Trait("Rule", "O1")]
    public async Task O1_the_user_sees_a_sentence_and_a_code_and_the_log_has_the_finding_under_that_code()
    {
        await using var app = await TestApplication.StartAsync(_idp);

        var response = await app.NewBrowser()
            .SignInAsync(
                _idp,
                app.Now,
                change: r =>
                    r with
                    {
                        Assertion = r.Assertion with { Audience = "https://other.example.test" },
                    }
            );

        var page = await Browser.TextOf(response);
        var code = page.Split("<strong>")[1][..8];
        page.ShouldNotContain("audience");
        app.Log.Lines.ShouldContain(line =>
            line.Contains(code, StringComparison.Ordinal)
            && line.Contains("audience-mismatch", StringComparison.Ordinal)
        );
        app.Log.Lines.ShouldContain(line =>
            line.StartsWith("ResponseRefused", StringComparison.Ordinal)
            && line.Contains("https://other.example.test", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task In_development_the_page_shows_the_findings()
    {
        await using var app = await TestApplication.StartAsync(_idp, environment: "Development");

        var response = await app.NewBrowser()
            .SignInAsync(
                _idp,
                app.Now,
                change: r => r with { Assertion = r.Assertion with { Audience = "<script>" } }
            );

        var page = await Browser.TextOf(response);
        page.ShouldContain("audience-mismatch");
        page.ShouldContain("&lt;script&gt;");
    }

    [Fact]
    public async Task An_event_can_show_a_page_of_its_own_and_reads_the_findings()
    {
        IReadOnlyList<Finding> findings = [];
        await using var app = await TestApplication.StartAsync(
            _idp,
            o =>
                o.Events.OnRemoteFailure = context =>
                {
                    findings = ((Saml2ValidationException)context.Failure!).Findings;
                    context.Response.Redirect("/sorry");
                    context.HandleResponse();
                    return Task.CompletedTask;
                }
        );

        var response = await app.NewBrowser()
            .SignInAsync(
                _idp,
                app.Now,
                change: r =>
                    r with
                    {
                        Assertion = r.Assertion with { Audience = "https://other.example.test" },
                    }
            );

        response.Headers.Location!.OriginalString.ShouldBe("/sorry");
        findings.Single().Found.ShouldBe("https://other.example.test");
    }

    [Fact, Trait("Rule", "B2")]
    public async Task B2_opening_the_callback_directly_is_refused_calmly()
    {
        await using var app = await TestApplication.StartAsync(_idp);

        var response = await app.NewBrowser().GetAsync("/signin-saml2");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory, Trait("Rule", "B2")]
    [InlineData("SAMLResponse", "")]
    [InlineData("SAMLResponse", "not base64!")]
    [InlineData("SAMLResponse", "PHg+")]
    [InlineData("Other", "value")]
    public async Task B2_a_form_of_rubbish_is_refused(string field, string value)
    {
        await using var app = await TestApplication.StartAsync(_idp);

        var response = await app.NewBrowser()
            .PostAsync(
                "/signin-saml2",
                new Dictionary<string, string>(StringComparer.Ordinal) { [field] = value }
            );

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<string[]> CodesOf(
        Func<ResponseToIssue, ResponseToIssue> change,
        Action<Saml2Options>? configure = null
    )
    {
        await using var app = await TestApplication.StartAsync(_idp, configure);
        var browser = app.NewBrowser();
        var request = await browser.BeginAsync();
        return await CodesOf(app, browser, request.AcsUrl, _idp.Answer(request, app.Now, change));
    }

    // The refusal as the log has it: one line, findings separated.
    private static async Task<string[]> CodesOf(
        TestApplication app,
        Browser browser,
        string address,
        IReadOnlyDictionary<string, string> form
    )
    {
        var response = await browser.PostAsync(address, form);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.ReadAsync("/")).ShouldBe("nobody");
        var line = app.Log.Lines.Last(l =>
            l.StartsWith("ResponseRefused", StringComparison.Ordinal)
        );
        return
        [
            .. line[(line.IndexOf("refused. ", StringComparison.Ordinal) + 9)..]
                .Split(" | ")
                .Select(f => f.Split(' ')[0]),
        ];
    }
}
