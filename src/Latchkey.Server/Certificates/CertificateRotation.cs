using Latchkey.Server.Applications;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Certificates;

/// <summary>
/// Replaces an application's signing key with an overlap (rule I6): the next certificate is published beside the one that
/// signs, it takes over at once or at a time, the old one stays published for a while, and until then there is a way back.
/// </summary>
internal sealed class CertificateRotation(
    IDbContextFactory<LatchkeyDbContext> databases,
    CertificateService certificates,
    EventRecorder events,
    TimeProvider time
)
{
    /// <summary>How long the old certificate stays published after a switch.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(14);

    /// <summary>How far ahead a switch can be planned.</summary>
    private static readonly TimeSpan s_furthest = TimeSpan.FromDays(3650);

    private readonly CertificateSteps _steps = new(databases, time);

    /// <summary>An application's certificates as they stand now; empty for one that is not there.</summary>
    public async Task<CertificateSet> OfAsync(
        Guid applicationId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var all = await db
            .ApplicationCertificates.AsNoTracking()
            .Where(c => c.ApplicationId == applicationId)
            .ToListAsync(cancellationToken);
        return CertificateSet.Of(all, time.GetUtcNow());
    }

    /// <summary>Starts a rotation: makes the next key and publishes its certificate beside the one that signs.</summary>
    public async Task<Outcome<CertificateSet>> StartAsync(
        Guid applicationId,
        KeyChoice? choice = null,
        CancellationToken cancellationToken = default
    )
    {
        if (choice is { Kind: KeyKind.P256, Hash: CertificateHash.Sha1 })
        {
            return new Problem("certificate-hash-curve", "hash");
        }
        ApplicationCertificate? made = null;
        return await _steps.TakeAsync(
            applicationId,
            (db, application, set) =>
            {
                if (set.Active is null)
                {
                    return new Problem("certificate-none", "certificate");
                }
                if (set.Next is not null)
                {
                    return new Problem("rotation-started", "certificate");
                }
                // Making a key takes a moment; a second attempt needs no second one.
                made ??= certificates.Create(application, choice);
                db.ApplicationCertificates.Add(made);
                db.Events.Add(CertificateEvents.Created(events, application, made));
                return null;
            },
            cancellationToken
        );
    }

    /// <summary>Takes a key pair that was made elsewhere (J-38): as the next one, or, where none signs yet, as the one that does.</summary>
    public Task<Outcome<CertificateSet>> AddOwnAsync(
        Guid applicationId,
        HandedKeyPair handed,
        CancellationToken cancellationToken = default
    ) => AddAsync(applicationId, handed, waits: false, cancellationToken);

    /// <summary>Takes one as the next in any case: where none signs yet, one that is made here does.</summary>
    public Task<Outcome<CertificateSet>> AddNextAsync(
        Guid applicationId,
        HandedKeyPair handed,
        CancellationToken cancellationToken = default
    ) => AddAsync(applicationId, handed, waits: true, cancellationToken);

    private async Task<Outcome<CertificateSet>> AddAsync(
        Guid applicationId,
        HandedKeyPair handed,
        bool waits,
        CancellationToken cancellationToken
    )
    {
        var read = OwnKeyPair.Read(handed, time.GetUtcNow());
        if (read.Value is not { } pair)
        {
            return Outcome<CertificateSet>.Failed(read.Problems);
        }
        using var own = pair;
        ApplicationCertificate? made = null;
        return await _steps.TakeAsync(
            applicationId,
            (db, application, set) =>
            {
                if (application.Kind == ApplicationKind.Bookmark)
                {
                    return new Problem("certificate-none", "certificate");
                }
                if (set.Next is not null)
                {
                    return new Problem("rotation-started", "certificate");
                }
                if (
                    set.Published.Any(c =>
                        c.Certificate.AsSpan().SequenceEqual(pair.Certificate.RawData)
                    )
                )
                {
                    return new Problem("certificate-known", "pair");
                }
                var stored = certificates.Store(
                    application,
                    pair.Pkcs8,
                    pair.Certificate,
                    uploaded: true
                );
                if (set.Active is null && waits)
                {
                    made ??= certificates.Create(
                        application,
                        KeyChoice.For(application.SignatureAlgorithm)
                    );
                    made.SignsFrom = set.Now;
                    db.ApplicationCertificates.Add(made);
                    db.Events.Add(CertificateEvents.Created(events, application, made));
                }
                else if (set.Active is null)
                {
                    if (stored.NotBefore > set.Now)
                    {
                        return new Problem(
                            "certificate-not-yet",
                            "pair",
                            stored.NotBefore.ToString("u")
                        );
                    }
                    stored.SignsFrom = set.Now;
                }
                db.ApplicationCertificates.Add(stored);
                db.Events.Add(CertificateEvents.Created(events, application, stored));
                return null;
            },
            cancellationToken
        );
    }

    /// <summary>Lets the next key sign, now or at a time, and the old certificate retire after the overlap.</summary>
    /// <param name="applicationId">Whose.</param>
    /// <param name="at">When; null for now. Moves a switch that was planned before.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Outcome<CertificateSet>> SwitchAsync(
        Guid applicationId,
        DateTimeOffset? at = null,
        CancellationToken cancellationToken = default
    ) =>
        _steps.TakeAsync(
            applicationId,
            (db, application, set) =>
            {
                if (set.Next is not { } next || set.Active is not { } active)
                {
                    return new Problem("rotation-not-started", "certificate");
                }
                if (SwitchFault(set.Now, at, next.NotBefore, next.NotAfter) is { } fault)
                {
                    return fault;
                }
                var from = at ?? set.Now;
                (next.SignsFrom, active.RetireAt) = (from, from + Overlap);
                next.SwitchPlanned = at is not null;
                db.Events.Add(
                    CertificateEvents.Switched(
                        events,
                        at is null
                            ? EventTypes.CertificateSwitch
                            : EventTypes.CertificateSwitchScheduled,
                        application,
                        active,
                        next,
                        at
                    )
                );
                return null;
            },
            cancellationToken
        );

    /// <summary>Why a certificate cannot begin to sign at a time.</summary>
    /// <param name="now">The moment of the question.</param>
    /// <param name="at">When; null for now.</param>
    /// <param name="notBefore">From when on it is valid.</param>
    /// <param name="notAfter">Until when it is.</param>
    public static Problem? SwitchFault(
        DateTimeOffset now,
        DateTimeOffset? at,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter
    )
    {
        if (at <= now || at > now + s_furthest)
        {
            return new Problem("schedule-past", "at");
        }
        var from = at ?? now;
        return notBefore > from || notAfter <= from
            ? new Problem(
                "certificate-not-valid-then",
                "at",
                notBefore.ToUniversalTime().ToString("u"),
                notAfter.ToUniversalTime().ToString("u")
            )
            : null;
    }

    /// <summary>Takes the last step back: a planned switch is planned no more, and after a switch the old key signs again, the new one waiting as the next.</summary>
    public Task<Outcome<CertificateSet>> UndoAsync(
        Guid applicationId,
        CancellationToken cancellationToken = default
    ) =>
        _steps.TakeAsync(
            applicationId,
            (db, application, set) =>
            {
                if (set is { Next.SignsFrom: { } planned, Active: { } signing })
                {
                    (set.Next.SignsFrom, signing.RetireAt) = (null, null);
                    set.Next.SwitchPlanned = false;
                    db.Events.Add(
                        CertificateEvents.Switched(
                            events,
                            EventTypes.CertificateSwitchCancelled,
                            application,
                            set.Next,
                            signing,
                            planned
                        )
                    );
                    return null;
                }
                if (set is not { Previous: { } previous, Active: { } active })
                {
                    return new Problem("rotation-no-way-back", "certificate");
                }
                // The old one keeps the time since when it signs: it is the last that began as soon as the new one has not.
                (active.SignsFrom, active.RetireAt, previous.RetireAt) = (null, null, null);
                active.SwitchPlanned = false;
                db.Events.Add(
                    CertificateEvents.Switched(
                        events,
                        EventTypes.CertificateSwitchUndone,
                        application,
                        active,
                        previous,
                        null
                    )
                );
                return null;
            },
            cancellationToken
        );

    /// <summary>Takes a certificate that does not sign out of the metadata and destroys its key: an old one before its time, or the next one, which ends the rotation.</summary>
    public Task<Outcome<CertificateSet>> RetireAsync(
        Guid applicationId,
        Guid certificateId,
        CancellationToken cancellationToken = default
    ) =>
        _steps.TakeAsync(
            applicationId,
            (db, application, set) =>
            {
                if (set.Find(certificateId) is not { } certificate)
                {
                    return new Problem("certificate-missing", "certificate");
                }
                if (certificate == set.Active)
                {
                    return new Problem("certificate-signs", "certificate");
                }
                if (certificate == set.Next && set.Active is { } active)
                {
                    active.RetireAt = null;
                }
                Remove(db, application, certificate);
                return null;
            },
            cancellationToken
        );

    /// <summary>Destroys the keys whose overlap is over. Nothing waits for it: they are published no more already.</summary>
    /// <returns>How many applications had one.</returns>
    public async Task<int> TidyAsync(CancellationToken cancellationToken = default)
    {
        const int batch = 100;
        var now = time.GetUtcNow();
        await using var look = await databases.CreateDbContextAsync(cancellationToken);
        var due = await look
            .ApplicationCertificates.Where(c => c.RetireAt <= now)
            .Select(c => c.ApplicationId)
            .Distinct()
            .OrderBy(id => id)
            .Take(batch)
            .ToListAsync(cancellationToken);
        var done = 0;
        foreach (var applicationId in due)
        {
            var tidied = await _steps.TakeAsync(
                applicationId,
                (db, application, set) =>
                {
                    foreach (var certificate in set.Retired)
                    {
                        Remove(db, application, certificate);
                    }
                    return null;
                },
                cancellationToken
            );
            done += tidied.Ok ? 1 : 0;
        }
        return done;
    }

    private void Remove(
        LatchkeyDbContext db,
        Application application,
        ApplicationCertificate certificate
    )
    {
        db.ApplicationCertificates.Remove(certificate);
        db.Events.Add(CertificateEvents.Deleted(events, application, certificate));
    }
}
