using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Latchkey.Testing;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Faults.Tests;

/// <summary>The database goes away without a word and comes back: nothing that anybody was told is lost, whoever asks meanwhile is told what to do, and it goes on by itself.</summary>
public sealed class PostgreSql_restarted_in_the_middle_of_sign_ins
{
    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_the_page_says_what_to_do()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var postgres = await OwnPostgres.StartAsync();
        await using var server = await ServerProcess.StartAsync(
            new ServerSetup
            {
                Bootstrap = Wiki.Bootstrap,
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["LATCHKEY_DATABASE"] = postgres.Address,
                },
            }
        );
        var clients = Enumerable.Range(0, 3).Select(_ => new SignInClient(server.Address)).ToList();
        foreach (var client in clients)
            await client.SignInAsync("ada", Wiki.Password, ct);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var underWay = clients.ConvertAll(c => c.KeepOnAsync("wiki", Wiki.SpEntityId, over.Token));
        await GivenAsync(30);
        await postgres.StopAsync();
        await Wait.UntilAsync(
            () => Task.FromResult(clients.All(c => !c.Failures.IsEmpty)),
            () => $"Nobody noticed that the database is gone:\n{server.Output}"
        );
        await postgres.StartAgainAsync();
        var before = clients.Sum(c => c.Given.Count);
        await GivenAsync(before + 30);
        await over.CancelAsync();
        await Task.WhenAll(underWay);

        foreach (var (status, page) in clients.SelectMany(c => c.Failures))
        {
            status.ShouldBe(503);
            page.ShouldContain("Wait a few seconds, then try again.");
            page.ShouldContain("id=\"reference-code\"");
            page.ShouldContain("id=\"again\"");
        }
        var given = clients.SelectMany(c => c.Given).ToList();
        await using var database = new LatchkeyDbContext(
            new DbContextOptionsBuilder<LatchkeyDbContext>()
                .UseNpgsql(postgres.ConnectionString)
                .Options
        );
        var stored = await database.SessionParticipants.Select(p => p.SessionIndex).ToListAsync(ct);
        given.Select(g => g.SessionIndex).Except(stored).ShouldBeEmpty();
        (
            await database.Events.CountAsync(e => e.Type == EventTypes.SsoAuth, ct)
        ).ShouldBeGreaterThanOrEqualTo(given.Count);
        foreach (var client in clients)
        {
            (await client.IsSignedInAsync(ct)).ShouldBeTrue();
            client.Dispose();
        }

        Task GivenAsync(int count) =>
            Wait.UntilAsync(
                () => Task.FromResult(clients.Sum(c => c.Given.Count) >= count),
                () => $"Sign-ins do not get on:\n{server.Output}"
            );
    }
}
