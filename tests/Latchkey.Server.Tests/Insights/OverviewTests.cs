using System.Globalization;
using System.Net;
using Latchkey.Server.Applications;
using Latchkey.Server.Roles;
using Latchkey.Server.Tests.Applications;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Insights;

/// <summary>The start of the administration shows what needs somebody to whom it opens, a few of each, and leads to all of them.</summary>
public abstract class OverviewTests(TestIdentityProvider host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_help_desk_is_shown_nothing_that_does_not_open_to_it()
    {
        await EndingAsync();
        // Without an owner there would be nothing but the first set-up.
        await host.UserAsync(administrator: true);
        var browser = await host.BrowserAsync(await host.AddUserAsync(u => u.Role = Role.HelpDesk));
        await browser.OpenAsync("/admin");
        browser.Page.QuerySelectorAll(".lk-shares li").Length.ShouldBe(1);
        browser.Page.QuerySelector("#certificates-ending").ShouldBeNull();
        foreach (
            var address in browser
                .Page.QuerySelectorAll("main a[href^='/admin']")
                .Select(a => a.GetAttribute("href")!)
                .Distinct()
                .ToList()
        )
        {
            await browser.OpenAsync(address);
            browser.Status.ShouldBe(HttpStatusCode.OK, address);
        }
    }

    [Fact]
    public async Task Certificates_that_end_are_a_picture_whose_list_has_as_many_as_it_says()
    {
        var ending = await EndingAsync();
        var later = await EndingAsync(days: 300);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin");
        var share = browser.Page.QuerySelector(
            ".lk-shares li:has(a[href='/admin/applications?state=ending'])"
        )!;
        share.QuerySelector("svg").ShouldNotBeNull();
        var said = share.QuerySelector(".lk-number")!.TextContent.Split(' ')[0];

        await browser.OpenAsync("/admin/applications?state=ending");
        browser.Text("#applications").ShouldContain(ending.Label);
        browser.Text("#applications").ShouldNotContain(later.Label);
        browser
            .Page.QuerySelectorAll("#applications tbody tr")
            .Length.ToString(CultureInfo.InvariantCulture)
            .ShouldBe(said);
    }

    [Fact]
    public async Task A_few_certificates_are_named_and_the_others_are_a_list_away()
    {
        for (var i = 0; i < 6; i++)
            await EndingAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin");
        browser.Page.QuerySelectorAll("#certificates-ending li").Length.ShouldBe(5);
        await browser.ClickAsync("#certificates-ending-all");
        browser.Page.QuerySelectorAll("#applications tbody tr").Length.ShouldBeGreaterThan(5);
    }

    private async Task<Application> EndingAsync(int days = 30)
    {
        var made = await host.AddAsync(host.Input() with { Active = true });
        var end = host.Clock.GetUtcNow().AddDays(days);
        await using var db = host.Open();
        await db
            .ApplicationCertificates.Where(c => c.ApplicationId == made.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.NotAfter, end), Ct);
        return made;
    }

    public sealed class OnSqlite(SqliteIdentityProvider host)
        : OverviewTests(host),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider host)
        : OverviewTests(host),
            IClassFixture<PostgreSqlIdentityProvider>;
}
