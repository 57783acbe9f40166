using System.Text.Json;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Insights;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Api;

public abstract class UserApiTests(TestDatabase database) : ApiTest(database)
{
    private string Name => Mark + "-u";

    [Fact]
    [Trait("Rule", "J-66")]
    public async Task A_user_is_created_with_everything_and_the_password_never_comes_back()
    {
        await SendAsync("POST", "/groups", $$"""{"name": "{{Mark}}"}""");

        var made = await SendAsync(
            "POST",
            "/users",
            $$"""
            {"username": "{{Name}}", "email": "{{Name}}@example.test", "firstname": "Ada", "manager": "{{Mark}}",
             "password": "a rather long password", "groups": ["{{Mark}}"], "attributes": {"floor": "3", "keys": ["a", "b"]},
             "addresses": [{"kind": "work", "locality": "London"}], "phone_numbers": [{"kind": "work", "number": "1"}]}
            """
        );

        made.Status.ShouldBe(201);
        made["manager"].GetString().ShouldBe(Mark);
        made["groups"][0].GetString().ShouldBe(Mark);
        made["attributes"].GetProperty("keys")[1].GetString().ShouldBe("b");
        made["password_status"].GetString().ShouldBe("active");
        made.Text.ShouldNotContain("long password");
        (await SendAsync("GET", $"/users/{Name}")).Text.ShouldBe(made.Text);
    }

    [Fact]
    [Trait("Rule", "J-27")]
    public async Task A_change_changes_what_it_says_and_null_empties()
    {
        await MakeAsync();

        var changed = await SendAsync(
            "PATCH",
            $"/users/{Name}",
            """{"department": null, "state": "suspended"}"""
        );

        changed["department"].ValueKind.ShouldBe(JsonValueKind.Null);
        changed["state"].GetString().ShouldBe("suspended");
        changed["job_title"].GetString().ShouldBe("Countess");
    }

    [Fact]
    public async Task What_was_shown_can_be_sent_back_and_changes_nothing()
    {
        var made = await MakeAsync();

        (await SendAsync("PATCH", $"/users/{Name}", made.Text)).Text.ShouldBe(made.Text);
    }

    [Fact]
    public async Task Users_are_listed_by_pages_and_narrowed()
    {
        await MakeAsync();

        var staged = await SendAsync("GET", $"/users?search={Mark}&state=staged");
        var first = await SendAsync("GET", $"/users?search={Mark}&limit=1");
        var second = await SendAsync(
            "GET",
            $"/users?search={Mark}&limit=1&cursor={first["next_cursor"].GetString()}"
        );

        staged["items"].GetArrayLength().ShouldBe(0);
        Usernames(first).Concat(Usernames(second)).ShouldBe([Mark, Name]);
    }

    [Fact]
    public async Task A_link_to_choose_a_password_goes_by_mail_and_not_into_the_answer()
    {
        await MakeAsync();

        var answer = await SendAsync("POST", $"/users/{Name}/password-reset");

        (answer.Status, answer.Text).ShouldBe((204, ""));
        await using var db = Database.Open();
        var user = await db.Users.SingleAsync(u => u.Username == Name, Ct);
        (await db.AccountLinks.CountAsync(l => l.UserId == user.Id, Ct)).ShouldBe(1);
    }

    [Fact]
    [Trait("Rule", "J-62")]
    public async Task A_state_is_planned_and_taken_back()
    {
        await MakeAsync();

        await SendAsync(
            "PUT",
            $"/users/{Name}/schedule/suspended",
            """{"at": "2030-01-31T18:00:00Z"}"""
        );
        var planned = await SendAsync("GET", $"/users/{Name}/schedule");
        await SendAsync("DELETE", $"/users/{Name}/schedule/suspended");

        planned["items"][0].GetProperty("state").GetString().ShouldBe("suspended");
        (await SendAsync("GET", $"/users/{Name}/schedule"))["items"].GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("/sessions")]
    [InlineData("/applications")]
    public async Task What_lies_around_a_user_is_listed(string path)
    {
        await MakeAsync();

        (await SendAsync("GET", $"/users/{Name}{path}"))["items"].GetArrayLength().ShouldBe(0);
    }

