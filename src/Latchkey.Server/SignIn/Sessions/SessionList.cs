// EF translates ToLower to the databases' lower(); it is never run.
#pragma warning disable MA0011
using Latchkey.Server.Directory;
using Latchkey.Server.SignIn.Account;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Sessions;

/// <summary>The sessions that still count: of one user, or of everybody.</summary>
internal sealed class SessionList(IDbContextFactory<LatchkeyDbContext> databases, TimeProvider time)
{
    public const int PageSize = 50;

    /// <summary>A user's, the one used last first.</summary>
    public async Task<IReadOnlyList<OpenSession>> OfAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var rows = await (await OpenAsync(db, ct))
            .Where(s => s.User.Id == userId)
            .OrderByDescending(s => s.Session.LastSeenAt)
            .ToListAsync(ct);
        return await WithOpenedAsync(db, rows, ct);
    }

    /// <summary>A page of a user's: the one that is asked from first, then the one used last.</summary>
    public async Task<PageOf<OpenSession>> OfAsync(
        Guid userId,
        Guid here,
        int page,
        int size,
        CancellationToken ct
    )
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var found = await Paging.ReadAsync(
            (await OpenAsync(db, ct)).Where(s => s.User.Id == userId),
            open =>
                open.OrderByDescending(s => s.Session.Id == here)
                    .ThenByDescending(s => s.Session.LastSeenAt)
                    .ThenByDescending(s => s.Session.Id),
            page,
            size,
            ct
        );
        return new(
            await WithOpenedAsync(db, [.. found.Rows], ct),
            found.Page,
            found.Size,
            found.Total,
            found.IsMore
        );
    }

    /// <summary>One that still counts; null for any other.</summary>
    public async Task<OpenSession?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var rows = await (await OpenAsync(db, ct)).Where(s => s.Session.Id == id).ToListAsync(ct);
        return (await WithOpenedAsync(db, rows, ct)).SingleOrDefault();
    }

    /// <summary>Everybody's, the newest first.</summary>
    /// <param name="query">Which ones.</param>
    /// <param name="after">The last one of the page before.</param>
    /// <param name="size">How many at most.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task<SessionPage> ListAsync(
        SessionQuery query,
        Guid? after,
        int size,
        CancellationToken ct
    )
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var open = await OpenAsync(db, ct);
        if (query.UserId is { } user)
            open = open.Where(s => s.User.Id == user);
        if (query.ApplicationId is { } application)
        {
            open = open.Where(s =>
                db.SessionParticipants.Any(p =>
                    p.SessionId == s.Session.Id && p.ApplicationId == application
                )
            );
        }
        if (query.Search?.Trim() is { Length: > 0 } search)
        {
            var name = UserRules.Normalize(search);
            var text = search.ToLowerInvariant();
            open = open.Where(s =>
                s.User.NormalizedUsername.StartsWith(name)
                || s.User.Email.StartsWith(text)
                || (s.Session.ClientIp != null && s.Session.ClientIp.StartsWith(text))
                || db.SessionParticipants.Any(p =>
                    p.SessionId == s.Session.Id
                    && db.Applications.Any(a =>
                        a.Id == p.ApplicationId && a.Label.ToLower().Contains(text)
                    )
                )
            );
        }
        if (after is { } place)
            open = open.Where(s => s.Session.Id.CompareTo(place) < 0);
        var rows = await open.OrderByDescending(s => s.Session.Id).Take(size + 1).ToListAsync(ct);
        var more = rows.Count > size;
        if (more)
            rows.RemoveAt(size);
        return new(
            await WithOpenedAsync(db, rows, ct),
            more ? rows[^1].Session.Id.ToString() : null
        );
    }

    /// <summary>Open, its user active and unchanged: what <see cref="SessionService.IsAlive"/> says, in the database's words.</summary>
    private async Task<IQueryable<Row>> OpenAsync(LatchkeyDbContext db, CancellationToken ct)
    {
        var sessions = await OpenSessions.ReadAsync(db, time.GetUtcNow(), ct);
        return from session in sessions.AsNoTracking()
            join user in db.Users.AsNoTracking() on session.UserId equals user.Id
            where user.State == UserState.Activated && user.SecurityStamp == session.SecurityStamp
            select new Row { Session = session, User = user };
    }

    private static async Task<IReadOnlyList<OpenSession>> WithOpenedAsync(
        LatchkeyDbContext db,
        List<Row> rows,
        CancellationToken ct
    )
    {
        var ids = rows.ConvertAll(r => r.Session.Id);
        var opened = await (
            from participant in db.SessionParticipants
            where ids.Contains(participant.SessionId)
            join application in db.Applications on participant.ApplicationId equals application.Id
            select new { participant.SessionId, application.Label }
        )
            .Distinct()
            .ToListAsync(ct);
        var labels = opened.ToLookup(o => o.SessionId, o => o.Label);
        return
        [
            .. rows.Select(r => new OpenSession(
                r.Session,
                r.User,
                BrowserName.Of(r.Session.UserAgent),
                [.. labels[r.Session.Id].Order(StringComparer.CurrentCultureIgnoreCase)]
            )),
        ];
    }

    /// <summary>Set by name, so that the database can go on from it.</summary>
    private sealed class Row
    {
        public required Session Session { get; init; }
        public required User User { get; init; }
    }
}

/// <summary>Which sessions are looked for; those for which everything holds.</summary>
/// <param name="Search">The beginning of a user name, an e-mail address or a network address, or a part of an application's name; empty for all.</param>
/// <param name="UserId">Whose.</param>
/// <param name="ApplicationId">What was opened in them.</param>
internal sealed record SessionQuery(
    string? Search = null,
    Guid? UserId = null,
    Guid? ApplicationId = null
);

/// <param name="Browser">Such as "Firefox (Windows)"; null when it cannot be told.</param>
/// <param name="Opened">The applications opened in it, by name.</param>
internal sealed record OpenSession(
    Session Session,
    User User,
    string? Browser,
    IReadOnlyList<string> Opened
);

/// <summary>Some sessions, and the key of those that follow.</summary>
internal sealed record SessionPage(IReadOnlyList<OpenSession> Rows, string? Next);
