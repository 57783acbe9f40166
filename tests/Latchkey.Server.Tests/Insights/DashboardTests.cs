using System.Globalization;
using Latchkey.Server.Insights;
using Latchkey.Server.Insights.Causes;
using Latchkey.Server.Mail;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SingleSignOn;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Tests.Insights;

/// <summary>The start of the administration counts what needs somebody, and leads there.</summary>
public abstract class DashboardTests(TestIdentityProvider host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private DashboardQueries Queries => host.Service<DashboardQueries>();

    [Fact]
    public async Task The_commonest_cause_of_failures_comes_first_and_successes_do_not_count()
    {
        var since = host.Clock.GetUtcNow().AddDays(-400);
        await WriteAsync(
            Failed("b-cause", since.AddDays(1)),
            Failed("a-cause", since.AddDays(1)),
            Failed("a-cause", since.AddDays(2)),
            Failed("a-cause", since.AddDays(-1)),
            new Event
            {
                At = since.AddDays(1),
                Type = EventTypes.SsoAuth,
                Success = true,
                FindingCode = "a-cause",
            }
        );
        var causes = await Queries.CausesAsync(since, 100, Ct);
        causes
            .Where(c => c.Code.EndsWith("-cause", StringComparison.Ordinal))
            .ShouldBe([new("a-cause", 2), new("b-cause", 1)]);
    }

    [Fact]
    public async Task What_failed_without_being_a_sign_in_is_no_cause()
    {
        var since = host.Clock.GetUtcNow().AddDays(-800);
        await WriteAsync(
            new Event
            {
                At = since.AddDays(1),
                Type = EventTypes.MailFailed,
                Success = false,
                FindingCode = "mail-not-sent",
            },
            Failed("password-wrong", since.AddDays(1))
        );
        var causes = await Queries.CausesAsync(since, 100, Ct);
        causes.Select(c => c.Code).ShouldContain("password-wrong");
        causes.Select(c => c.Code).ShouldNotContain("mail-not-sent");
    }

    [Fact]
    public async Task A_bar_opens_the_events_it_counts()
    {
        await WriteAsync(Failed("bar-opens", host.Clock.GetUtcNow()));
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin");
        var bar = browser.Page.QuerySelector("svg a[href*='finding=bar-opens']").ShouldNotBeNull();
        await browser.OpenAsync(bar.GetAttribute("href")!);
        browser.Page.QuerySelectorAll("tbody tr").Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_day_of_sign_ins_opens_the_events_it_counts_and_no_other()
    {
        var today = host.Clock.GetUtcNow();
        await WriteAsync(
            Failed("day-opens", today),
            Failed("day-before", today.AddDays(-1)),
            new Event
            {
                At = today,
                Type = EventTypes.UserLoginStep,
                Success = false,
                FindingCode = "day-opens",
            }
        );
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin");
        var day = browser.Page.QuerySelectorAll("svg a[href*='until=']").Last();

        await browser.OpenAsync(day.GetAttribute("href") + "&outcome=failure&finding=day-opens");
        browser.Page.QuerySelectorAll("tbody tr").Length.ShouldBe(2);
        await browser.OpenAsync(day.GetAttribute("href") + "&finding=day-before");
        browser.Page.QuerySelectorAll("tbody tr").Length.ShouldBe(0);
    }

    [Fact]
    public async Task The_figure_of_failures_opens_as_many_events_as_it_says()
    {
        // A wrong password now, a wrong code six days ago, and one that is too long ago.
        var today = host.Clock.GetUtcNow();
        await WriteAsync(
            Failed("this-week", today),
            new Event
            {
                At = today.AddDays(-6),
                Type = EventTypes.UserLoginStep,
                Success = false,
                FindingCode = "this-week",
            },
            Failed("this-week", today.AddDays(-7))
        );
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin");
        var figure = browser.Page.QuerySelector(".lk-stat[href*='outcome=failure']")!;
        var (said, address) = (
            figure.QuerySelector(".lk-stat-value")!.TextContent,
            figure.GetAttribute("href")!
        );

        await browser.OpenAsync(address);
        browser
            .Page.QuerySelectorAll("tbody tr")
            .Length.ToString(CultureInfo.InvariantCulture)
            .ShouldBe(said);
        await browser.OpenAsync(address + "&finding=this-week");
        browser.Page.QuerySelectorAll("tbody tr").Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_cause_is_told_by_its_title_with_its_code_beside_it_and_opens_as_many_events_as_it_counts()
    {
        // As a sign-in without access leaves it: twice.
        await WriteAsync(
            Failed("access-denied", host.Clock.GetUtcNow()),
            new Event
            {
                At = host.Clock.GetUtcNow(),
                Type = EventTypes.SamlResponseRefused,
                Success = false,
                FindingCode = "access-denied",
            }
        );
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin");
        var bar = browser
            .Page.QuerySelector("svg a[href*='finding=access-denied']")
            .ShouldNotBeNull();
        bar.QuerySelectorAll("text")
            .Select(text => text.TextContent)
            .ShouldBe(["User has no access", "access-denied", "1"], ignoreOrder: true);

        await browser.OpenAsync(bar.GetAttribute("href")!);
        browser.Page.QuerySelectorAll("tbody tr").Length.ShouldBe(1);
        browser.Value("select[name=type]").ShouldBe(EventFilter.SignIns);
    }

    [Fact]
    public void What_keeps_somebody_out_has_a_title()
    {
        // What only a service provider finds, or metadata, or a logout, is no cause of a failed sign-in here.
        var told = typeof(SignOnFindings)
            .GetFields(
                System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public
            )
            .Select(field => field.GetValue(null))
            .OfType<Latchkey.Saml.Findings.FindingKind>()
            .Select(kind => kind.Code);

        told.Where(code => !CauseTitles.Has(host.Service<ITexts>(), code)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_has_an_app_or_a_passkey_has_a_second_step()
    {
        var before = (await Queries.ReadAsync(Ct)).WithoutFactor;
        await host.UserAsync();
        var with = await host.UserAsync();
        var unconfirmed = await host.UserAsync();
        await using (var db = host.Open())
        {
            db.Authenticators.AddRange(
                App(with.Id, host.Clock.GetUtcNow()),
                App(unconfirmed.Id, null)
            );
            await db.SaveChangesAsync(Ct);
        }
        var after = (await Queries.ReadAsync(Ct)).WithoutFactor;
        (after.Part - before.Part, after.Whole - before.Whole).ShouldBe((2, 3));
    }

    [Fact]
    public async Task A_mail_that_was_tried_in_vain_is_counted()
    {
        var before = await Queries.StuckMailsAsync(Ct);
        await using (var db = host.Open())
        {
            db.QueuedMails.AddRange(Mail(0), Mail(1));
            await db.SaveChangesAsync(Ct);
        }
        var after = await Queries.StuckMailsAsync(Ct);
        (after.Part - before.Part, after.Whole - before.Whole).ShouldBe((1, 2));
    }

    [Fact]
    public async Task An_application_that_was_granted_to_nobody_is_counted()
    {
        var before = await Queries.OpenToNobodyAsync(Ct);
        await host.AddAsync(host.Input() with { Active = true });
        (await Queries.OpenToNobodyAsync(Ct)).Part.ShouldBe(before.Part + 1);
    }

    [Fact]
    public async Task Each_number_opens_its_list()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin");
        foreach (
            var address in browser
                .Page.QuerySelectorAll(".lk-shares a")
                .Select(a => a.GetAttribute("href")!)
                .ToList()
        )
        {
            await browser.OpenAsync(address);
            browser.Status.ShouldBe(System.Net.HttpStatusCode.OK, address);
        }
    }

    [Fact]
    public async Task Every_picture_has_its_numbers_as_a_table()
    {
        await WriteAsync(Failed("as-a-table", host.Clock.GetUtcNow()));
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin");
        foreach (var section in browser.Page.QuerySelectorAll("main section:has(.lk-picture)"))
        {
            section.QuerySelector("details table").ShouldNotBeNull(section.TextContent);
        }
    }

    private static Event Failed(string code, DateTimeOffset at) =>
        new()
        {
            At = at,
            Type = EventTypes.SsoAuth,
            Success = false,
            FindingCode = code,
        };

    private static Authenticator App(Guid userId, DateTimeOffset? confirmed) =>
        new()
        {
            UserId = userId,
            ProtectedSecret = [1],
            CreatedAt = DateTimeOffset.UnixEpoch,
            ConfirmedAt = confirmed,
        };

    private static QueuedMail Mail(int attempts) =>
        new()
        {
            Template = "test",
            Recipient = "ada@example.test",
            Content = [1],
            Attempts = attempts,
            NextAttemptAt = DateTimeOffset.MaxValue.AddYears(-1),
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

    private async Task WriteAsync(params Event[] events)
    {
        await using var db = host.Open();
        db.Events.AddRange(events);
        await db.SaveChangesAsync(Ct);
    }
}

public sealed class DashboardOnSqlite(SqliteIdentityProvider host)
    : DashboardTests(host),
        IClassFixture<SqliteIdentityProvider>;

public sealed class DashboardOnPostgreSql(PostgreSqlIdentityProvider host)
    : DashboardTests(host),
        IClassFixture<PostgreSqlIdentityProvider>;
