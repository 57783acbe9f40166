using System.Net;
using Latchkey.Server.Directory;
using Latchkey.Server.Tests.Applications;
using Latchkey.Server.Tests.SignIn.Factors;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory;

/// <summary>The pages of users, by plain form posts.</summary>
public sealed class UserPagesTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    private const string Save = ".lk-save .btn-primary";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_is_added_with_a_password_that_is_shown_once()
    {
        var group = await host.GroupAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/users/new");
        browser.Type("#Input_Username", "grace");
        browser.Type("#Input_Email", "Grace@Example.test");
        browser.Tick($"#group-{group.Id}");

        await browser.ClickAsync(Save);

        browser.Text(".lk-toast").ShouldContain("grace");
        browser.Value("#generated-password").Length.ShouldBeGreaterThan(15);
        browser.Value("#Input_Email").ShouldBe("grace@example.test");
        browser.Page.QuerySelector($"a[href='/admin/groups/{group.Id}']").ShouldNotBeNull();
        await browser.OpenAsync(browser.Address);
        browser.Page.QuerySelector("#generated-password").ShouldBeNull();
    }

    [Fact]
    public async Task The_page_says_how_it_stands_with_the_second_step()
    {
        var user = await host.AddUserAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/users/{user.Id}");
        browser.Text("#second-step").ShouldContain("Not set up");

        await AuthenticatorApp.EnrolAsync(host, user);

        await browser.OpenAsync($"/admin/users/{user.Id}");
        browser.Text("#second-step").ShouldContain("Authenticator app");
    }

    [Theory]
    [InlineData(true, "Set up, and not asked for until")]
    [InlineData(false, "Not set up; let in without until")]
    [Trait("Rule", "J-76")]
    public async Task While_somebody_is_let_in_without_the_pages_say_until_when(
        bool enrolled,
        string expected
    )
    {
        var user = await host.AddUserAsync();
        if (enrolled)
            await AuthenticatorApp.EnrolAsync(host, user);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/users/{user.Id}/factors");
        var until = new DateTimeOffset(host.Clock.GetUtcNow().Date.AddDays(3), TimeSpan.Zero);
        browser.Type("#ExcludedUntil", $"{until.AddDays(-1):yyyy-MM-dd}");
        await browser.ClickAsync("form .btn-primary");

        expected += $" {until:yyyy-MM-dd HH:mm} UTC";
        Line(browser.Text("#enrolment")).ShouldBe(expected);
        await browser.OpenAsync($"/admin/users/{user.Id}");
        Line(browser.Text("#second-step")).ShouldStartWith(expected);

        host.Clock.Advance(TimeSpan.FromDays(3));
        browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/users/{user.Id}/factors");
        browser.Text("#enrolment").ShouldNotContain("until");
    }

    [Fact]
    public async Task What_is_wrong_stands_beside_its_field_and_what_was_typed_stays()
    {
        var taken = await host.UserAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/users/new");
        browser.Type("#Input_Username", taken.Username);
        browser.Type("#Input_Email", "nowhere");
        browser.Type("#Input_LastName", "Hopper");

        await browser.ClickAsync(Save);

        browser.Errors.Length.ShouldBe(2);
        foreach (var field in new[] { "#Input_Username", "#Input_Email" })
        {
            var input = browser.Find(field);
            input.GetAttribute("aria-invalid").ShouldBe("true");
            var described = input.GetAttribute("aria-describedby")!.Split(' ');
            described
                .Select(id => browser.Page.GetElementById(id)?.ClassName ?? "")
                .ShouldContain(css => css.Contains("invalid-feedback", StringComparison.Ordinal));
        }
        browser.Value("#Input_LastName").ShouldBe("Hopper");
    }

    [Fact]
    public async Task Rows_are_added_and_an_emptied_row_goes()
    {
        var user = await host.UserAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/users/{user.Id}");
        browser.Type("#Input_FirstName", "Typed before");
        await browser.ClickAsync("#add-attribute");
        browser.Value("#Input_FirstName").ShouldBe("Typed before");
        browser.Type("#Input_Attributes_0__Name", "team");
        browser.Type("#Input_Attributes_0__Value", "engine");
        await browser.ClickAsync(Save);
        (await ReadAsync(user)).Attributes["team"].ShouldBe(["engine"]);

        browser.Type("#Input_Attributes_0__Name", "");
        browser.Type("#Input_Attributes_0__Value", "");
        await browser.ClickAsync(Save);

        (await ReadAsync(user)).Attributes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_who_edit_one_user_the_second_sees_what_the_first_saved()
    {
        var user = await host.UserAsync();
        var (first, second) = (await host.BrowserAsync(), await host.BrowserAsync());
        await first.OpenAsync($"/admin/users/{user.Id}");
        await second.OpenAsync($"/admin/users/{user.Id}");
        first.Type("#Input_Department", "Research");
        await first.ClickAsync(Save);

        second.Type("#Input_Department", "Sales");
        await second.ClickAsync(Save);

        var changed = second.Text(".alert-warning table");
        changed.ShouldContain("Research");
        changed.ShouldContain("Sales");
        (await ReadAsync(user)).Department.ShouldBe("Research");
        await second.ClickAsync(Save);
        (await ReadAsync(user)).Department.ShouldBe("Sales");
    }

    [Fact]
    public async Task A_user_joins_a_group_and_leaves_it()
    {
        var user = await host.UserAsync();
        var group = await host.GroupAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/users/{user.Id}");
        browser.Type("select[name=group]", group.Id.ToString());
        await browser.ClickAsync("form[action*=Join] button");
        (await MembersAsync(group)).ShouldBe([user.Id]);

        await browser.ClickAsync($"#leave-{group.Id}");

        (await MembersAsync(group)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("activated", true)]
    [InlineData("suspended", false)]
    [Trait("Rule", "J-63")]
    public async Task The_page_of_a_suspended_user_offers_no_new_password_J_63(
        string state,
        bool offered
    )
    {
        var user = await host.UserAsync(null, Enum.Parse<UserState>(state, ignoreCase: true));
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/users/{user.Id}");

        browser
            .Page.QuerySelectorAll($"a[href='/admin/users/{user.Id}/password']")
            .Any()
            .ShouldBe(offered);
    }

    [Fact]
    public async Task Deleting_says_what_goes_and_asks_first()
    {
        var user = await host.UserAsync();
        var group = await host.GroupAsync(null, user);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/users/{user.Id}/delete");
        browser.Text("main").ShouldContain(group.Name);

        await browser.ClickAsync("main .btn-danger");

        browser.Address.ShouldBe("/admin/users");
        await browser.OpenAsync($"/admin/users/{user.Id}");
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_list_is_searched_and_what_matches_nothing_says_so()
    {
        var user = await host.UserAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/users?q={user.Username}");
        browser.Page.QuerySelector($"a[href='/admin/users/{user.Id}']").ShouldNotBeNull();
        await browser.OpenAsync("/admin/users?q=nobody-is-called-so");
        browser.Text(".lk-empty-title").ShouldNotBeEmpty();
    }

    private async Task<User> ReadAsync(User user)
    {
        await using var db = host.Open();
        return await db.Users.AsNoTracking().SingleAsync(u => u.Id == user.Id, Ct);
    }

    private async Task<List<Guid>> MembersAsync(Group group)
    {
        await using var db = host.Open();
        return await db
            .GroupMembers.Where(m => m.GroupId == group.Id)
            .Select(m => m.UserId)
            .ToListAsync(Ct);
    }

    /// <summary>As it is read: line breaks of the source are spaces.</summary>
    private static string Line(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
