using System.Text.Json;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Mail;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Api;

public abstract class SettingsApiTests(TestDatabase database) : ApiTest(database)
{
    public static TheoryData<string, string, string, string> Parts =>
        new()
        {
            { "portal", """{"help_name": "Desk"}""", "help_name", "\"Desk\"" },
            { "sessions", """{"idle_minutes": 45}""", "idle_minutes", "45" },
            { "sign-in", """{"enrolment_days": 21}""", "enrolment_days", "21" },
            { "users", """{"import": "staged"}""", "import", "\"staged\"" },
            { "events", """{"days": 400}""", "days", "400" },
            { "mail", """{"from_name": "Sso"}""", "from_name", "\"Sso\"" },
        };

    [Theory]
    [MemberData(nameof(Parts))]
    [Trait("Rule", "J-27")]
    public async Task What_is_sent_of_a_setting_is_changed_and_nothing_else(
        string part,
        string change,
        string field,
        string value
    )
    {
        var before = await SendAsync("GET", $"/settings/{part}");

        var changed = await SendAsync("PATCH", $"/settings/{part}", change);

        changed.Status.ShouldBe(200, changed.Text);
        changed[field].GetRawText().ShouldBe(value);
        Others(changed, field).ShouldBe(Others(before, field));
        (await SendAsync("GET", $"/settings/{part}")).Text.ShouldBe(changed.Text);
        // What was shown can be sent back.
        var again = await SendAsync("PATCH", $"/settings/{part}", changed.Text);
        (again.Status, again.ETag).ShouldBe((200, changed.ETag), again.Text);
    }

    [Fact]
    public async Task A_change_of_what_somebody_else_changed_meanwhile_is_refused()
    {
        var seen = await SendAsync("GET", "/settings/portal");
        await SendAsync("PATCH", "/settings/portal", $$"""{"help_name": "{{Mark}}"}""");

        var late = await SendAsync(
            "PATCH",
            "/settings/portal",
            """{"help_name": "late"}""",
            ("If-Match", seen.ETag!)
        );

        late.Problems.ShouldBe(["412 settings-changed version"]);
        (await SendAsync("GET", "/settings/portal"))["help_name"].GetString().ShouldBe(Mark);
    }

    [Fact]
    public async Task A_setting_that_makes_no_sense_is_refused_with_its_field()
    {
        (
            await SendAsync("PATCH", "/settings/sessions", """{"idle_minutes": 1}""")
        ).Problems.ShouldBe(["422 session-setting-out-of-range idle_minutes"]);
        (
            await SendAsync("PATCH", "/settings/sign-in", """{"groups": ["nobody's"]}""")
        ).Problems.ShouldBe(["422 api-group-unknown groups[0]"]);
        (await SendAsync("PATCH", "/settings/users", """{"import": "gone"}""")).Problems.ShouldBe([
            "422 declaration-not-word import",
        ]);
        (await SendAsync("PATCH", "/settings/events", """{"hours": 1}""")).Problems.ShouldBe([
            "422 declaration-key-unknown hours",
        ]);
    }

    [Fact]
    [Trait("Rule", "J-75")]
    public async Task A_second_factor_is_asked_of_groups_and_applications_by_name()
    {
        await SendAsync("POST", "/groups", $$"""{"name": "{{Mark}}"}""");
        await SendAsync(
            "POST",
            "/applications",
            $$"""{"slug": "{{Mark}}", "label": "x", "sp_entity_id": "urn:x", "acs_urls": ["https://x.example.test/acs"]}"""
        );

        var changed = await SendAsync(
            "PATCH",
            "/settings/sign-in",
            $$"""{"groups": ["{{Mark}}"], "applications": ["{{Mark}}"]}"""
        );

        changed["groups"][0].GetString().ShouldBe(Mark);
        changed["applications"][0].GetString().ShouldBe(Mark);
    }

    [Fact]
    public async Task A_bookmark_asks_for_no_second_factor()
    {
        await SendAsync(
            "POST",
            "/applications",
            $$"""{"slug": "{{Mark}}", "label": "x", "kind": "bookmark", "login_url": "https://x.example.test/"}"""
        );

        var changed = await SendAsync(
            "PATCH",
            "/settings/sign-in",
            $$"""{"applications": ["{{Mark}}"]}"""
        );

        changed.Problems.ShouldBe(["422 second-step-of-bookmark applications"]);
    }

