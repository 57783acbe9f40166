using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Latchkey.Testing;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Faults.Tests;

/// <summary>What was acknowledged is durable: kill -9 while several browsers sign in loses nothing that anybody was told.</summary>
public sealed class Killed_in_the_middle_of_sign_ins
{
    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task No_acknowledged_event_session_or_participant_is_lost(Engine engine)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var server = await ServerProcess.StartAsync(
            new ServerSetup { Engine = engine, Bootstrap = Wiki.Bootstrap }
        );
        var clients = Enumerable.Range(0, 4).Select(_ => new SignInClient(server.Address)).ToList();
        await Task.WhenAll(clients.Select(c => c.SignInAsync("ada", Wiki.Password, ct)));

        foreach (var round in new[] { 1, 2 })
        {
            var wanted = round * 60;
            var underWay = clients.ConvertAll(c => c.GoOnAsync("wiki", Wiki.SpEntityId, ct));
            await Wait.UntilAsync(
                () => Task.FromResult(clients.Sum(c => c.Given.Count) >= wanted),
                () => $"Sign-ins do not get on:\n{server.Output}"
            );
            await server.KillAsync();
            await Task.WhenAll(underWay);
            await server.StartAgainAsync();
        }

        var given = clients.SelectMany(c => c.Given).ToList();
        var stored = await StoredAsync(server, engine, ct);
        given.Select(g => g.SessionIndex).Except(stored.SessionIndices).ShouldBeEmpty();
        given.Select(g => g.RequestId).Except(stored.AnsweredRequests).ShouldBeEmpty();
        stored.Issued.ShouldBeGreaterThanOrEqualTo(given.Count);
        foreach (var client in clients)
        {
            (await client.IsSignedInAsync(ct)).ShouldBeTrue();
            client.Dispose();
        }
    }

    private static async Task<Stored> StoredAsync(
        ServerProcess server,
        Engine engine,
        CancellationToken ct
    )
    {
        var options = new DbContextOptionsBuilder<LatchkeyDbContext>();
        if (engine == Engine.Sqlite)
        {
            StorageServices.Configure(options, DatabaseAddress.ForFile(server.Storage));
        }
        else
        {
            options.UseNpgsql(server.Storage);
        }
        await using var database = new LatchkeyDbContext(options.Options);
        return new Stored(
            await database.SessionParticipants.Select(p => p.SessionIndex).ToListAsync(ct),
            await database.AnsweredRequests.Select(a => a.RequestId).ToListAsync(ct),
            await database.Events.CountAsync(e => e.Type == EventTypes.SsoAuth, ct)
        );
    }

    private sealed record Stored(
        IReadOnlyList<string> SessionIndices,
        IReadOnlyList<string> AnsweredRequests,
        int Issued
    );
}
