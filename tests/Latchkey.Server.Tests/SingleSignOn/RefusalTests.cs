using System.Net;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SingleSignOn;

public abstract class RefusalTests(TestIdentityProvider server)
{
    [Fact]
    [Trait("Rule", "S0-19")]
    public async Task Without_a_group_the_user_is_told_so_with_a_code_and_the_events_know_more()
    {
        var sp = new TestServiceProvider(server.Clock);
        var application = await server.AddApplicationAsync(sp);
        var user = await server.AddUserAsync();
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        (page.Status, page.Title).ShouldBe(
            (HttpStatusCode.Forbidden, "You are not authorized to access this application")
        );
        page.Text.ShouldContain($"You are signed in as {user.Username}.");
        var events = await server.EventsAsync(page.ReferenceCode!);
        var refused = events.Single(e => e.Type == EventTypes.SamlResponseRefused);
        (refused.FindingCode, refused.ActorId, refused.ApplicationId).ShouldBe(
            ("access-denied", user.Id, application.Id)
        );
        events.ShouldContain(e => e.Type == EventTypes.SsoAuth && !e.Success);
    }

    [Fact]
    public async Task Without_a_group_and_with_IsPassive_the_service_provider_is_told()
    {
        var sp = new TestServiceProvider(server.Clock);
        await server.AddApplicationAsync(sp);
        var browser = await server.SignedInAsync(await server.AddUserAsync());
        var page = await browser.OpenAsync(
            sp.Redirect(sp.Request(r => r with { IsPassive = true })),
            "cross-site"
        );
        TestServiceProvider
            .Statuses(page)
            .ShouldBe([StatusCodes.Responder, StatusCodes.RequestDenied]);
    }