    [Fact]
    public async Task The_mail_servers_password_is_taken_and_never_shown()
    {
        const string Secret = "hunter2hunter2";
        var saved = await SendAsync(
            "PATCH",
            "/settings/mail",
            $$"""{"host": "smtp.example.test", "security": "tls", "username": "sso", "password": "{{Secret}}", "from": "sso@example.test"}"""
        );
        var kept = await SendAsync("PATCH", "/settings/mail", """{"from_name": "Kept"}""");

        (saved.Status, kept["has_password"].GetBoolean()).ShouldBe((200, true), saved.Text);
        (saved.Text + kept.Text).ShouldNotContain(Secret);
        await using var db = Database.Open();
        (await db.Events.AnyAsync(e => e.Details.Contains(Secret), Ct)).ShouldBeFalse();
    }

    [Fact]
    [Trait("Rule", "J-111")]
    public async Task The_words_of_a_mail_are_changed_and_ours_stand_again()
    {
        var ours = await SendAsync("GET", "/mail-templates/welcome");

        var own = await SendAsync(
            "PATCH",
            "/mail-templates/welcome",
            """{"subject": "Hi {name}"}"""
        );
        var wrong = await SendAsync("PATCH", "/mail-templates/welcome", """{"body": "{nobody}"}""");
        (await SendAsync("DELETE", "/mail-templates/welcome")).Status.ShouldBe(204);

        (own["subject"].GetString(), own["own"].GetBoolean()).ShouldBe(("Hi {name}", true));
        own["body"].GetString().ShouldBe(ours["body"].GetString());
        wrong.Problems.ShouldBe(["422 mail-placeholder-unknown body"]);
        (await SendAsync("GET", "/mail-templates/welcome")).Text.ShouldBe(ours.Text);
        (await SendAsync("GET", "/mail-templates/none")).Problems.ShouldBe([
            "404 api-setting-unknown",
        ]);
        (await SendAsync("GET", "/mail-templates"))["items"]
            .GetArrayLength()
            .ShouldBeGreaterThan(9);
    }

    [Fact]
    [Trait("Rule", "J-71")]
    public async Task Password_policies_are_made_placed_changed_and_deleted()
    {
        await SendAsync("POST", "/groups", $$"""{"name": "{{Mark}}"}""");
        var first = await SendAsync(
            "POST",
            "/password-policies",
            $$$"""{"name": "{{{Mark}}} a", "groups": ["{{{Mark}}}"], "rules": {"min_length": 16}}"""
        );
        var second = await SendAsync(
            "POST",
            "/password-policies",
            $$"""{"name": "{{Mark}} b", "position": 1}"""
        );
        var wrong = await SendAsync(
            "PATCH",
            $"/password-policies/{first["id"]}",
            """{"rules": {"min_length": 2}}"""
        );
        var renamed = await SendAsync(
            "PATCH",
            $"/password-policies/{first["id"]}",
            $$$"""{"name": "{{{Mark}}} c", "rules": {"history": 5}}"""
        );

        first.Status.ShouldBe(201, first.Text);
        second["position"].GetInt32().ShouldBe(1);
        wrong.Problems.ShouldBe(["422 policy-out-of-range rules.min_length"]);
        renamed["rules"].GetProperty("min_length").GetInt32().ShouldBe(16);
        renamed["rules"].GetProperty("history").GetInt32().ShouldBe(5);
        renamed["groups"][0].GetString().ShouldBe(Mark);
        var list = (await SendAsync("GET", "/password-policies"))["items"];
        list[0].GetProperty("name").GetString().ShouldBe($"{Mark} b");
        list[list.GetArrayLength() - 1].GetProperty("is_default").GetBoolean().ShouldBeTrue();
        (await SendAsync("DELETE", "/password-policies/Default")).Problems.ShouldBe([
            "422 policy-is-default id",
        ]);
        (await SendAsync("DELETE", $"/password-policies/{Mark} b")).Status.ShouldBe(204);
        (await SendAsync("DELETE", $"/password-policies/{Mark} c")).Status.ShouldBe(204);
    }

