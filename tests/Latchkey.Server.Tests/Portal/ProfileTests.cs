using System.Net;
using Latchkey.Server.Insights;
using Latchkey.Server.Portal.Settings;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Portal;

/// <summary>What users see and change of themselves (J-49), and what they are told of their account.</summary>
public abstract class ProfileTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "J-49")]
    public async Task Where_nobody_allows_it_a_profile_is_only_read()
    {
        await AllowAsync(false);
        var user = await server.AddUserAsync();
        var browser = await server.BrowserAsync(user);
        await browser.OpenAsync("/profile");
        browser.Text("main").ShouldContain(user.Email);
        browser.Page.QuerySelector("#save-profile").ShouldBeNull();
    }

    [Fact]
    [Trait("Rule", "J-49")]
    public async Task And_what_is_sent_all_the_same_is_refused()
    {
        await AllowAsync(false);
        var user = await server.AddUserAsync();
        var browser = await server.BrowserAsync(user);
        await browser.OpenAsync("/profile");
        await browser.PostAsync("/profile", $"Input.FirstName=Eve&Input.Version={user.Version}");
        browser.Status.ShouldBe(HttpStatusCode.Forbidden);
        (await AgainAsync(user.Id)).FirstName.ShouldBe("Ada");
    }

    [Fact]
    [Trait("Rule", "J-49")]
    public async Task Where_it_is_allowed_names_and_phone_number_change_and_are_told()
    {
        await AllowAsync(true);
        var user = await server.AddUserAsync();
        var browser = await server.BrowserAsync(user);
        await browser.OpenAsync("/profile");
        browser.Type("#Input_DisplayName", "Countess of Lovelace");
        browser.Type("#Input_Phone", "+44 20 7946 0000");
        await browser.ClickAsync("#save-profile");

        var after = await AgainAsync(user.Id);
        (after.DisplayName, after.PhoneNumbers.Single().Number).ShouldBe(
            ("Countess of Lovelace", "+44 20 7946 0000")
        );
        var told = (await server.EventsAboutAsync(user)).Single(e =>
            e.Type == EventTypes.UserUpdate
        );
        told.ActorId.ShouldBe(user.Id);
        EventDetails.Read(told.Details).Changes.Select(c => c.Field).ShouldContain("displayname");
    }

    [Theory]
    [InlineData("+44 20 3", "+44 20 3", "+44 20 2")]
    [InlineData("", "+44 20 2")]
    public async Task Of_several_phone_numbers_at_work_the_one_that_is_shown_changes(
        string typed,
        params string[] after
    )
    {
        await AllowAsync(true);
        var user = await server.AddUserAsync(u =>
            u.PhoneNumbers = [
                new("mobile", "+44 70 1"),
                new("work", "+44 20 1"),
                new("work", "+44 20 2"),
            ]
        );
        var browser = await server.BrowserAsync(user);
        await browser.OpenAsync("/profile");
        browser.Type("#Input_Phone", typed);
        await browser.ClickAsync("#save-profile");

        (await AgainAsync(user.Id))
            .PhoneNumbers.Select(p => p.Number)
            .ShouldBe(["+44 70 1", .. after]);
    }

    [Fact]
    public async Task The_address_that_passwords_are_reset_by_cannot_be_slipped_in()
    {
        await AllowAsync(true);
        var user = await server.AddUserAsync();
        var browser = await server.BrowserAsync(user);
        await browser.OpenAsync("/profile");
        await browser.PostAsync(
            "/profile",
            $"Input.FirstName=Ada&Input.Email=eve@example.test&Email=eve@example.test&Input.RecoveryEmail=eve@example.test&Input.Role=owner&Input.Version={user.Version}"
        );
        var after = await AgainAsync(user.Id);
        (after.Email, after.RecoveryEmail, after.Role).ShouldBe((user.Email, null, null));
    }

    [Fact]
    public async Task Activity_says_in_plain_words_what_happened_and_shows_nobody_elses()
    {
        var (user, other) = (await server.AddUserAsync(), await server.AddUserAsync());
        var code = ReferenceCode.New();
        await using (var db = server.Open())
        {
            db.Events.AddRange(
                Happened(EventTypes.PasskeyCreate, user.Id),
                Happened(EventTypes.UserPasswordSet, user.Id),
                Happened(EventTypes.TotpFinishEnrollment, other.Id),
                new Event
                {
                    At = server.Clock.GetUtcNow(),
                    Type = EventTypes.SsoAuth,
                    Success = false,
                    ActorId = user.Id,
                    TargetType = "application",
                    TargetName = "Wiki",
                    ReferenceCode = code,
                }
            );
            await db.SaveChangesAsync(Ct);
        }
        var browser = await server.BrowserAsync(user);
        await browser.OpenAsync("/activity");
        var text = browser.Text("main");
        text.ShouldContain("A passkey was added");
        text.ShouldContain("An administrator set your password");
        text.ShouldContain("Signing in to Wiki did not work");
        text.ShouldContain(code);
        text.ShouldNotContain("authenticator app was set up");
    }

    [Fact]
    public async Task Where_somebody_else_acted_activity_does_not_say_from_where()
    {
        var user = await server.AddUserAsync();
        await using (var db = server.Open())
        {
            db.Events.AddRange(
                From("203.0.113.1", user.Id, user.Id),
                From("203.0.113.2", Guid.CreateVersion7(), user.Id),
                // A stranger at the sign-in page: who it was nobody knows, and users should see from where.
                From("203.0.113.3", null, user.Id)
            );
            await db.SaveChangesAsync(Ct);
        }
        var browser = await server.BrowserAsync(user);
        await browser.OpenAsync("/activity");
        browser
            .Page.QuerySelectorAll(".lk-activity .lk-sub")
            .Select(e => e.TextContent)
            .Where(text => text.Contains("203.0.113.", StringComparison.Ordinal))
            .Select(text => text.Trim())
            .ShouldBe(["Firefox (Linux) · 203.0.113.3", "Firefox (Linux) · 203.0.113.1"]);
    }

    [Fact]
    public async Task What_an_administrator_does_to_others_is_not_the_administrators_activity()
    {
        var (administrator, other) = (await server.AddUserAsync(), await server.AddUserAsync());
        await using (var db = server.Open())
        {
            db.Events.Add(
                new Event
                {
                    At = server.Clock.GetUtcNow(),
                    Type = EventTypes.UserPasswordSet,
                    Success = true,
                    ActorId = administrator.Id,
                    TargetType = "user",
                    TargetId = other.Id,
                }
            );
            await db.SaveChangesAsync(Ct);
        }
        var browser = await server.BrowserAsync(administrator);
        await browser.OpenAsync("/activity");
        browser.Text("main").ShouldNotContain("set your password");
    }

    private Event From(string address, Guid? actor, Guid userId) =>
        new()
        {
            At = server.Clock.GetUtcNow(),
            Type = EventTypes.UserPasswordSet,
            Success = true,
            ActorId = actor,
            TargetType = "user",
            TargetId = userId,
            ClientIp = address,
            UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
        };

    private static Event Happened(string type, Guid userId) =>
        new()
        {
            At = DateTimeOffset.UnixEpoch.AddYears(50),
            Type = type,
            Success = true,
            TargetType = "user",
            TargetId = userId,
        };

    private async Task AllowAsync(bool allowed) =>
        await server.AskAsync<PortalSettingsService, object>(async settings =>
            await settings.SaveAsync(new PortalSettings { ProfileEditable = allowed }, Ct)
        );

    private async Task<Latchkey.Server.Directory.User> AgainAsync(Guid id)
    {
        await using var db = server.Open();
        return await db.Users.AsNoTracking().SingleAsync(u => u.Id == id, Ct);
    }
}

public sealed class ProfileOnSqlite(SqliteIdentityProvider server)
    : ProfileTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class ProfileOnPostgreSql(PostgreSqlIdentityProvider server)
    : ProfileTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
