using System.Net;
using AngleSharp.Dom;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Tests.Applications;
using Latchkey.Server.Tests.SignIn.Factors;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Roles;

/// <summary>Roles on the pages: what one may not do is not shown, and refused to whoever sends it all the same (J-113).</summary>
public abstract class RolePageTests(TestIdentityProvider host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "J-113")]
    public async Task An_owner_gives_a_role_on_the_users_page()
    {
        var user = await host.UserAsync();
        var owner = await AsAsync(Role.Owner);
        await owner.OpenAsync($"/admin/users/{user.Id}");
        owner.Type("#role", "help_desk");
        await owner.ClickAsync("#save-role");
        (await AgainAsync(user)).Role.ShouldBe(Role.HelpDesk);
    }

    [Fact]
    public async Task What_was_given_is_an_event_with_before_and_after()
    {
        var user = await host.UserAsync();
        var owner = await AsAsync(Role.Owner);
        await owner.OpenAsync($"/admin/users/{user.Id}");
        owner.Type("#role", "auditor");
        await owner.ClickAsync("#save-role");
        var events = await host.EventsAboutAsync(user);
        events.Select(e => e.Type).ShouldContain(EventTypes.UserAdminGranted);
        EventDetails
            .Read(events.First(e => e.Type == EventTypes.UserUpdate).Details)
            .Changes.ShouldContain(new FieldChange("role", null, "auditor"));
    }

    [Theory]
    [InlineData("Administrator")]
    [InlineData("HelpDesk")]
    [InlineData("Auditor")]
    public async Task Nobody_else_can_give_one(string role)
    {
        var user = await host.UserAsync();
        var browser = await AsAsync(Enum.Parse<Role>(role));
        await PostAsync(browser, user, "Role", "role=owner");
        browser.Status.ShouldBe(HttpStatusCode.Forbidden);
        (await AgainAsync(user)).Role.ShouldBeNull();
    }

    [Fact]
    public async Task Who_changes_a_user_cannot_slip_a_role_in()
    {
        var user = await host.UserAsync();
        var browser = await AsAsync(Role.Administrator);
        await browser.OpenAsync($"/admin/users/{user.Id}");
        await browser.PostAsync(
            $"/admin/users/{user.Id}",
            $"Input.Username={user.Username}&Input.Email={user.Email}&Input.State=activated&Input.Role=owner&role=owner&Input.Version={user.Version}"
        );
        (await AgainAsync(user)).Role.ShouldBeNull();
    }

    [Theory]
    [InlineData("/admin/applications")]
    [InlineData("/admin/groups")]
    [InlineData("/admin/settings/mail")]
    [InlineData("/admin/settings/tokens")]
    [InlineData("/admin/users/export")]
    [InlineData("/admin/users/new")]
    [InlineData("/admin/users/bulk?do=delete")]
    public async Task The_help_desk_does_not_get_in_there(string address)
    {
        var browser = await AsAsync(Role.HelpDesk);
        await browser.OpenAsync(address);
        browser.Status.ShouldBe(HttpStatusCode.Forbidden);
        browser.Text("h1").ShouldBe("This page is not open to you");
    }

    [Fact]
    public async Task The_help_desk_sees_only_what_it_may_open()
    {
        var browser = await AsAsync(Role.HelpDesk);
        await browser.OpenAsync("/admin");
        browser
            .Page.QuerySelectorAll(".lk-nav a")
            .Select(a => a.GetAttribute("href"))
            .ShouldBe(["/admin", "/admin/users", "/admin/sessions", "/admin/events"]);
    }

    [Fact]
    [Trait("Rule", "J-47")]
    public async Task The_help_desk_unlocks()
    {
        var user = await host.AddUserAsync(u =>
            u.LockoutEnd = host.Clock.GetUtcNow().AddMinutes(5)
        );
        var browser = await AsAsync(Role.HelpDesk);
        await browser.OpenAsync($"/admin/users/{user.Id}");
        await browser.ClickAsync("#unlock");
        (await AgainAsync(user)).LockoutEnd.ShouldBeNull();
    }

    [Fact]
    public async Task The_help_desk_mails_a_link_for_a_password()
    {
        var user = await host.AddUserAsync();
        var browser = await AsAsync(Role.HelpDesk);
        await browser.OpenAsync($"/admin/users/{user.Id}");
        await browser.ClickAsync("#send-reset");
        (await TemplatesToAsync(user)).ShouldBe(["password_reset"]);
    }

    [Fact]
    public async Task The_help_desk_invites_again()
    {
        var user = await host.UserAsync();
        var browser = await AsAsync(Role.HelpDesk);
        await browser.OpenAsync($"/admin/users/{user.Id}");
        await browser.ClickAsync("#invite");
        (await TemplatesToAsync(user)).ShouldBe(["activation"]);
    }

    [Fact]
    public async Task The_help_desk_takes_a_second_step_away()
    {
        var user = await WithPasskeyAsync(await host.UserAsync());
        var browser = await AsAsync(Role.HelpDesk);
        await browser.OpenAsync($"/admin/users/{user.Id}/factors");
        await browser.ClickAsync("#reset-factors");
        (await HasFactorAsync(user)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_help_desk_reads_a_user_and_finds_nothing_else_to_press()
    {
        var user = await host.UserAsync();
        var browser = await AsAsync(Role.HelpDesk);
        await browser.OpenAsync($"/admin/users/{user.Id}");
        browser.Value("#Input_Email").ShouldBe(user.Email);
        Pressable(browser).ShouldBe(["?handler=Invite", "?handler=Reset"]);
    }

    [Theory]
    [InlineData("HelpDesk", "Owner")]
    [InlineData("HelpDesk", "Administrator")]
    [InlineData("HelpDesk", "Auditor")]
    [InlineData("Administrator", "Owner")]
    public async Task There_is_no_way_up_through_somebody_elses_account(string role, string above)
    {
        var user = await WithPasskeyAsync(
            await host.AddUserAsync(u =>
            {
                u.Role = Enum.Parse<Role>(above);
                u.LockoutEnd = host.Clock.GetUtcNow().AddMinutes(5);
            })
        );
        var browser = await AsAsync(Enum.Parse<Role>(role));
        foreach (var handler in (string[])["Reset", "Invite", "Unlock", "End"])
        {
            await PostAsync(browser, user, handler);
        }
        await SendAsync(browser, user, $"/admin/users/{user.Id}/factors?handler=Reset");
        await SendAsync(
            browser,
            user,
            $"/admin/users/{user.Id}/factors",
            "ExcludedUntil=2026-06-30"
        );
        await SendAsync(
            browser,
            user,
            $"/admin/users/{user.Id}/password",
            "Input.PasswordChoice=type&Input.Password=another+long+passphrase"
        );
        await SendAsync(browser, user, $"/admin/users/{user.Id}/delete");
        await SendAsync(browser, user, $"/admin/users/bulk", $"do=suspend&user={user.Id}");
        await SendAsync(
            browser,
            user,
            $"/admin/users/{user.Id}",
            $"Input.Username={user.Username}&Input.Email=mine@example.test&Input.State=suspended&Input.Version={user.Version}"
        );

        var after = await AgainAsync(user);
        (
            after.Email,
            after.State,
            after.PasswordHash,
            after.SecurityStamp,
            after.LockoutEnd
        ).ShouldBe(
            (user.Email, user.State, user.PasswordHash, user.SecurityStamp, user.LockoutEnd)
        );
        (await HasFactorAsync(user)).ShouldBeTrue();
        (await TemplatesToAsync(user)).ShouldBeEmpty();
        (await host.EventsAboutAsync(user)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_account_above_ones_own_shows_nothing_to_press_and_says_why()
    {
        var user = await host.AddUserAsync(u => u.Role = Role.Owner);
        var browser = await AsAsync(Role.Administrator);
        await browser.OpenAsync($"/admin/users/{user.Id}");
        Pressable(browser).ShouldBeEmpty();
        browser.Text("[role=note]").ShouldContain("more than you");
    }

    [Theory]
    [InlineData("/admin/settings/mail", "?handler=Test")]
    [InlineData("/admin/settings/events")]
    public async Task What_roles_rest_on_is_changed_by_owners_alone(
        string address,
        params string[] pressable
    )
    {
        var browser = await AsAsync(Role.Administrator);
        await browser.OpenAsync(address);
        Pressable(browser).ShouldBe(pressable);
        browser.Text("[role=note]").ShouldStartWith("Only owners");

        // With a token of a page that has one.
        await browser.OpenAsync("/admin/settings/portal");
        await browser.PostAsync(address, "Input.Host=mail.example.test&Input.Days=3650");

        browser.Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_auditor_opens_every_list_and_finds_nothing_to_press()
    {
        var application = await host.AddAsync();
        var user = await host.UserAsync();
        var group = await host.GroupAsync();
        var browser = await AsAsync(Role.Auditor);
        foreach (
            var address in (string[])
                [
                    "/admin",
                    "/admin/users",
                    $"/admin/users/{user.Id}",
                    $"/admin/users/{user.Id}/factors",
                    "/admin/users/settings",
                    "/admin/groups",
                    $"/admin/groups/{group.Id}",
                    "/admin/applications",
                    $"/admin/applications/{application.Id}",
                    "/admin/events",
                    "/admin/settings/mail",
                    "/admin/settings/mail/queue",
                    "/admin/settings/mail/templates",
                    "/admin/settings/sign-in",
                    "/admin/settings/tokens",
                ]
        )
        {
            await browser.OpenAsync(address);
            browser.Status.ShouldBe(HttpStatusCode.OK, address);
            Pressable(browser).ShouldBeEmpty(address);
        }
    }

    [Fact]
    public async Task An_auditor_reads_the_fields_of_a_form()
    {
        var group = await host.GroupAsync();
        var browser = await AsAsync(Role.Auditor);
        await browser.OpenAsync($"/admin/groups/{group.Id}");
        browser.Value("#Input_Name").ShouldBe(group.Name);
    }

    [Fact]
    public async Task A_role_that_is_taken_away_is_gone_at_the_next_request()
    {
        var user = await host.UserAsync(administrator: true);
        var browser = await host.BrowserAsync(user);
        await host.UserAsync(administrator: true);
        await host.ChangeAsync(user, u => u.Role = null);
        await browser.OpenAsync("/admin/users");
        browser.Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    /// <summary>Where the forms of the page's content go that somebody could send.</summary>
    private static IEnumerable<string?> Pressable(AdminBrowser browser) =>
        browser
            .Page.QuerySelectorAll("main form[method=post]")
            .Select(form => form.GetAttribute("action"));

    private async Task<AdminBrowser> AsAsync(Role role)
    {
        await host.UserAsync(administrator: true);
        return await host.BrowserAsync(await host.AddUserAsync(u => u.Role = role));
    }

    private static Task PostAsync(
        AdminBrowser browser,
        User user,
        string handler,
        string fields = ""
    ) => SendAsync(browser, user, $"/admin/users/{user.Id}?handler={handler}", fields);

    /// <summary>With a token of a page that opens, which a refusal has none of.</summary>
    private static async Task SendAsync(
        AdminBrowser browser,
        User user,
        string address,
        string fields = ""
    )
    {
        await browser.OpenAsync($"/admin/users/{user.Id}");
        await browser.PostAsync(address, fields);
    }

    private async Task<User> AgainAsync(User user)
    {
        await using var db = host.Open();
        return await db.Users.AsNoTracking().SingleAsync(u => u.Id == user.Id, Ct);
    }

    private async Task<string[]> TemplatesToAsync(User user)
    {
        await using var db = host.Open();
        return await db
            .QueuedMails.Where(m => m.UserId == user.Id)
            .Select(m => m.Template)
            .ToArrayAsync(Ct);
    }

    private async Task<User> WithPasskeyAsync(User user)
    {
        await using var db = host.Open();
        db.Passkeys.Add(TestPasskey.Stored(user.Id, host.Clock.GetUtcNow()));
        await db.SaveChangesAsync(Ct);
        return user;
    }

    private async Task<bool> HasFactorAsync(User user)
    {
        await using var db = host.Open();
        return await db.Passkeys.AnyAsync(p => p.UserId == user.Id, Ct);
    }
}

public sealed class RolePagesOnSqlite(SqliteIdentityProvider host)
    : RolePageTests(host),
        IClassFixture<SqliteIdentityProvider>;

public sealed class RolePagesOnPostgreSql(PostgreSqlIdentityProvider host)
    : RolePageTests(host),
        IClassFixture<PostgreSqlIdentityProvider>;