    [Fact]
    [Trait("Rule", "J-112")]
    public async Task A_token_makes_others_that_may_do_no_more_than_it_may()
    {
        Use(await TokenAsync(ApiScopes.TokensWrite, ApiScopes.GroupsRead));

        var same = await SendAsync("POST", "/tokens", """{"name": "same"}""");
        var above = await SendAsync(
            "POST",
            "/tokens",
            """{"name": "above", "scopes": ["users:read"]}"""
        );
        var list = await SendAsync("GET", "/tokens");
        Use(same["secret"].GetString()!);
        var groups = await SendAsync("GET", "/groups");
        var users = await SendAsync("GET", "/users");
        var gone = await SendAsync("DELETE", $"/tokens/{same["id"].GetString()}");

        above.Problems.ShouldBe(["403 token-scope-above scopes"]);
        list.Text.ShouldNotContain(same["secret"].GetString()!);
        (groups.Status, users.Status, gone.Status).ShouldBe((200, 403, 204));
        (await SendAsync("GET", "/groups")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_mail_that_is_stuck_is_seen_sent_again_and_deleted()
    {
        var id = Guid.CreateVersion7();
        await using (var db = Database.Open())
        {
            db.QueuedMails.Add(
                new()
                {
                    Id = id,
                    Template = "test",
                    Recipient = $"{Mark}@example.test",
                    Content = [1],
                    State = MailState.Failed,
                    LastError = "refused",
                    NextAttemptAt = DateTimeOffset.UtcNow.AddDays(1),
                    CreatedAt = DateTimeOffset.UtcNow,
                }
            );
            await db.SaveChangesAsync(Ct);
        }

        var stuck = await SendAsync("GET", "/mails");
        (await SendAsync("DELETE", $"/mails/{id}")).Status.ShouldBe(204);
        (await SendAsync("POST", "/mails/retry")).Status.ShouldBe(204);

        stuck["items"]
            .EnumerateArray()
            .Single(m => m.GetProperty("id").GetGuid() == id)
            .GetProperty("state")
            .GetString()
            .ShouldBe("failed");
        (await SendAsync("POST", $"/mails/{id}/retry")).Problems.ShouldBe(["404 api-mail-unknown"]);
        (await SendAsync("POST", "/mails/test", """{"to": "nobody"}""")).Problems.ShouldBe([
            "422 email-invalid to",
        ]);
    }

    [Fact]
    [Trait("Rule", "J-76")]
    public async Task One_user_is_asked_for_a_second_factor_or_let_off_for_a_while()
    {
        var until = DateTimeOffset.UtcNow.AddDays(7).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
        await SendAsync(
            "POST",
            "/users",
            $$"""{"username": "{{Mark}}u", "email": "{{Mark}}u@example.test"}"""
        );

        var asked = await SendAsync("PATCH", $"/users/{Mark}u/factors", """{"required": true}""");
        var off = await SendAsync(
            "PATCH",
            $"/users/{Mark}u/factors",
            $$"""{"excluded_until": "{{until}}"}"""
        );
        var far = await SendAsync(
            "PATCH",
            $"/users/{Mark}u/factors",
            """{"excluded_until": "2100-01-01T00:00:00Z"}"""
        );

        asked["required"].GetBoolean().ShouldBeTrue();
        off["required"].GetBoolean().ShouldBeTrue();
        off["excluded_until"].GetDateTimeOffset().ShouldBe(DateTimeOffset.Parse(until, null));
        far.Problems.ShouldBe(["422 exclusion-too-long excluded_until"]);
    }

    private static List<string> Others(Answer answer, string field) =>
        [
            .. answer
                .Json.EnumerateObject()
                .Where(p => p.Name != field)
                .Select(p => $"{p.Name}={p.Value.GetRawText()}"),
        ];
}

public sealed class SettingsApiOnSqlite(SqliteDatabase database)
    : SettingsApiTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class SettingsApiOnPostgreSql(PostgreSqlDatabase database)
    : SettingsApiTests(database),
        IClassFixture<PostgreSqlDatabase>;