    [Fact]
    [Trait("Rule", "J-112")]
    public async Task A_token_for_users_reaches_nobody_who_has_a_role()
    {
        await MakeAsync();
        Use(await TokenAsync(ApiScopes.UsersWrite));

        var promote = await SendAsync("PATCH", $"/users/{Name}", """{"role": "owner"}""");
        var change = await SendAsync("PATCH", $"/users/{Mark}", """{"email": "x@example.test"}""");
        var reset = await SendAsync("POST", $"/users/{Mark}/password-reset");
        var delete = await SendAsync("DELETE", $"/users/{Mark}");
        var others = await SendAsync("PATCH", $"/users/{Name}", """{"job_title": "Duchess"}""");

        foreach (var refused in new[] { promote, change, reset, delete })
        {
            refused.Problems.ShouldBe(["403 token-scope-missing"]);
        }
        others.Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_deleted_user_is_gone()
    {
        await MakeAsync();

        (await SendAsync("DELETE", $"/users/{Name}")).Status.ShouldBe(204);

        (await SendAsync("GET", $"/users/{Name}")).Problems.ShouldBe(["404 api-user-unknown"]);
    }

    [Theory]
    [InlineData("""{"email": "nonsense"}""", "422 email-invalid email")]
    [InlineData("""{"manager": "nobody"}""", "422 api-user-unknown manager")]
    [InlineData("""{"groups": ["nobody"]}""", "422 api-group-unknown groups[0]")]
    [InlineData("""{"role": "king"}""", "422 declaration-not-word role")]
    [InlineData(
        """{"phone_numbers": [{"kind": "work"}]}""",
        "422 declaration-key-missing phone_numbers[0].number"
    )]
    public async Task A_refusal_names_the_field_and_changes_nothing(string body, string problem)
    {
        var made = await MakeAsync();

        (await SendAsync("PATCH", $"/users/{Name}", body)).Problems.ShouldBe([problem]);
        (await SendAsync("GET", $"/users/{Name}")).Text.ShouldBe(made.Text);
    }

    [Fact]
    public async Task Custom_attributes_are_defined_listed_and_taken_away()
    {
        await SendAsync("PUT", $"/attributes/{Mark}", """{"label": "Floor", "type": "number"}""");
        var changed = await SendAsync("PUT", $"/attributes/{Mark}", """{"description": "Where"}""");
        var refused = await SendAsync(
            "POST",
            "/users",
            $$"""{"username": "{{Name}}", "email": "{{Name}}@example.test", "attributes": {"{{Mark}}": "third"} }"""
        );

        (changed["label"].GetString(), changed["type"].GetString()).ShouldBe(("Floor", "number"));
        refused.Problems.Single().ShouldStartWith("422 attribute-not-number");
        (await SendAsync("GET", "/attributes")).Text.ShouldContain(Mark);
        (await SendAsync("DELETE", $"/attributes/{Mark}")).Status.ShouldBe(204);
        (await SendAsync("DELETE", $"/attributes/{Mark}")).Status.ShouldBe(404);
    }

    [Fact]
    [Trait("Rule", "J-117")]
    public async Task The_record_is_read_by_filter_and_page()
    {
        await MakeAsync();
        await SendAsync("PATCH", $"/users/{Name}", """{"job_title": "One"}""");
        await SendAsync("PATCH", $"/users/{Name}", """{"job_title": "Two"}""");

        var first = await SendAsync(
            "GET",
            $"/events?user={Name}&type={EventTypes.UserUpdate}&limit=1"
        );
        var second = await SendAsync(
            "GET",
            $"/events?user={Name}&type={EventTypes.UserUpdate}&limit=1&cursor={first["next_cursor"].GetString()}"
        );

        To(first).ShouldBe("Two");
        To(second).ShouldBe("One");
        var id = first["items"][0].GetProperty("id").GetString();
        (await SendAsync("GET", $"/events/{id}"))["type"].GetString().ShouldBe("user_update");
    }

    [Theory]
    [InlineData("type=nonsense", "400 api-event-type type")]
    [InlineData("from=yesterday", "400 api-not-time from")]
    [InlineData("user=nobody", "400 api-user-unknown user")]
    [InlineData("success=maybe", "400 declaration-not-flag success")]
    public async Task A_filter_that_nobody_knows_is_refused(string query, string problem) =>
        (await SendAsync("GET", $"/events?{query}")).Problems.ShouldBe([problem]);

    private static string? To(Answer list) =>
        list["items"]
            [0]
            .GetProperty("details")
            .GetProperty("changes")[0]
            .GetProperty("to")
            .GetString();

    private static IEnumerable<string?> Usernames(Answer list) =>
        list["items"].EnumerateArray().Select(i => i.GetProperty("username").GetString());

    private Task<Answer> MakeAsync() =>
        SendAsync(
            "POST",
            "/users",
            $$"""{"username": "{{Name}}", "email": "{{Name}}@example.test", "department": "Research", "job_title": "Countess", "state": "activated"}"""
        );
}

public sealed class UserApiOnSqlite(SqliteDatabase database)
    : UserApiTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class UserApiOnPostgreSql(PostgreSqlDatabase database)
    : UserApiTests(database),
        IClassFixture<PostgreSqlDatabase>;
