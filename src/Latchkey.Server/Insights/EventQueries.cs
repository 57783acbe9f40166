using System.Runtime.CompilerServices;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Insights;

/// <summary>Which events a list shows; what is null does not narrow it.</summary>
internal sealed record EventQuery
{
    public string? Type { get; init; }
    public bool? Success { get; init; }

    /// <summary>Only tries to sign in and failed steps of them, one event for each, as the overview counts them.</summary>
    public bool SignIns { get; init; }
    public Guid? UserId { get; init; }

    /// <summary>Whose own activity: what that user did other than to other users, and what was done to that user.</summary>
    public Guid? OwnOf { get; init; }

    /// <summary>Any of these types.</summary>
    public IReadOnlyCollection<string>? Types { get; init; }

    /// <summary>A part of the actor's or the target's name.</summary>
    public string? Name { get; init; }

    /// <summary>A reference code, if events bear it, or else a part of a name: many names could be a code.</summary>
    public string? Search { get; init; }

    public Guid? ApplicationId { get; init; }
    public string? Code { get; init; }

    /// <summary>The code of a finding or refusal.</summary>
    public string? Finding { get; init; }

    /// <summary>An address, or the beginning of some: then it ends in a dot or colon.</summary>
    public string? Address { get; init; }

    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Some events, newest first, and the key of those that follow.</summary>
internal sealed record EventPage(IReadOnlyList<Event> Rows, string? Next);

/// <summary>Sign-ins on one day.</summary>
internal sealed record SignInDay(DateOnly Day, int Succeeded, int Failed);

/// <summary>What pages read of the record. Events are never changed.</summary>
internal sealed class EventQueries(IDbContextFactory<LatchkeyDbContext> databases)
{
    /// <param name="query">Which.</param>
    /// <param name="after">The key of an earlier page's end; null begins with the newest.</param>
    /// <param name="size">How many.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<EventPage> ListAsync(
        EventQuery query,
        string? after,
        int size,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        query = await DecidedAsync(db, query, cancellationToken);
        var events = Matching(db.Events.AsNoTracking(), query);
        if (await PlaceOfAsync(db, after, cancellationToken) is { } place)
        {
            events = Before(events, place.At, place.Id);
        }
        var rows = await events
            .OrderByDescending(e => e.At)
            .ThenByDescending(e => e.Id)
            .Take(size + 1)
            .ToListAsync(cancellationToken);
        var more = rows.Count > size;
        if (more)
        {
            rows.RemoveAt(size);
        }
        return new EventPage(rows, more ? rows[^1].Id.ToString() : null);
    }

    /// <summary>All of them, newest first, read page by page as they are taken.</summary>
    public async IAsyncEnumerable<Event> AllAsync(
        EventQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        const int size = 500;
        (DateTimeOffset At, Guid Id)? last = null;
        int read;
        do
        {
            // A connection a page: whoever reads slowly keeps none busy.
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            query = await DecidedAsync(db, query, cancellationToken);
            var events = Matching(db.Events.AsNoTracking(), query);
            if (last is { } place)
            {
                events = Before(events, place.At, place.Id);
            }
            var rows = await events
                .OrderByDescending(e => e.At)
                .ThenByDescending(e => e.Id)
                .Take(size)
                .ToListAsync(cancellationToken);
            foreach (var row in rows)
            {
                yield return row;
                last = (row.At, row.Id);
            }
            read = rows.Count;
        } while (read == size);
    }

