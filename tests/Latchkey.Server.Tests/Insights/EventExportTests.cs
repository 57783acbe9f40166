using System.Net;
using System.Text.Json;
using Latchkey.Server.Insights;
using Latchkey.Server.Roles;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Insights;

/// <summary>Events leave as files: what the list shows, whole, and told of.</summary>
public abstract class EventExportTests(TestIdentityProvider host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_is_a_whole_event_of_JSON()
    {
        var application = Guid.CreateVersion7();
        await WriteAsync(Step(application, details: """{"findings":[{"code":"x"}]}"""));
        var line = (
            await ExportAsync("jsonl", $"application={application}")
        ).ShouldHaveSingleItem();
        using var json = JsonDocument.Parse(line);
        json.RootElement.GetProperty("type").GetString().ShouldBe(EventTypes.SsoAuth);
        json.RootElement.GetProperty("success").GetBoolean().ShouldBeFalse();
        json.RootElement.GetProperty("client_ip").GetString().ShouldBe("203.0.113.7");
        json.RootElement.GetProperty("details")
            .GetProperty("findings")[0]
            .GetProperty("code")
            .GetString()
            .ShouldBe("x");
    }

    [Fact]
    public async Task Details_that_were_stored_in_several_lines_stay_in_one()
    {
        var application = Guid.CreateVersion7();
        await WriteAsync(Step(application, details: "{\n  \"a\": 1\n}"));
        (await ExportAsync("jsonl", $"application={application}")).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@sum")]
    [InlineData("\t=1")]
    public async Task A_spreadsheet_gets_no_formula(string name)
    {
        var application = Guid.CreateVersion7();
        await WriteAsync(Step(application, actor: name));
        var rows = await ExportAsync("csv", $"application={application}");
        rows.Length.ShouldBe(2);
        rows[1].ShouldContain("'" + name);
    }

    [Fact]
    public async Task More_than_a_page_of_events_of_one_moment_comes_out_whole_and_once()
    {
        var application = Guid.CreateVersion7();
        await WriteAsync([.. Enumerable.Range(0, 1203).Select(_ => Step(application))]);
        var lines = await ExportAsync("jsonl", $"application={application}");
        lines.Distinct().Count().ShouldBe(1203);
        lines.Length.ShouldBe(1203);
    }

    [Fact]
    public async Task What_the_list_leaves_out_is_left_out()
    {
        var application = Guid.CreateVersion7();
        await WriteAsync(
            Step(application),
            Step(application, finding: "audience-wrong"),
            Step(application, address: "203.0.114.7")
        );
        (
            await ExportAsync("jsonl", $"application={application}&finding=audience-wrong")
        ).Length.ShouldBe(1);
        (
            await ExportAsync("jsonl", $"application={application}&address=203.0.114.7")
        ).Length.ShouldBe(1);
        (
            await ExportAsync("jsonl", $"application={application}&address=203.0.113.")
        ).Length.ShouldBe(2);
        (await ExportAsync("jsonl", $"application={application}&outcome=success")).ShouldBeEmpty();
    }

    [Fact]
    public async Task That_somebody_took_them_is_an_event()
    {
        await ExportAsync("csv", "finding=that-somebody-took-them");
        await using var db = host.Open();
        var taken = (
            await db.Events.Where(e => e.Type == EventTypes.EventExport).ToListAsync(Ct)
        ).Single(e => e.Details.Contains("that-somebody-took-them", StringComparison.Ordinal));
        taken.ActorName.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_help_desk_looks_events_up_and_takes_none_away()
    {
        await host.AddUserAsync(u => u.Role = Role.Owner);
        var browser = await host.SignedInAsync(
            await host.AddUserAsync(u => u.Role = Role.HelpDesk)
        );
        (await browser.OpenAsync("/admin/events")).Status.ShouldBe(HttpStatusCode.OK);
        (await browser.OpenAsync("/admin/events/export?format=csv")).Status.ShouldBe(
            HttpStatusCode.Forbidden
        );
    }

    [Fact]
    public async Task How_long_they_are_kept_can_be_set_and_is_told()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/settings/events");
        browser.Type("#Input_Days", "30");
        await browser.ClickAsync("#save-days");
        browser.Value("#Input_Days").ShouldBe("30");
        await using var db = host.Open();
        (
            await db
                .Events.Where(e => e.TargetName == EventRetention.SettingName)
                .Select(e => e.Details)
                .ToListAsync(Ct)
        ).ShouldContain(details => details.Contains("\"to\":\"30\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("29")]
    [InlineData("3651")]
    [InlineData("many")]
    public async Task A_time_that_makes_no_sense_is_refused(string days)
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/settings/events");
        browser.Type("#Input_Days", days);
        await browser.ClickAsync("#save-days");
        browser.Errors.ShouldBe(["Events are kept from 30 to 3650 days."]);
    }

    /// <summary>The lines of the file, without CSV's last empty one.</summary>
    private async Task<string[]> ExportAsync(string format, string query)
    {
        await host.AddUserAsync(u => u.Role = Role.Owner);
        var browser = await host.SignedInAsync(await host.AddUserAsync(u => u.Role = Role.Auditor));
        // So that what was just written is of the past.
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var text = await browser.DownloadAsync($"/admin/events/export?format={format}&{query}");
        return text.Split(format == "csv" ? "\r\n" : "\n", StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task WriteAsync(params Event[] events)
    {
        await using var db = host.Open();
        db.Events.AddRange(events);
        await db.SaveChangesAsync(Ct);
    }

    private Event Step(
        Guid application,
        string details = "{}",
        string? actor = null,
        string? finding = null,
        string address = "203.0.113.7"
    ) =>
        new()
        {
            At = host.Clock.GetUtcNow(),
            Type = EventTypes.SsoAuth,
            Success = false,
            ApplicationId = application,
            ClientIp = address,
            ActorName = actor,
            FindingCode = finding,
            Details = details,
        };
}

public sealed class EventExportOnSqlite(SqliteIdentityProvider host)
    : EventExportTests(host),
        IClassFixture<SqliteIdentityProvider>;

public sealed class EventExportOnPostgreSql(PostgreSqlIdentityProvider host)
    : EventExportTests(host),
        IClassFixture<PostgreSqlIdentityProvider>;