    [Fact]
    [Trait("Rule", "S2-18")]
    public async Task A_user_taken_out_of_the_group_is_refused_at_the_next_request()
    {
        var (sp, application, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var first = sp.Request();
        sp.Accept(await browser.OpenAsync(sp.Redirect(first), "cross-site"), first);
        await using (var database = server.Open())
        {
            await database
                .ApplicationGroups.Where(g => g.ApplicationId == application.Id)
                .ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        }
        (await RefusedAsync(browser, sp, sp.Request())).ShouldBe("access-denied");
    }

    [Fact]
    public async Task Each_sign_in_that_fails_counts_once_on_the_overview_whatever_was_written_of_it()
    {
        var sp = new TestServiceProvider(server.Clock);
        await server.AddApplicationAsync(sp);
        var browser = await server.SignedInAsync(await server.AddUserAsync());
        var before = await FailedAsync();

        (await RefusedAsync(browser, sp, sp.Request())).ShouldBe("access-denied");
        (
            await RefusedAsync(
                browser,
                sp,
                sp.Request(r => r with { Issuer = "https://other.example.test" })
            )
        ).ShouldBe(FindingKinds.IssuerMismatch.Code);

        var after = await FailedAsync();
        (after.Denied - before.Denied).ShouldBe(1);
        (after.Mismatched - before.Mismatched).ShouldBe(1);
        (after.ThisWeek - before.ThisWeek).ShouldBe(2);
    }

    [Fact]
    public async Task An_unknown_address_is_not_found_and_leaves_a_code()
    {
        var page = await server.NewBrowser().OpenAsync("/saml2/nowhere");
        page.Status.ShouldBe(HttpStatusCode.NotFound);
        (await CodeOfAsync(page)).ShouldBe("application-unknown");
    }

    [Fact]
    public async Task An_inactive_application_is_refused_calmly()
    {
        var (sp, _, user) = await SetUpAsync(a => a.Active = false);
        var browser = await server.SignedInAsync(user);
        (await RefusedAsync(browser, sp, sp.Request())).ShouldBe("application-inactive");
    }

    [Fact]
    public async Task An_application_switched_off_is_refused_at_the_next_request()
    {
        var (sp, application, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        await server.ChangeAsync(application, a => a.Active = false);
        (await RefusedAsync(browser, sp, sp.Request())).ShouldBe("application-inactive");
    }

    [Fact]
    public async Task Another_issuer_at_this_address_is_refused()
    {
        var (sp, _, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        (
            await RefusedAsync(
                browser,
                sp,
                sp.Request(r => r with { Issuer = "https://other.example.test" })
            )
        ).ShouldBe(FindingKinds.IssuerMismatch.Code);
    }

    [Fact]
    [Trait("Rule", "J-09")]
    public async Task An_issuer_in_other_capitals_is_another()
    {
        var (sp, _, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        (
            await RefusedAsync(
                browser,
                sp,
                sp.Request(r => r with { Issuer = r.Issuer!.ToUpperInvariant() })
            )
        ).ShouldBe(FindingKinds.IssuerMismatch.Code);
    }

    [Fact]
    [Trait("Rule", "I1")]
    public async Task An_unregistered_place_gets_no_response()
    {
        var (sp, _, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        (
            await RefusedAsync(
                browser,
                sp,
                sp.Request(r => r with { AssertionConsumerServiceUrl = "https://evil.example/acs" })
            )
        ).ShouldBe(FindingKinds.ConsumerServiceUrlUnknown.Code);
    }

    [Fact]
    [Trait("Rule", "I1")]
    [Trait("Rule", "J-10")]
    public async Task The_response_goes_to_the_registered_place_that_was_asked_for()
    {
        var sp = new TestServiceProvider(server.Clock);
        var user = await server.AddUserAsync();
        var second = sp.Consumer + "/2";
        await server.AddApplicationAsync(
            sp,
            a => a.AcsEndpoints = [.. a.AcsEndpoints, new(SamlBindings.Post, second, 7)],
            user
        );
        var browser = await server.SignedInAsync(user);
        var byUrl = sp.Request(r => r with { AssertionConsumerServiceUrl = second });
        var byIndex = sp.Request(r => r with { AssertionConsumerServiceIndex = 7 });
        (await browser.OpenAsync(sp.Redirect(byUrl), "cross-site")).Action.ShouldBe(second);
        (await browser.OpenAsync(sp.Redirect(byIndex), "cross-site")).Action.ShouldBe(second);
        (await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site")).Action.ShouldBe(
            sp.Consumer
        );
    }

    [Fact]
    public async Task A_response_by_another_binding_than_post_is_refused()
    {
        var (sp, _, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        (
            await RefusedAsync(
                browser,
                sp,
                sp.Request(r => r with { ProtocolBinding = SamlBindings.Artifact })
            )
        ).ShouldBe(FindingKinds.ConsumerServiceBindingUnknown.Code);
    }

    [Fact]
    public async Task A_request_is_answered_once()
    {
        var (sp, _, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var request = sp.Request();
        sp.Accept(await browser.OpenAsync(sp.Redirect(request), "cross-site"), request);
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page.Title.ShouldBe("This sign-in was used already");
        (await CodeOfAsync(page)).ShouldBe("request-already-answered");
        (await server.EventsAsync(page.ReferenceCode!)).ShouldNotContain(e =>
            e.Type == EventTypes.SsoAuth
        );
    }

    [Fact]
    public async Task An_old_request_is_told_apart_from_a_wrong_one()
    {
        var (sp, _, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var request = sp.Request();
        server.Clock.Advance(TimeSpan.FromMinutes(14));
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page.Title.ShouldBe("This sign-in took too long");
        (await CodeOfAsync(page)).ShouldBe(FindingKinds.RequestExpired.Code);
    }

    [Fact]
    [Trait("Rule", "I2")]
    [Trait("Rule", "J-11")]
    public async Task An_unsigned_request_is_refused_where_signatures_are_demanded()
    {
        var (sp, _, user) = await SetUpAsync(a => a.RequireSignedRequests = true);
        var browser = await server.SignedInAsync(user);
        await RefusedAsync(browser, sp, sp.Request());
    }

    [Fact]
    [Trait("Rule", "I2")]
    [Trait("Rule", "J-11")]
    public async Task A_request_signed_by_its_own_key_is_accepted_and_by_another_refused()
    {
        using var own = NewKey();
        using var foreign = NewKey();
        var (sp, _, user) = await SetUpAsync(a =>
        {
            a.RequireSignedRequests = true;
            a.SpSigningCertificates = [Convert.ToBase64String(own.Certificate.RawData)];
        });
        var browser = await server.SignedInAsync(user);
        var good = sp.Request();
        sp.Accept(await browser.OpenAsync(sp.Redirect(good, "r", own), "cross-site"), good);
        var posted = sp.Request();
        sp.Accept(
            await browser.PostAsync(
                sp.Address,
                TestServiceProvider.Post(posted, null, own),
                "cross-site"
            ),
            posted
        );
        var bad = await browser.OpenAsync(sp.Redirect(sp.Request(), "r", foreign), "cross-site");
        (await CodeOfAsync(bad)).ShouldBe(FindingKinds.SignatureInvalid.Code);
    }

    [Theory]
    [InlineData("SAMLRequest=")]
    [InlineData("SAMLRequest=%3Cxml")]
    [InlineData("SAMLRequest=aGVsbG8=&SAMLRequest=aGVsbG8=")]
    [InlineData("SAMLRequest=fZJRT8IwFIX/StN32q0bG2kYCYoPJCiETR98M6W7SJO1nb0d")]
    public async Task Nonsense_is_refused_with_one_sentence_and_a_code(string query)
    {
        var (sp, _, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync($"{sp.Address}?{query}", "cross-site");
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Title.ShouldBe("We could not accept this sign-in request");
        (await CodeOfAsync(page)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_an_administrator_reads_says_what_was_expected_and_what_was_found()
    {
        var (sp, _, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync(
            sp.Redirect(sp.Request(r => r with { Issuer = "https://other.example.test" })),
            "cross-site"
        );
        var refused = (await server.EventsAsync(page.ReferenceCode!)).Last();
        refused.Details.ShouldContain(sp.EntityId);
        refused.Details.ShouldContain("https://other.example.test");
        page.Text.ShouldNotContain("other.example.test");
    }

    [Fact]
    public async Task A_user_without_a_value_for_the_name_id_is_refused_and_the_finding_names_it()
    {
        var (sp, _, user) = await SetUpAsync(a => a.NameIdSource = "employeeidentifier");
        var browser = await server.SignedInAsync(user);
        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");
        var refused = (await server.EventsAsync(page.ReferenceCode!)).Single(e =>
            e.Type == EventTypes.SamlResponseRefused
        );
        refused.FindingCode.ShouldBe("name-id-empty");
        refused.Details.ShouldContain("employeeidentifier");
        refused.Details.ShouldContain(user.Username);
    }

    [Fact]
    [Trait("Rule", "I4")]
    public async Task A_character_that_xml_cannot_carry_is_refused_and_found_again()
    {
        var (sp, _, user) = await SetUpAsync(a =>
            a.Attributes = [new("note", AttributeKind.Constant, "a\u0001b")]
        );
        var browser = await server.SignedInAsync(user);
        (await RefusedAsync(browser, sp, sp.Request())).ShouldBe("characters-not-xml");
    }

    private static SigningKey NewKey() =>
        SigningKey.Create(
            "sp",
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddYears(1)
        );

    private async Task<string?> RefusedAsync(
        TestBrowser browser,
        TestServiceProvider sp,
        AuthnRequest request
    )
    {
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        page.Field("SAMLResponse").ShouldBeNull();
        return await CodeOfAsync(page);
    }

    private async Task<string?> CodeOfAsync(TestPage page)
    {
        page.ReferenceCode.ShouldNotBeNull(page.Text);
        return (await server.EventsAsync(page.ReferenceCode!))
            .Single(e => e.Type == EventTypes.SamlResponseRefused)
            .FindingCode;
    }

    private async Task<(int Denied, int Mismatched, int ThisWeek)> FailedAsync()
    {
        var queries = server.Service<DashboardQueries>();
        var causes = await queries.CausesAsync(
            server.Clock.GetUtcNow().AddDays(-1),
            100,
            TestContext.Current.CancellationToken
        );
        int Count(string code) => causes.SingleOrDefault(c => c.Code == code)?.Count ?? 0;
        return (
            Count("access-denied"),
            Count(FindingKinds.IssuerMismatch.Code),
            (await queries.ReadAsync(TestContext.Current.CancellationToken)).FailedThisWeek
        );
    }

    private async Task<(TestServiceProvider, Application, User)> SetUpAsync(
        Action<Application>? adjust = null
    )
    {
        var sp = new TestServiceProvider(server.Clock);
        var user = await server.AddUserAsync();
        return (sp, await server.AddApplicationAsync(sp, adjust, user), user);
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : RefusalTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : RefusalTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
