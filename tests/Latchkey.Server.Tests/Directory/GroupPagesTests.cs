using Latchkey.Server.Tests.Applications;

namespace Latchkey.Server.Tests.Directory;

/// <summary>The pages of groups, by plain form posts.</summary>
public sealed class GroupPagesTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    [Fact]
    [Trait("Rule", "S2-20")]
    public async Task A_group_is_added_and_gets_its_members()
    {
        var user = await host.UserAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/groups/new");
        browser.Type("#Input_Name", "Navigators");
        await browser.ClickAsync("main .btn-primary");
        browser.Text("h1").ShouldBe("Navigators");

        await browser.OpenAsync($"{browser.Address}?add={user.Username}");
        await browser.ClickAsync($"#add-{user.Id}");

        browser.Page.QuerySelector($"#member-{user.Id}").ShouldNotBeNull();
        await browser.ClickAsync($"#remove-{user.Id}");
        browser.Page.QuerySelector($"#member-{user.Id}").ShouldBeNull();
    }

    [Fact]
    public async Task A_name_that_is_taken_is_said_beside_the_field()
    {
        var group = await host.GroupAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/groups/new");
        browser.Type("#Input_Name", group.Name);
        await browser.ClickAsync("main .btn-primary");
        browser.Find("#Input_Name").GetAttribute("aria-invalid").ShouldBe("true");
    }

    [Fact]
    public async Task Deleting_says_who_is_in_it_and_asks_first()
    {
        var group = await host.GroupAsync(null, await host.UserAsync());
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/groups/{group.Id}/delete");
        await browser.ClickAsync("main .btn-danger");
        browser.Address.ShouldBe("/admin/groups");
        browser.Text(".lk-toast").ShouldContain(group.Name);
    }
}
