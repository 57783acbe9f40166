using Latchkey.Server.Storage;
using Npgsql;

namespace Latchkey.Server.Tests.Storage;

public sealed class RoundsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_asks_while_a_round_is_under_way_shares_the_next()
    {
        var sizes = new List<int>();
        var (work, go) = await HeldAsync(asked =>
        {
            sizes.Add(asked.Count);
            return [.. asked.Select(a => -a)];
        });
        await using var ending = work;
        var asked = Enumerable.Range(1, 5).Select(n => work.AskAsync(n, Ct)).ToList();
        go.SetResult();

        (await Task.WhenAll(asked)).ShouldBe([-1, -2, -3, -4, -5]);
        sizes.ShouldBe([5]);
    }

    [Fact]
    public async Task One_that_cannot_be_done_harms_no_other()
    {
        var (work, go) = await HeldAsync(asked =>
            asked.Contains(3)
                ? throw new InvalidOperationException("three")
                : [.. asked.Select(a => -a)]
        );
        await using var ending = work;
        var asked = Enumerable.Range(1, 4).Select(n => work.AskAsync(n, Ct)).ToList();
        go.SetResult();

        (await Should.ThrowAsync<InvalidOperationException>(asked[2])).Message.ShouldBe("three");
        (await Task.WhenAll(asked[0], asked[1], asked[3])).ShouldBe([-1, -2, -4]);
    }

    [Fact]
    public async Task When_the_database_is_away_all_hear_it_at_once_and_none_is_tried_again()
    {
        var tries = 0;
        var (work, go) = await HeldAsync(_ =>
        {
            tries++;
            throw new NpgsqlException("away", new TimeoutException());
        });
        await using var ending = work;
        var asked = Enumerable.Range(1, 4).Select(n => work.AskAsync(n, Ct)).ToList();
        go.SetResult();

        foreach (var one in asked)
            await Should.ThrowAsync<NpgsqlException>(one);
        tries.ShouldBe(1);
    }

    // Its first round lasts until all the others wait.
    private static async Task<(Rounds<int, int> Work, TaskCompletionSource Go)> HeldAsync(
        Func<IReadOnlyList<int>, int[]> work
    )
    {
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var rounds = new Rounds<int, int>(async asked =>
        {
            if (!begun.TrySetResult())
                return work(asked);
            await go.Task;
            return [0];
        });
        _ = rounds.AskAsync(0, Ct);
        await begun.Task;
        return (rounds, go);
    }
}
