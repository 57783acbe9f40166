using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Latchkey.Server.SingleLogout;

/// <summary>
/// Tells the participants of sessions that somebody ended without a browser at hand: an administrator, a suspension, the
/// user in another browser. It goes by the rows: whoever ends a session writes EndedAt and need not think of this. A
/// session that runs out by itself is nobody's wish and ends nothing elsewhere (S1-28, S1-32).
/// </summary>
internal sealed class EndedSessions(
    IDbContextFactory<LatchkeyDbContext> databases,
    Logouts logouts,
    LogoutRecord record,
    TimeProvider time
)
{
    /// <summary>Which sessions are looked at: those that ended longer ago were seen, or there was no server for all that time.</summary>
    private static readonly TimeSpan s_lookBack = TimeSpan.FromDays(1);

    /// <summary>How long a browser may be away before its logout is closed without it.</summary>
    private static readonly TimeSpan s_browserGone = TimeSpan.FromMinutes(10);

    /// <summary>How long what is retried by SOAP is kept.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(1);

    private const int Batch = 50;

    /// <summary>Stores for each ended session whom to tell.</summary>
    /// <returns>How many sessions were seen to.</returns>
    public async Task<int> NoticeAsync(CancellationToken ct)
    {
        var since = time.GetUtcNow() - s_lookBack;
        await using var look = await databases.CreateDbContextAsync(ct);
        var ended = await look
            .Sessions.AsNoTracking()
            .Where(s => s.EndedAt > since && s.ParticipantsToldAt == null)
            .OrderBy(s => s.EndedAt)
            .Take(Batch)
            .Join(look.Users, s => s.UserId, u => u.Id, (s, u) => new { s.Id, User = u })
            .ToListAsync(ct);
        var seen = 0;
        foreach (var row in ended)
            seen += await TellAsync(row.Id, row.User.Id, row.User.Username, ct) ? 1 : 0;
        return seen;
    }

    /// <summary>
    /// Ends the sessions of a user whose stamp changed or who is about to be deleted, together with that change. A new
    /// password ends what is open. Whoever is suspended or deleted shall be out everywhere, and applications keep
    /// sessions for longer than we do: those opened in sessions that ran out before hear of it too, as long as we know them.
    /// </summary>
    /// <returns>How many sessions were open.</returns>
    public static async Task<int> FollowAsync(
        LatchkeyDbContext database,
        EntityEntry<User> user,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (
            user.State != EntityState.Deleted
            && !(
                user.State == EntityState.Modified && user.Property(u => u.SecurityStamp).IsModified
            )
        )
            return 0;
        var id = user.Entity.Id;
        var sessions = await database
            .Sessions.Where(s => s.UserId == id && s.ParticipantsToldAt == null)
            .ToListAsync(ct);
        var open = sessions.FindAll(s => s.IsOpen(now));
        if (user.State == EntityState.Modified)
        {
            var over = user.Entity.State == UserState.Activated ? open : sessions;
            foreach (var session in over)
                session.EndedAt ??= now;
            return open.Count;
        }
        // The rows go with the user: whom to tell is stored at once.
        var ids = sessions.ConvertAll(s => s.Id);
        if (await database.SessionParticipants.AnyAsync(p => ids.Contains(p.SessionId), ct))
            await LogoutPlan.AddAsync(
                database,
                New(id, user.Entity.Username, now),
                ids,
                askedInline: false,
                ct
            );
        return open.Count;
    }

    /// <summary>Closes what nobody goes on with, and removes what is long over.</summary>
    public async Task CloseAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var gone = now - s_browserGone;
        await using var database = await databases.CreateDbContextAsync(ct);
        var open = await database
            .Logouts.AsNoTracking()
            .Where(l =>
                l.FinishedAt == null
                && (
                    l.Origin == LogoutOrigin.Soap
                    || l.Origin == LogoutOrigin.Elsewhere
                    || l.CreatedAt < gone
                )
                && !database.LogoutParticipants.Any(p =>
                    p.LogoutId == l.Id
                    && p.State == ParticipantState.Waiting
                    && p.Channel == LogoutChannel.Back
                )
            )
            .OrderBy(l => l.CreatedAt)
            .Take(Batch)
            .ToListAsync(ct);
        foreach (var logout in open)
        {
            if (await logouts.ReadAsync(logout.Id, ct) is not { } view)
                continue;
            foreach (var left in view.Participants.Where(IsLeft))
            {
                if (await logouts.SettleAsync(left.Row, LogoutFailure.NoAnswer))
                    await record.ParticipantAsync(
                        http: null,
                        logout,
                        await database
                            .Applications.AsNoTracking()
                            .SingleOrDefaultAsync(a => a.Id == left.Row.ApplicationId, ct),
                        left.Row,
                        LogoutFailure.NoAnswer
                    );
            }
            view = await logouts.ReadAsync(logout.Id, ct) ?? view;
            await record.FinishAsync(http: null, view);
        }
        var old = now - s_kept;
        await database.Logouts.Where(l => l.ExpiresAt < old).ExecuteDeleteAsync(ct);
    }

    private static bool IsLeft(ParticipantView participant) =>
        participant.Row.State == ParticipantState.Asked
        || participant.Row is { State: ParticipantState.Waiting, Channel: LogoutChannel.Front };

    private async Task<bool> TellAsync(
        Guid sessionId,
        Guid userId,
        string username,
        CancellationToken ct
    )
    {
        DateTimeOffset? now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        var claimed = await database
            .Sessions.Where(s => s.Id == sessionId && s.ParticipantsToldAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.ParticipantsToldAt, now), ct);
        if (claimed == 0)
            return false;
        if (await database.SessionParticipants.AnyAsync(p => p.SessionId == sessionId, ct))
        {
            await LogoutPlan.AddAsync(
                database,
                New(userId, username, now.Value),
                [sessionId],
                askedInline: false,
                ct
            );
            await database.SaveChangesAsync(ct);
        }
        await transaction.CommitAsync(ct);
        return true;
    }

    private static Logout New(Guid userId, string username, DateTimeOffset now) =>
        new()
        {
            Origin = LogoutOrigin.Elsewhere,
            UserId = userId,
            Username = username,
            ReferenceCode = ReferenceCode.New(),
            CreatedAt = now,
            ExpiresAt = now + s_kept,
        };
}
