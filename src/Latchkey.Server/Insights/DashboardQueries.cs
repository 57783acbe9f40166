using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Mail;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Insights;

/// <summary>How often something was the cause of a failure.</summary>
internal sealed record FailureCause(string Code, int Count);

/// <summary>A part of a whole that somebody should look at.</summary>
/// <param name="Key">The end of its text keys.</param>
/// <param name="Address">The list of that part.</param>
internal sealed record Share(string Key, int Part, int Whole, string Address);

/// <summary>What there is and how it goes, in figures.</summary>
/// <param name="Days">Sign-ins of the last days, the oldest first; the last one is today, in UTC.</param>
/// <param name="Causes">Of failures in those days, the commonest first.</param>
internal sealed record Dashboard(
    int Applications,
    int Users,
    int Groups,
    IReadOnlyList<SignInDay> Days,
    IReadOnlyList<FailureCause> Causes,
    Share OpenToNobody,
    Share CertificatesEnding,
    Share MetadataNeeding,
    Share WithoutFactor,
    Share StuckMails
)
{
    /// <summary>The last seven days, today among them.</summary>
    public IEnumerable<SignInDay> Week => Days.TakeLast(7);

    public int FailedThisWeek => Week.Sum(day => day.Failed);
}

/// <summary>What the start of the administration counts. Each is one query that an index answers, but for the people (<see cref="PeopleCounts"/>).</summary>
internal sealed class DashboardQueries(
    EventQueries events,
    PeopleCounts people,
    EndingCertificates certificates,
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    private const int DaysShown = 14;
    private const int CausesShown = 6;

    public async Task<Dashboard> ReadAsync(CancellationToken cancellationToken = default)
    {
        var days = await events.SignInsByDayAsync(
            DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime),
            DaysShown,
            cancellationToken
        );
        var since = new DateTimeOffset(days[0].Day, TimeOnly.MinValue, TimeSpan.Zero);
        var counted = await people.ReadAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return new Dashboard(
            await db.Applications.CountAsync(cancellationToken),
            counted.All,
            await db.Groups.CountAsync(cancellationToken),
            days,
            await CausesAsync(since, CausesShown, cancellationToken),
            await OpenToNobodyAsync(cancellationToken),
            new Share(
                "certificate",
                (await certificates.ReadAsync(cancellationToken)).Count,
                await db.Applications.CountAsync(
                    a => a.Active && a.Kind == ApplicationKind.Saml,
                    cancellationToken
                ),
                "/admin/applications?state=ending"
            ),
            new Share(
                "metadata",
                await MetadataFollowing.Needing(db).CountAsync(cancellationToken),
                await db.FollowedMetadata.CountAsync(cancellationToken),
                "/admin/applications?state=metadata"
            ),
            new Share(
                "factor",
                counted.WithoutFactor,
                counted.Active,
                "/admin/users?state=no-factor"
            ),
            await StuckMailsAsync(cancellationToken)
        );
    }

    /// <summary>The commonest causes of sign-ins that failed since a moment, the commonest first.</summary>
    public async Task<IReadOnlyList<FailureCause>> CausesAsync(
        DateTimeOffset since,
        int most,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var counts = await db
            .Events.Failures()
            .Where(e => e.At >= since)
            .GroupBy(e => e.FindingCode!)
            .Select(g => new { g.Key, Count = g.Count() })
            .OrderByDescending(g => g.Count)
            .ThenBy(g => g.Key)
            .Take(most)
            .ToListAsync(cancellationToken);
        return [.. counts.Select(c => new FailureCause(c.Key, c.Count))];
    }

    /// <summary>Mails that a server would not take.</summary>
    public async Task<Share> StuckMailsAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return new Share(
            "mail",
            await db.QueuedMails.CountAsync(
                m => m.State == MailState.Failed || m.Attempts > 0,
                cancellationToken
            ),
            await db.QueuedMails.CountAsync(cancellationToken),
            "/admin/settings/mail/queue"
        );
    }

    /// <summary>Active applications that were granted to nobody: a listed cause of failed sign-ins (S0-20).</summary>
    public async Task<Share> OpenToNobodyAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return new Share(
            "nobody",
            await db.Applications.CountAsync(
                a =>
                    a.Active
                    && !db.ApplicationGroups.Any(g => g.ApplicationId == a.Id)
                    && !db.ApplicationUsers.Any(u => u.ApplicationId == a.Id),
                cancellationToken
            ),
            await db.Applications.CountAsync(a => a.Active, cancellationToken),
            "/admin/applications?state=nobody"
        );
    }
}
