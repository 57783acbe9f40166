using Latchkey.Server.Directory;

namespace Latchkey.Server.Tests.Applications;

/// <summary>Flow B: who may use an application, on its page; without JavaScript.</summary>
public sealed class AccessPageTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    [Fact]
    [Trait("Rule", "S1-18")]
    [Trait("Rule", "S2-19")]
    public async Task Flow_B_takes_three_clicks()
    {
        var group = await host.GroupAsync(null, await host.UserAsync());
        var made = await host.AddAsync(host.Input() with { Label = "Flow B", Active = true });
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications?q=flow%20b");
        await browser.ClickAsync($"#application-{made.Slug}");
        browser.Tick($"#group-{group.Id:N}");
        await browser.ClickAsync("#save");

        // The list, the tick and the press: the address of the list is no click, the tick is one.
        (browser.Clicks + browser.Ticks).ShouldBe(3);
        browser.Text("#access-words").ShouldBe("1 person in 1 group can sign in");
    }

    [Fact]
    [Trait("Rule", "S4-12")]
    public async Task A_person_is_let_in_by_name_on_the_page()
    {
        var user = await host.UserAsync("by-name");
        var made = await host.AddAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");
        browser.Type("#Form_UserSearch", "by-name");
        await browser.ClickAsync("#find-users");
        await browser.ClickAsync($"#add-user-{user.Id:N}");
        browser.Text("#access-words").ShouldBe("1 person can sign in. Groups: 0. By name: 1.");

        await browser.ClickAsync("#save");

        (await host.Access.UserIdsAsync(made.Id)).ShouldBe([user.Id]);
    }

    [Fact]
    [Trait("Rule", "S4-12")]
    public async Task The_list_counts_people_who_are_let_in_by_name()
    {
        var user = await host.UserAsync();
        var made = await host.AddAsync(host.Input() with { UserIds = [user.Id], Active = true });
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/applications?q={Uri.EscapeDataString(made.SpEntityId)}");

        browser.Text("#applications").ShouldContain("1 person by name");
    }

    [Fact]
    [Trait("Rule", "S4-12")]
    public async Task A_person_who_was_let_in_by_name_is_removed_on_the_page()
    {
        var user = await host.UserAsync();
        var made = await host.AddAsync(host.Input() with { UserIds = [user.Id] });
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");
        await browser.ClickAsync($"#remove-user-{user.Id:N}");

        await browser.ClickAsync("#save");

        (await host.Access.UserIdsAsync(made.Id)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Rule", "J-27")]
    public async Task Saving_the_page_keeps_the_people_who_are_let_in_by_name()
    {
        var user = await host.UserAsync();
        var made = await host.AddAsync(host.Input() with { UserIds = [user.Id] });
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");
        browser.Type("#Form_Label", "Renamed");

        await browser.ClickAsync("#save");

        (await host.Access.UserIdsAsync(made.Id)).ShouldBe([user.Id]);
    }

    [Fact]
    [Trait("Rule", "S0-20")]
    public async Task What_is_open_to_people_by_name_is_not_called_open_to_nobody()
    {
        var user = await host.UserAsync();
        var made = await host.AddAsync(host.Input() with { UserIds = [user.Id], Active = true });
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/applications/{made.Id}");

        browser.Page.QuerySelector(".lk-app-alert").ShouldBeNull();
    }

    [Fact]
    public async Task A_person_who_is_kept_out_is_put_into_a_group_beside_the_answer()
    {
        var user = await host.UserAsync("kept-out");
        var group = await host.GroupAsync("Let in");
        var made = await host.AddAsync(host.Input() with { GroupIds = [group.Id], Active = true });
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");
        browser.Type("#Form_Label", "Not saved yet");
        browser.Type("#Form_Person", "kept-out");
        await browser.ClickAsync("#ask-person");
        browser.Text("#person-answer").ShouldContain("cannot sign in");

        await browser.ClickAsync($"#join-{user.Id:N}-{group.Id:N}");

        browser.Text("#person-answer").ShouldContain("can sign in: through Let in");
        browser.Value("#Form_Label").ShouldBe("Not saved yet");
        browser.Text("#access-words").ShouldBe("1 person in 1 group can sign in");
    }

    [Fact]
    public async Task A_person_who_is_suspended_is_told_apart_from_one_in_no_group()
    {
        var user = await host.UserAsync("gone-away", UserState.Suspended);
        var group = await host.GroupAsync(null, user);
        var made = await host.AddAsync(host.Input() with { GroupIds = [group.Id] });
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");
        browser.Type("#Form_Person", "gone-away");

        await browser.ClickAsync("#ask-person");

        browser.Text("#person-answer").ShouldContain("the user is not activated");
    }

    [Fact]
    [Trait("Rule", "S1-17")]
    public async Task A_group_is_let_in_from_its_own_page()
    {
        var group = await host.GroupAsync();
        var made = await host.AddAsync(host.Input() with { Label = "From the group" });
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/groups/{group.Id}?open=from%20the%20group");

        await browser.ClickAsync($"#grant-{made.Id:N}");

        browser.Text("#applications").ShouldContain("From the group");
        (await host.Access.GroupIdsAsync(made.Id)).ShouldBe([group.Id]);
    }

    [Fact]
    public async Task What_is_taken_back_from_a_group_stays_with_the_others()
    {
        var (group, other) = (await host.GroupAsync(), await host.GroupAsync());
        var made = await host.AddAsync(host.Input() with { GroupIds = [group.Id, other.Id] });
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/groups/{group.Id}");

        await browser.ClickAsync($"#revoke-{made.Id:N}");

        (await host.Access.GroupIdsAsync(made.Id)).ShouldBe([other.Id]);
        (await host.EventsOfAsync(made.Id))[^1].Details.ShouldContain("remove");
    }
}
