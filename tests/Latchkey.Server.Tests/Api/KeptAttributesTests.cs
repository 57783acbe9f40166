using System.Text.Json;
using Latchkey.Server.Tests.Storage;

namespace Latchkey.Server.Tests.Api;

/// <summary>When the type of an attribute changes, values that users have stay. They keep nobody from changing anything else of their users.</summary>
public abstract class KeptAttributesTests(TestDatabase database) : ApiTest(database)
{
    private string Name => Mark + "-u";

    [Fact]
    public async Task A_value_that_stays_keeps_nothing_else_from_changing()
    {
        await WithValueOfAnotherTypeAsync();

        var changed = await SendAsync("PATCH", $"/users/{Name}", """{"job_title": "Countess"}""");

        (changed.Status, changed["attributes"].GetProperty(Mark)[0].GetString()).ShouldBe(
            (200, "third")
        );
    }

    [Fact]
    public async Task A_value_that_stays_keeps_no_file_from_being_applied()
    {
        await WithValueOfAnotherTypeAsync();

        var applied = await SendAsync(
            "POST",
            "/apply",
            JsonSerializer.Serialize(
                new
                {
                    document = $"users: [{{ username: {Name}, email: {Name}@example.test, job_title: Countess }}]",
                }
            )
        );

        applied.Status.ShouldBe(200, applied.Text);
        (await SendAsync("GET", $"/users/{Name}"))["job_title"].GetString().ShouldBe("Countess");
    }

    [Fact]
    public async Task A_value_that_changes_is_of_the_type_there_is_now()
    {
        await WithValueOfAnotherTypeAsync();

        var refused = await SendAsync(
            "PATCH",
            $"/users/{Name}",
            $$$"""{"attributes": {"{{{Mark}}}": "fourth"}}"""
        );

        refused.Problems.Single().ShouldStartWith("422 attribute-not-number");
    }

    private async Task WithValueOfAnotherTypeAsync()
    {
        await SendAsync("PUT", $"/attributes/{Mark}", """{"type": "string"}""");
        await SendAsync(
            "POST",
            "/users",
            $$$"""{"username": "{{{Name}}}", "email": "{{{Name}}}@example.test", "attributes": {"{{{Mark}}}": "third"}}"""
        );
        await SendAsync("PUT", $"/attributes/{Mark}", """{"type": "number"}""");
    }
}

public sealed class KeptAttributesOnSqlite(SqliteDatabase database)
    : KeptAttributesTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class KeptAttributesOnPostgreSql(PostgreSqlDatabase database)
    : KeptAttributesTests(database),
        IClassFixture<PostgreSqlDatabase>;
