using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Account;

/// <summary>Where a user is signed in, and what they opened there.</summary>
internal sealed class OwnSessions(
    IDbContextFactory<LatchkeyDbContext> databases,
    SignInLimits limits,
    TimeProvider time
)
{
    /// <summary>The sessions that still count, the one used last first.</summary>
    public async Task<IReadOnlyList<OwnSession>> ListAsync(Guid userId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var idle = now - limits.SessionIdle;
        await using var database = await databases.CreateDbContextAsync(ct);
        var sessions = await database
            .Sessions.AsNoTracking()
            .Where(s =>
                s.UserId == userId
                && s.EndedAt == null
                && s.ExpiresAt > now
                && s.LastSeenAt > idle
                && database.Users.Any(u => u.Id == userId && u.SecurityStamp == s.SecurityStamp)
            )
            .OrderByDescending(s => s.LastSeenAt)
            .ToListAsync(ct);
        var ids = sessions.ConvertAll(s => s.Id);
        var opened = await (
            from participant in database.SessionParticipants
            where ids.Contains(participant.SessionId)
            join application in database.Applications
                on participant.ApplicationId equals application.Id
            select new { participant.SessionId, application.Label }
        )
            .Distinct()
            .ToListAsync(ct);
        return
        [
            .. sessions.Select(s => new OwnSession(
                s,
                BrowserName.Of(s.UserAgent),
                [
                    .. opened
                        .Where(o => o.SessionId == s.Id)
                        .Select(o => o.Label)
                        .Order(StringComparer.CurrentCultureIgnoreCase),
                ]
            )),
        ];
    }

    /// <summary>Ends one of a user's sessions.</summary>
    /// <returns>Whether it was theirs and still open.</returns>
    public Task<bool> EndAsync(Guid userId, Guid id, CancellationToken ct) =>
        EndAsync(s => s.UserId == userId && s.Id == id, ct);

    /// <summary>Ends all of a user's sessions but one.</summary>
    public Task<bool> EndOthersAsync(Guid userId, Guid kept, CancellationToken ct) =>
        EndAsync(s => s.UserId == userId && s.Id != kept, ct);

    private async Task<bool> EndAsync(
        System.Linq.Expressions.Expression<Func<Session, bool>> which,
        CancellationToken ct
    )
    {
        DateTimeOffset? now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database
                .Sessions.Where(which)
                .Where(s => s.EndedAt == null)
                .ExecuteUpdateAsync(s => s.SetProperty(x => x.EndedAt, now), ct) > 0;
    }
}

/// <param name="Browser">Such as "Firefox on Windows"; null when it cannot be told.</param>
/// <param name="Opened">The applications opened in it, by name.</param>
internal sealed record OwnSession(Session Session, string? Browser, IReadOnlyList<string> Opened);
