using Latchkey.Server.Applications.Differences;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications.Following;

/// <summary>What one look at a followed address led to.</summary>
/// <param name="Changed">The fields that were changed.</param>
/// <param name="Held">The fields that wait for an administrator.</param>
internal sealed record RefreshReport(IReadOnlyList<string> Changed, IReadOnlyList<string> Held);

/// <summary>
/// Looks at one followed address. What is routine is taken over: keys that come and go, addresses at hosts that are
/// known. What would lower the application's security, or overwrite an administrator's own change, waits for an
/// administrator (rule M3). Whatever fails leaves everything at the last good copy.
/// </summary>
internal sealed class MetadataRefresh(
    IDbContextFactory<LatchkeyDbContext> databases,
    ApplicationService applications,
    MetadataFetch fetch,
    MetadataImport import,
    MetadataProposals proposals,
    FollowingAlarms alarms,
    EventRecorder events,
    TimeProvider time
)
{
    /// <summary>Those that are due.</summary>
    public async Task<IReadOnlyList<Guid>> DueAsync(
        int most,
        CancellationToken cancellationToken = default
    )
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .FollowedMetadata.Where(f => f.NextAt <= now)
            .OrderBy(f => f.NextAt)
            .Select(f => f.ApplicationId)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Looks if it is due, or at once.</summary>
    /// <returns>What came of it; null when there was nothing to do, because somebody else does it or it is followed no more.</returns>
    public async Task<Outcome<RefreshReport>?> RunAsync(
        Guid applicationId,
        bool atOnce,
        CancellationToken cancellationToken = default
    )
    {
        if (await ClaimAsync(applicationId, atOnce, cancellationToken) is not { } followed)
        {
            return null;
        }
        var look = await LookAsync(followed, cancellationToken);
        // Once more when an administrator changed the application while it was looked at.
        for (var tries = 0; ; tries++)
        {
            var came = look.Problem is null
                ? await TakeAsync(followed, look, cancellationToken)
                : await FailAsync(followed, look.Problem, cancellationToken);
            if (
                tries > 0
                || came is not { Ok: false } failed
                || failed.Problems[0].Code != "application-changed"
            )
            {
                return came;
            }
        }
    }

    /// <summary>Moves the next look on before anything is done: of several nodes the one whose update counts does it (and if it dies, another does after the lease).</summary>
    private async Task<FollowedMetadata?> ClaimAsync(
        Guid applicationId,
        bool atOnce,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var until = now + RefreshTimes.Lease;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var followed = await db
            .FollowedMetadata.AsNoTracking()
            .SingleOrDefaultAsync(f => f.ApplicationId == applicationId, cancellationToken);
        if (followed is null || (!atOnce && followed.NextAt > now))
        {
            return null;
        }
        var claimed = await db
            .FollowedMetadata.Where(f =>
                f.ApplicationId == applicationId && f.Version == followed.Version
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(f => f.NextAt, until)
                        .SetProperty(f => f.Version, followed.Version + 1),
                cancellationToken
            );
        followed.Version++;
        return claimed == 1 ? followed : null;
    }

    private async Task<Look> LookAsync(
        FollowedMetadata followed,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var copy = await db
            .MetadataCopies.AsNoTracking()
            .SingleAsync(c => c.ApplicationId == followed.ApplicationId, cancellationToken);
        // A file that was imported by hand since is not what the server's answer would be compared with.
        var known =
            copy.Url == followed.Url
            && (followed.EntityTag is not null || followed.LastModified is not null)
                ? new FetchValidators(followed.EntityTag, followed.LastModified)
                : null;
        var fetched = await fetch.GetAsync(followed.Url, known, cancellationToken);
        if (!fetched.Ok)
        {
            return new Look(fetched.Problems[0]);
        }
        var content = fetched.Value.NotModified ? copy.Content : fetched.Value.Body;
        using var keys = new PinnedKeys(followed.PinnedCertificates);
        var said = MetadataFollowing.Choose(import.Read(content, keys.All), copy.EntityId);
        return said.Ok
            ? new Look(null, copy, fetched.Value, content, said.Value)
            : new Look(said.Problems[0]);
    }

    private async Task<Outcome<RefreshReport>?> TakeAsync(
        FollowedMetadata claimed,
        Look look,
        CancellationToken cancellationToken
    )
    {
        var said = look.Said!;
        var application = await applications.FindAsync(claimed.ApplicationId, cancellationToken);
        if (application is null)
        {
            return null;
        }
        if (application.SpEntityId != said.EntityId)
        {
            var other = new Problem("follow-other-entity", "metadata", application.SpEntityId);
            return await FailAsync(claimed, other, cancellationToken);
        }
        var held = await proposals.HeldAsync(claimed.ApplicationId, cancellationToken);
        var differences = MetadataDifference.Between(
            application,
            said,
            proposals.Before(look.Copy),
            vouched: claimed.PinnedCertificates.Count > 0,
            held?.Held
        );
        var taken = differences.Where(d => d.MayFollow).ToList();
        var waiting = differences.Where(d => d.MustWait).Select(d => d.Name).ToList();
        var report = new RefreshReport([.. taken.Select(d => d.Name)], waiting);
        var input = MetadataDifference.Input(application, said, taken.Select(d => d.Field));
        if (taken.Count == 0 && !IsSooner(claimed.ValidUntil, said.ValidUntil))
        {
            return await WriteAsync(
                claimed,
                (db, followed, ct) => RecordAsync(db, followed, application, ct),
                report,
                cancellationToken
            );
        }
        // A new version of the application tells every node, as any change of it does.
        var saved = await applications.UpdateAsync(
            application.Id,
            input,
            application.Version,
            cancellationToken,
            (db, row, ct) => RecordAsync(db, Attach(db, claimed), row, ct)
        );
        if (saved.Ok)
        {
            return report;
        }
        return saved.Problems[0].Code is "application-changed" or "application-missing"
            ? Outcome<RefreshReport>.Failed(saved.Problems)
            : await FailAsync(claimed, saved.Problems[0], cancellationToken);

        async Task RecordAsync(
            LatchkeyDbContext db,
            FollowedMetadata followed,
            Application row,
            CancellationToken ct
        )
        {
            var now = time.GetUtcNow();
            Succeed(followed, look, now);
            var copy = new MetadataCopy
            {
                ApplicationId = row.Id,
                Content = look.Content!,
                EntityId = said.EntityId,
                Url = followed.Url,
                TakenAt = now,
            };
            await MetadataProposals.KeepAsync(db, copy, ct);
            await MetadataProposals.HoldAsync(db, copy, waiting, ct);
            db.Events.Add(
                Event(
                    row,
                    null,
                    new
                    {
                        url = followed.Url,
                        unchanged = look.Fetched!.NotModified ? true : (bool?)null,
                        changed = report.Changed,
                        held = waiting,
                        valid_until = followed.ValidUntil,
                        next = followed.NextAt,
                    }
                )
            );
            await alarms.JudgeAsync(db, followed, row, ct);
            if (waiting.Except(held?.Held ?? [], StringComparer.Ordinal).Any())
            {
                await alarms.RaiseHeldAsync(db, row, waiting, ct);
            }
        }
    }

    private async Task<Outcome<RefreshReport>?> FailAsync(
        FollowedMetadata claimed,
        Problem problem,
        CancellationToken cancellationToken
    )
    {
        var application = await applications.FindAsync(claimed.ApplicationId, cancellationToken);
        return application is null
            ? null
            : await WriteAsync(
                claimed,
                (db, followed, ct) =>
                {
                    var now = time.GetUtcNow();
                    followed.Failures++;
                    followed.FailingSince ??= now;
                    followed.ProblemCode = problem.Code;
                    followed.ProblemArgs =
                    [
                        .. problem.Args.Select(arg =>
                            Convert.ToString(arg, System.Globalization.CultureInfo.InvariantCulture)
                            ?? ""
                        ),
                    ];
                    followed.NextAt = RefreshTimes.Again(now, followed.Failures);
                    db.Events.Add(
                        Event(
                            application,
                            problem.Code,
                            new
                            {
                                url = followed.Url,
                                failures = followed.Failures,
                                since = followed.FailingSince,
                                values = followed.ProblemArgs,
                                next = followed.NextAt,
                            }
                        )
                    );
                    return alarms.JudgeAsync(db, followed, application, ct);
                },
                Outcome<RefreshReport>.Failed([problem]),
                cancellationToken
            );
    }

    /// <summary>Writes what came of it, unless somebody was faster: then theirs counts.</summary>
    private async Task<Outcome<RefreshReport>?> WriteAsync(
        FollowedMetadata claimed,
        Func<LatchkeyDbContext, FollowedMetadata, CancellationToken, Task> write,
        Outcome<RefreshReport> outcome,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await write(db, Attach(db, claimed), cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return outcome;
        }
        catch (DbUpdateConcurrencyException)
        {
            return null;
        }
    }

    /// <summary>A copy of the claimed row to change, which is only written if nobody wrote it since.</summary>
    private static FollowedMetadata Attach(LatchkeyDbContext db, FollowedMetadata claimed)
    {
        var copy = claimed.Copy();
        db.FollowedMetadata.Attach(copy);
        copy.Version++;
        return copy;
    }

    private static void Succeed(FollowedMetadata followed, Look look, DateTimeOffset now)
    {
        followed.SucceededAt = now;
        (followed.FailingSince, followed.Failures) = (null, 0);
        (followed.ProblemCode, followed.ProblemArgs) = (null, []);
        followed.EntityTag = look.Fetched!.Validators?.ETag;
        followed.LastModified = look.Fetched.Validators?.LastModified;
        if (followed.ValidUntil != look.Said!.ValidUntil)
        {
            followed.ValidUntil = look.Said.ValidUntil;
            followed.ValidSince = now;
        }
        followed.NextAt = RefreshTimes.Next(now, look.Said.CacheDuration, followed.ValidUntil);
    }

    private static bool IsSooner(DateTimeOffset? known, DateTimeOffset? said) =>
        said is not null && (known is null || said < known);

    private Event Event(Application application, string? findingCode, object details) =>
        events.New(
            EventTypes.MetadataRefresh,
            success: findingCode is null,
            subject: new EventSubject("application", application.Id, application.Label),
            details: details,
            findingCode: findingCode,
            applicationId: application.Id
        );

    /// <summary>What was found at the address: a problem, or all of the rest.</summary>
    private sealed record Look(
        Problem? Problem,
        MetadataCopy? Copy = null,
        FetchedFile? Fetched = null,
        byte[]? Content = null,
        ImportedServiceProvider? Said = null
    );
}