    public async Task<Event?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Events.AsNoTracking()
            .SingleOrDefaultAsync(e => e.Id == id, cancellationToken);
    }

    /// <summary>Everything that happened under one reference code, in order.</summary>
    public async Task<IReadOnlyList<Event>> OfCodeAsync(
        string code,
        CancellationToken cancellationToken = default
    )
    {
        const int most = 200;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Events.AsNoTracking()
            .Where(e => e.ReferenceCode == code)
            .OrderBy(e => e.At)
            .ThenBy(e => e.Id)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Sign-ins to applications and to the portal, day by day up to today, in UTC.</summary>
    public async Task<IReadOnlyList<SignInDay>> SignInsByDayAsync(
        DateOnly today,
        int days,
        CancellationToken cancellationToken = default
    )
    {
        var first = today.AddDays(1 - days);
        var since = new DateTimeOffset(first, TimeOnly.MinValue, TimeSpan.Zero);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var result = new List<SignInDay>();
        // One indexed count a day and outcome: the engines have no common word for "the day of".
        for (var day = first; day <= today; day = day.AddDays(1))
        {
            var (from, until) = (since, since.AddDays(1));
            var counts = await db
                .Events.Tries()
                .Where(e => e.At >= from && e.At < until)
                .GroupBy(e => e.Success)
                .Select(g => new { g.Key, Count = g.Count() })
                .ToListAsync(cancellationToken);
            result.Add(
                new SignInDay(
                    day,
                    counts.Where(c => c.Key).Sum(c => c.Count),
                    counts.Where(c => !c.Key).Sum(c => c.Count)
                )
            );
            since = until;
        }
        return result;
    }

    /// <summary>Those older than a place. Many events of one sign-in share a moment; their version 7 identifiers keep the order.</summary>
    private static IQueryable<Event> Before(IQueryable<Event> events, DateTimeOffset at, Guid id) =>
        events.Where(e => e.At < at || (e.At == at && e.Id.CompareTo(id) < 0));

    private static IQueryable<Event> Matching(IQueryable<Event> events, EventQuery query)
    {
        if (query.Type is { } type)
        {
            events = events.OfType(type);
        }
        if (query.SignIns)
        {
            events = events.Tries();
        }
        if (query.Success is { } success)
        {
            events = events.Where(e => e.Success == success);
        }
        if (query.UserId is { } user)
        {
            events = events.Where(e =>
                e.ActorId == user || (e.TargetType == "user" && e.TargetId == user)
            );
        }
        if (query.OwnOf is { } own)
        {
            events = events.Where(e =>
                (e.TargetType == "user" && e.TargetId == own)
                || (e.ActorId == own && (e.TargetType == null || e.TargetType != "user"))
            );
        }
        if (query.Types is { } types)
        {
            events = events.Where(e => types.Contains(e.Type));
        }
        if (query.Name is { } name)
        {
#pragma warning disable MA0011 // The databases' lower(): translated, never run.
            var lower = name.ToLowerInvariant();
            events = events.Where(e =>
                (e.ActorName != null && e.ActorName.ToLower().Contains(lower))
                || (e.TargetName != null && e.TargetName.ToLower().Contains(lower))
            );
#pragma warning restore MA0011
        }
        if (query.ApplicationId is { } application)
        {
            events = events.Where(e => e.ApplicationId == application);
        }
        if (query.Code is { } code)
        {
            events = events.Where(e => e.ReferenceCode == code);
        }
        if (query.Finding is { } finding)
        {
            events = events.Where(e => e.FindingCode == finding);
        }
        if (query.Address is [.., '.' or ':'] beginning)
        {
            events = events.Where(e => e.ClientIp != null && e.ClientIp.StartsWith(beginning));
        }
        else if (query.Address is { } address)
        {
            events = events.Where(e => e.ClientIp == address);
        }
        if (query.From is { } from)
        {
            events = events.Where(e => e.At >= from);
        }
        if (query.Until is { } until)
        {
            events = events.Where(e => e.At < until);
        }
        return events;
    }

    /// <summary>What was searched for is a code or a name. An index says which; names are looked for in every event.</summary>
    private static async Task<EventQuery> DecidedAsync(
        LatchkeyDbContext db,
        EventQuery query,
        CancellationToken cancellationToken
    )
    {
        if (query.Search is not { } search)
        {
            return query;
        }
        return
            ReferenceCode.Read(search) is { } code
            && await db.Events.AnyAsync(e => e.ReferenceCode == code, cancellationToken)
            ? query with
            {
                Search = null,
                Code = code,
            }
            : query with
            {
                Search = null,
                Name = search,
            };
    }

    /// <summary>Where a list goes on. An event that was removed meanwhile has left the time in its identifier, so that nobody begins anew.</summary>
    private static async Task<(DateTimeOffset At, Guid Id)?> PlaceOfAsync(
        LatchkeyDbContext db,
        string? after,
        CancellationToken cancellationToken
    )
    {
        if (!Guid.TryParse(after, out var id))
        {
            return null;
        }
        var found = await db
            .Events.AsNoTracking()
            .SingleOrDefaultAsync(e => e.Id == id, cancellationToken);
        return found is null ? (EventIds.TimeOf(id), id) : (found.At, found.Id);
    }
}
