using System.Net;
using Latchkey.Server.Tests.Applications;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Pages;

/// <summary>Where there is no page, a browser gets one that says so, and a program the bare status.</summary>
public sealed class StatusPageTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    [Theory]
    [InlineData("/nothing-here")]
    [InlineData("/admin/users/0198c0de-0000-7000-8000-000000000000")]
    [InlineData("/status")]
    public async Task An_address_without_a_page_says_so(string address)
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(address);
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
        browser.Text("h1").ShouldBe("There is no such page");
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_with_advice()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/groups/new");
        browser.Find("main input[name=__token]").Remove();
        await browser.ClickAsync("main .btn-primary");
        browser.Status.ShouldBe(HttpStatusCode.BadRequest);
        browser.Text("h1").ShouldBe("That could not be read");
    }

    [Fact]
    public async Task A_page_that_broke_gives_a_code_under_which_administrators_find_it()
    {
        // One that may be broken.
        await using var broken = new SqliteIdentityProvider();
        await broken.InitializeAsync();
        await using (var db = broken.Open())
        {
            await db.Database.ExecuteSqlRawAsync(
                "DROP TABLE portal_favorites",
                TestContext.Current.CancellationToken
            );
        }
        var browser = await broken.BrowserAsync();
        await browser.OpenAsync("/");
        browser.Status.ShouldBe(HttpStatusCode.InternalServerError);
        var code = browser.Text("#reference-code");
        var told = (await broken.EventsAsync(code)).ShouldHaveSingleItem();
        (told.Type, told.Success).ShouldBe((Latchkey.Server.Insights.EventTypes.PageFailed, false));
        browser.Text("main").ShouldNotContain("portal_favorites");
    }

    [Theory]
    [InlineData("Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)", true)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0) like Gecko", true)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", false)]
    [Trait("Rule", "S0-11")]
    public async Task A_browser_that_is_too_old_is_told_so(string browser, bool old)
    {
        using var client = host.Stranger();
        client.DefaultRequestHeaders.UserAgent.ParseAdd(browser);
        var page = await client.GetStringAsync("/sign-in", TestContext.Current.CancellationToken);
        page.Contains("This browser is too old", StringComparison.Ordinal).ShouldBe(old);
    }

    [Fact]
    public async Task A_program_gets_no_page()
    {
        using var client = host.Stranger();
        using var answer = await client.GetAsync(
            "/nothing-here",
            TestContext.Current.CancellationToken
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        ).ShouldBeEmpty();
    }
}
