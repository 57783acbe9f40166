using Latchkey.Server.Api.Idempotency;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Api;

public abstract class IdempotencyTests(TestDatabase database) : ApiTest(database)
{
    private string Body =>
        $$"""{"kind": "bookmark", "label": "{{Mark}}", "login_url": "https://docs.example.test/"}""";

    [Fact]
    public async Task A_repeat_changes_nothing_and_hears_the_same()
    {
        var first = await SendAsync("POST", "/applications", Body, Key("one"));

        var second = await SendAsync("POST", "/applications", Body, Key("one"));

        second.ShouldBe(first with { Replayed = true });
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_at_once_one_is_done_and_all_hear_its_answer()
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(_ => SendAsync("POST", "/applications", Body, Key("many")))
        );

        answers.Select(a => a.Text).Distinct().ShouldHaveSingleItem();
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_key_the_same_call_is_done_again()
    {
        await SendAsync("POST", "/applications", Body);
        await SendAsync("POST", "/applications", Body);

        (await CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_comes_with_something_else_is_refused()
    {
        await SendAsync("POST", "/applications", Body, Key("one"));

        var other = await SendAsync(
            "POST",
            "/applications",
            Body.Replace("docs.", "other."),
            Key("one")
        );

        other.Problems.ShouldBe(["422 idempotency-key-reused Idempotency-Key"]);
    }

    [Fact]
    public async Task After_a_refusal_the_key_can_be_used_again()
    {
        var refused = await SendAsync("POST", "/applications", "{}", Key("one"));

        var made = await SendAsync("POST", "/applications", Body, Key("one"));

        (refused.Status, made.Status).ShouldBe((422, 201));
    }

    [Fact]
    public async Task Another_token_has_keys_of_its_own()
    {
        await SendAsync("POST", "/applications", Body, Key("one"));
        Use(await TokenAsync());

        await SendAsync("POST", "/applications", Body, Key("one"));

        (await CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task After_a_day_the_answer_is_forgotten()
    {
        await SendAsync("POST", "/applications", Body, Key("one"));
        await using (var db = Database.Open())
        {
            var yesterday = DateTimeOffset.UtcNow - IdempotentAnswer.Kept;
            await db.IdempotentAnswers.ExecuteUpdateAsync(
                a => a.SetProperty(x => x.CreatedAt, yesterday),
                Ct
            );
        }

        await SendAsync("POST", "/applications", Body, Key("one"));

        (await CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task What_the_change_was_kept_with_is_one_transaction()
    {
        await SendAsync("POST", "/applications", Body, Key("one"));

        await using var db = Database.Open();
        (await db.IdempotentAnswers.CountAsync(a => a.Body!.Contains(Mark), Ct)).ShouldBe(1);
    }

    [Fact]
    public async Task A_key_is_printable() =>
        (
            await SendAsync("POST", "/applications", Body, ("Idempotency-Key", "a b"))
        ).Problems.ShouldBe(["400 idempotency-key-invalid Idempotency-Key"]);

    private (string, string) Key(string name) => ("Idempotency-Key", $"{Mark}-{name}");

    private async Task<int> CountAsync()
    {
        await using var db = Database.Open();
        return await db.Applications.CountAsync(a => a.Label == Mark, Ct);
    }
}

public sealed class IdempotencyOnSqlite(SqliteDatabase database)
    : IdempotencyTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class IdempotencyOnPostgreSql(PostgreSqlDatabase database)
    : IdempotencyTests(database),
        IClassFixture<PostgreSqlDatabase>;
