using System.Text.Json;
using Latchkey.Server.Directory;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Api;

public abstract class GroupApiTests(TestDatabase database) : ApiTest(database)
{
    [Fact]
    public async Task A_group_is_created_with_its_rule_attributes_and_members()
    {
        var made = await SendAsync(
            "POST",
            "/groups",
            $$"""
            {"name": "{{Mark}}", "members": ["{{Mark}}"],
             "rule": {"match": "any", "conditions": [{"attribute": "department", "operator": "is", "value": "Research"}]},
             "attributes": [{"name": "lab", "type": "boolean", "value": "true"}]}
            """
        );

        made.Status.ShouldBe(201);
        made["member_count"].GetInt32().ShouldBe(1);
        made["rule"].GetProperty("match").GetString().ShouldBe("any");
        (await SendAsync("GET", $"/groups/{Mark}")).Text.ShouldBe(made.Text);
    }

    [Fact]
    [Trait("Rule", "J-27")]
    public async Task A_change_changes_what_it_says_and_null_takes_away()
    {
        await MakeAsync();

        var changed = await SendAsync("PATCH", $"/groups/{Mark}", """{"rule": null}""");

        changed["rule"].ValueKind.ShouldBe(JsonValueKind.Null);
        changed["description"].GetString().ShouldBe("As it was");
    }

    [Fact]
    public async Task What_was_shown_can_be_sent_back_and_changes_nothing()
    {
        var made = await MakeAsync();

        var changed = await SendAsync("PATCH", $"/groups/{Mark}", made.Text);

        changed.Text.ShouldBe(made.Text);
    }

    [Fact]
    public async Task Of_a_refused_change_nothing_is_kept()
    {
        await MakeAsync();

        var refused = await SendAsync(
            "PATCH",
            $"/groups/{Mark}",
            """{"description": "New", "members": ["nobody"]}"""
        );

        refused.Problems.ShouldBe(["422 api-user-unknown members[0]"]);
        (await SendAsync("GET", $"/groups/{Mark}"))["description"]
            .GetString()
            .ShouldBe("As it was");
    }

    [Fact]
    public async Task Members_come_and_go_one_by_one_and_doing_it_twice_is_no_fault()
    {
        await MakeAsync();

        (await SendAsync("PUT", $"/groups/{Mark}/members/{Mark}")).Status.ShouldBe(204);
        (await SendAsync("PUT", $"/groups/{Mark}/members/{Mark}")).Status.ShouldBe(204);
        var members = await SendAsync("GET", $"/groups/{Mark}/members");
        (await SendAsync("DELETE", $"/groups/{Mark}/members/{Mark}")).Status.ShouldBe(204);

        members["items"]
            .EnumerateArray()
            .Single()
            .GetProperty("username")
            .GetString()
            .ShouldBe(Mark);
        (await SendAsync("GET", $"/groups/{Mark}"))["member_count"].GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Groups_are_listed_by_pages()
    {
        foreach (var end in new[] { "a", "b", "c" })
        {
            await SendAsync("POST", "/groups", $$"""{"name": "{{Mark}}-{{end}}"}""");
        }

        var first = await SendAsync("GET", $"/groups?search={Mark}&limit=2");
        var second = await SendAsync(
            "GET",
            $"/groups?search={Mark}&limit=2&cursor={first["next_cursor"].GetString()}"
        );

        Names(first).ShouldBe([$"{Mark}-a", $"{Mark}-b"]);
        Names(second).ShouldBe([$"{Mark}-c"]);
    }

    [Fact]
    public async Task A_deleted_group_is_gone()
    {
        await MakeAsync();

        (await SendAsync("DELETE", $"/groups/{Mark}")).Status.ShouldBe(204);

        (await SendAsync("GET", $"/groups/{Mark}")).Problems.ShouldBe(["404 api-group-unknown"]);
    }

    [Theory]
    [InlineData("""{"name": ""}""", "422 group-name-missing name")]
    [InlineData("""{"nam": "x"}""", "422 declaration-key-unknown nam")]
    [InlineData(
        """{"rule": {"conditions": [{"attribute": "department", "operator": "resembles"}]}}""",
        "422 declaration-not-word rule.conditions[0].operator"
    )]
    public async Task A_refusal_names_the_field(string body, string problem)
    {
        (await SendAsync("POST", "/groups", body)).Problems.ShouldContain(problem);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_conflict()
    {
        await MakeAsync();

        (await MakeAsync()).Problems.ShouldBe(["409 group-name-taken name"]);
    }

    private Task<Answer> MakeAsync() =>
        SendAsync(
            "POST",
            "/groups",
            $$"""
            {"name": "{{Mark}}", "description": "As it was",
             "rule": {"conditions": [{"attribute": "department", "operator": "is", "value": "{{Mark}}"}]} }
            """
        );

    private static IEnumerable<string?> Names(Answer list) =>
        list["items"].EnumerateArray().Select(i => i.GetProperty("name").GetString());
}

public sealed class GroupApiOnSqlite(SqliteDatabase database)
    : GroupApiTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class GroupApiOnPostgreSql(PostgreSqlDatabase database)
    : GroupApiTests(database),
        IClassFixture<PostgreSqlDatabase>;
