using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Insights;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Api;

/// <summary>States, their mails and passwords by call: for one user, and for several at once (J-62, J-65).</summary>
public abstract class UserMailApiTests(TestDatabase database) : ApiTest(database)
{
    [Fact]
    [Trait("Rule", "J-62")]
    public async Task Several_are_suspended_at_a_time_by_one_call_J_62()
    {
        var (one, two) = (await MakeAsync("1"), await MakeAsync("2"));

        var answer = await BulkAsync(
            $$"""{"do": "suspend", "users": ["{{one}}", "{{two}}"], "at": "2030-01-31T00:00:00Z"}"""
        );

        answer["done"].GetInt32().ShouldBe(2);
        foreach (var name in new[] { one, two })
        {
            (await SendAsync("GET", $"/users/{name}/schedule")).Text.ShouldContain("suspended");
        }
    }

    [Fact]
    public async Task What_one_refuses_is_answered_and_keeps_no_other_from_it()
    {
        var (one, two) = (await MakeAsync("1"), await MakeAsync("2"));
        await SendAsync("PATCH", $"/users/{one}", """{"state": "suspended"}""");

        var answer = await BulkAsync(
            $$"""{"do": "mail", "users": ["{{one}}", "{{two}}"], "mail_to": "boss@example.test"}"""
        );

        answer["done"].GetInt32().ShouldBe(1);
        answer["failed"][0].GetProperty("username").GetString().ShouldBe(one);
        answer["failed"][0].GetProperty("code").GetString().ShouldBe("user-not-active");
        (await MailsAsync(two)).ShouldBe(["activation boss@example.test"]);
    }

