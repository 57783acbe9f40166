using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SingleLogout;

/// <summary>
/// Asks participants by SOAP: at once, all side by side, when a logout begins; later, again and again for a while, those
/// that could not be reached. A participant is taken by moving its next try on, which only one node can do.
/// </summary>
internal sealed class BackChannelRounds(
    IDbContextFactory<LatchkeyDbContext> databases,
    Logouts logouts,
    BackChannel channel,
    LogoutRecord record,
    TimeProvider time
)
{
    /// <summary>After how long it is tried again; then it is given up.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
    [
        TimeSpan.FromSeconds(15),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(30),
    ];

    private const int Batch = 32;

    /// <summary>Asks everybody with SOAP for the first time; returns when each has answered or had its time.</summary>
    public Task FirstAsync(
        HttpContext http,
        Logout logout,
        IReadOnlyList<LogoutParticipant> participants
    ) =>
        Task.WhenAll(
            participants
                .Where(p => p is { State: ParticipantState.Waiting, Channel: LogoutChannel.Back })
                // Whoever closes the tab meanwhile still wants to be signed out.
                .Select(p => AskAsync(http, logout, p, CancellationToken.None))
        );

    /// <summary>Asks those whose time has come.</summary>
    /// <returns>How many were asked.</returns>
    public async Task<int> DueAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        var due = await (
            from participant in database.LogoutParticipants.AsNoTracking()
            where
                participant.NextAttemptAt <= now
                && participant.State == ParticipantState.Waiting
                && participant.Channel == LogoutChannel.Back
            join logout in database.Logouts.AsNoTracking() on participant.LogoutId equals logout.Id
            orderby participant.NextAttemptAt
            select new { Participant = participant, Logout = logout }
        )
            .Take(Batch)
            .ToListAsync(ct);
        var taken = new List<Task>();
        foreach (var row in due)
        {
            if (await TakeAsync(database, row.Participant, ct))
                taken.Add(AskAsync(http: null, row.Logout, row.Participant, ct));
        }
        await Task.WhenAll(taken);
        return taken.Count;
    }

    private async Task AskAsync(
        HttpContext? http,
        Logout logout,
        LogoutParticipant participant,
        CancellationToken ct
    )
    {
        var result = await channel.AskAsync(logout, participant, ct);
        var application = result.Runtime?.Application;
        var byBrowser =
            result.Failure is not null
            && http is not null
            && logout.HasBrowser
            && application is not null
            && LogoutEndpoints.Front(application) is not null;
        DateTimeOffset? next =
            result.MayGoBetter && !byBrowser && participant.Attempts < Pauses.Count
                ? time.GetUtcNow() + Pauses[participant.Attempts]
                : null;
        if (byBrowser)
            await logouts.ByBrowserAsync(participant);
        else if (next is { } at)
            await logouts.AgainAsync(participant, result.Failure!.Value, at);
        else
            await logouts.SettleAsync(participant, result.Failure);
        await record.ParticipantAsync(
            http,
            logout,
            application,
            participant,
            result.Failure,
            result.Findings,
            result.Said,
            next
        );
    }

    private async Task<bool> TakeAsync(
        LatchkeyDbContext database,
        LogoutParticipant participant,
        CancellationToken ct
    )
    {
        DateTimeOffset? until = time.GetUtcNow() + LogoutPlan.Lease;
        return await database
                .LogoutParticipants.Where(p =>
                    p.Id == participant.Id
                    && p.State == ParticipantState.Waiting
                    && p.NextAttemptAt == participant.NextAttemptAt
                )
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.NextAttemptAt, until), ct) == 1;
    }
}