    [Theory]
    [InlineData("""{"do": "join", "users": ["NAME"]}""", "422 declaration-key-missing group")]
    [InlineData("""{"do": "burn", "users": ["NAME"]}""", "422 declaration-not-word do")]
    [InlineData("""{"do": "delete", "users": []}""", "422 declaration-key-missing users")]
    [InlineData("""{"do": "delete", "users": ["nobody"]}""", "422 api-user-unknown users[0]")]
    [InlineData(
        """{"do": "delete", "users": ["NAME"], "at": "2030-01-31T00:00:00Z"}""",
        "422 declaration-key-unknown at"
    )]
    [InlineData(
        """{"do": "mail", "users": ["NAME"], "mail_to": "nowhere"}""",
        "422 email-invalid mail_to"
    )]
    public async Task An_order_that_makes_no_sense_is_refused_and_nothing_is_done(
        string order,
        string problem
    )
    {
        var name = await MakeAsync("1");

        var answer = await BulkAsync(order.Replace("NAME", name, StringComparison.Ordinal));

        answer.Problems.ShouldBe([problem]);
        (await SendAsync("GET", $"/users/{name}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Users_with_a_role_need_the_scope_for_them()
    {
        var name = await MakeAsync("1");
        Use(await TokenAsync("users:read", "users:write"));

        var answer = await BulkAsync($$"""{"do": "suspend", "users": ["{{name}}", "{{Mark}}"]}""");

        answer.Problems.ShouldBe(["403 token-scope-missing"]);
        (await SendAsync("GET", $"/users/{name}"))["state"].GetString().ShouldBe("activated");
    }

    [Fact]
    [Trait("Rule", "J-65")]
    public async Task Whoever_is_activated_is_told_if_the_call_says_so_J_65()
    {
        var name = await MakeAsync("1", ", \"state\": \"staged\"");

        await SendAsync(
            "PATCH",
            $"/users/{name}",
            """{"state": "activated", "mail": true, "mail_to": "boss@example.test"}"""
        );
        // Whose state does not change is not told a second time.
        await SendAsync("PATCH", $"/users/{name}", """{"state": "activated", "mail": true}""");

        (await MailsAsync(name)).ShouldBe(["activation boss@example.test"]);
    }

    [Fact]
    [Trait("Rule", "J-65")]
    public async Task The_first_mail_goes_where_the_call_says_J_65()
    {
        var name = await MakeAsync("1", ", \"mail\": true, \"mail_to\": \"boss@example.test\"");
        (await MailsAsync(name)).ShouldBe(["activation boss@example.test"]);
    }

    [Fact]
    [Trait("Rule", "J-62")]
    public async Task A_plan_keeps_where_its_mail_goes_J_62()
    {
        var name = await MakeAsync("1", ", \"state\": \"staged\"");
        await SendAsync(
            "PUT",
            $"/users/{name}/schedule/activated",
            """{"at": "2030-01-31T00:00:00Z", "mail": true, "mail_to": "boss@example.test"}"""
        );

        var plan = (await SendAsync("GET", $"/users/{name}/schedule"))["items"][0];

        plan.GetProperty("mail_to").GetString().ShouldBe("boss@example.test");
    }

    [Fact]
    public async Task The_activation_mail_is_sent_again()
    {
        var name = await MakeAsync("1");

        (await SendAsync("POST", $"/users/{name}/activation-mail")).Status.ShouldBe(204);

        (await MailsAsync(name)).ShouldBe([$"activation {name}@example.test"]);
    }

    [Fact]
    public async Task A_password_is_set_that_has_to_be_changed()
    {
        var name = await MakeAsync("1");

        var answer = await SendAsync(
            "PUT",
            $"/users/{name}/password",
            """{"password": "a rather long password", "must_change": true}"""
        );

        answer.Status.ShouldBe(204);
        (await SendAsync("GET", $"/users/{name}"))["password_status"]
            .GetString()
            .ShouldBe("expired");
        await using var db = Database.Open();
        var id = (await db.Users.SingleAsync(u => u.Username == name, Ct)).Id;
        (
            await db.Events.SingleAsync(
                e => e.TargetId == id && e.Type == EventTypes.UserPasswordSet,
                Ct
            )
        ).Details.ShouldContain("must_change");
    }

    [Theory]
    [InlineData("staged")]
    [InlineData("activated")]
    [Trait("Rule", "J-61")]
    public async Task Users_made_by_a_call_or_a_file_begin_as_the_setting_says_J_61(string state)
    {
        await SendAsync("PATCH", "/settings/users", $$"""{"apply": "{{state}}"}""");
        var (called, applied) = (await MakeAsync("1"), Mark + "2");
        var yaml = $"users: [{{ username: {applied}, email: {applied}@example.test }}]";
        var plan = await WithAsync<DeclarationService, DeclarationPlan?>(declarations =>
            declarations.RunAsync(yaml, MetadataFiles.None, new(), apply: true, Ct)
        );
        plan.ShouldNotBeNull();

        foreach (var name in new[] { called, applied })
        {
            (await SendAsync("GET", $"/users/{name}"))["state"].GetString().ShouldBe(state);
        }
        await SendAsync("PATCH", "/settings/users", """{"apply": "activated"}""");
    }

    private Task<Answer> BulkAsync(string order) => SendAsync("POST", "/bulk/users", order);

    private async Task<string> MakeAsync(string end, string more = "")
    {
        var name = Mark + end;
        var made = await SendAsync(
            "POST",
            "/users",
            $$"""{"username": "{{name}}", "email": "{{name}}@example.test"{{more}}}"""
        );
        made.Status.ShouldBe(201);
        return name;
    }

    private async Task<List<string>> MailsAsync(string name)
    {
        await using var db = Database.Open();
        return await db
            .QueuedMails.Where(m => db.Users.Any(u => u.Id == m.UserId && u.Username == name))
            .OrderBy(m => m.Id)
            .Select(m => m.Template + " " + m.Recipient)
            .ToListAsync(Ct);
    }
}

public sealed class UserMailApiOnSqlite(SqliteDatabase database)
    : UserMailApiTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class UserMailApiOnPostgreSql(PostgreSqlDatabase database)
    : UserMailApiTests(database),
        IClassFixture<PostgreSqlDatabase>;
