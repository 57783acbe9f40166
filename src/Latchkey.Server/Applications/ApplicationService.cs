using Latchkey.Server.Certificates;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications;

/// <summary>
/// The one place where applications change. Whatever one call changes (fields, groups, activation, certificate) and
/// the events that tell of it are one transaction: all of it or nothing.
/// </summary>
internal sealed class ApplicationService(
    IDbContextFactory<LatchkeyDbContext> databases,
    CertificateService certificates,
    EventRecorder events,
    ServerOptions server,
    TimeProvider time
)
{
    /// <summary>Makes an application. Slug and IdP entity ID are made up where the input has none.</summary>
    public async Task<Outcome<Application>> CreateAsync(
        ApplicationInput input,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var slug = string.IsNullOrEmpty(input.Slug)
            ? await FreeSlugAsync(db, ApplicationSlug.From(input.Label), cancellationToken)
            : input.Slug;
        var application = new Application
        {
            Slug = slug,
            Label = "",
            IdpEntityId = server.Address($"/saml2/{slug}"),
            SpEntityId = "",
            CreatedAt = now,
            UpdatedAt = now,
        };
        var problems = ApplicationRules.Fill(application, input);
        if (!ApplicationSlug.IsValid(slug))
        {
            problems.Add(new Problem("slug-invalid", "slug", slug));
        }
        await CheckAgainstOthersAsync(db, application, input, problems, cancellationToken);
        if (problems.Count > 0)
        {
            return Outcome<Application>.Failed(problems);
        }
        db.Applications.Add(application);
        Record(db, EventTypes.ApplicationCreate, application, Fields(application));
        await BindGroupsAsync(db, application, input.GroupIds, cancellationToken);
        if (input.Active == true)
        {
            await ActivateAsync(db, application, cancellationToken);
        }
        return await SaveAsync(db, application, input, cancellationToken);
    }

    /// <summary>Changes what the input says and nothing else.</summary>
    /// <param name="id">Which.</param>
    /// <param name="input">What is said.</param>
    /// <param name="version">The version that was looked at; null to change whatever is there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<Application>> UpdateAsync(
        Guid id,
        ApplicationInput input,
        long? version,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var application = await db.Applications.SingleOrDefaultAsync(
            a => a.Id == id,
            cancellationToken
        );
        if (application is null)
        {
            return new Problem("application-missing", "id");
        }
        if (version is not null && application.Version != version)
        {
            return new Problem("application-changed", "version");
        }
        var before = ApplicationChanges.Snapshot(application);
        var problems = ApplicationRules.Fill(application, input);
        if (!string.IsNullOrEmpty(input.Slug) && input.Slug != application.Slug)
        {
            problems.Add(new Problem("slug-fixed", "slug", application.Slug));
        }
        await CheckAgainstOthersAsync(db, application, input, problems, cancellationToken);
        if (problems.Count > 0)
        {
            return Outcome<Application>.Failed(problems);
        }
        if (input.Active == true)
        {
            await ActivateAsync(db, application, cancellationToken);
        }
        else if (input.Active == false)
        {
            application.Active = false;
        }
        var changes = FieldChange.Between(before, ApplicationChanges.Snapshot(application));
        if (changes.Count > 0)
        {
            Record(db, EventTypes.ApplicationUpdate, application, new { changes });
        }
        await BindGroupsAsync(db, application, input.GroupIds, cancellationToken);
        return await SaveAsync(db, application, input, cancellationToken);
    }

    /// <summary>Opens it for the members of its groups, and makes its signing certificate if it has none.</summary>
    public Task<Outcome<Application>> ActivateAsync(
        Guid id,
        CancellationToken cancellationToken = default
    ) => UpdateAsync(id, new ApplicationInput { Active = true }, null, cancellationToken);

    /// <summary>Closes it for everybody. Certificate and settings stay.</summary>
    public Task<Outcome<Application>> DeactivateAsync(
        Guid id,
        CancellationToken cancellationToken = default
    ) => UpdateAsync(id, new ApplicationInput { Active = false }, null, cancellationToken);

    /// <summary>The groups whose members may sign in, the whole set.</summary>
    public Task<Outcome<Application>> SetGroupsAsync(
        Guid id,
        IReadOnlyCollection<Guid> groupIds,
        CancellationToken cancellationToken = default
    ) => UpdateAsync(id, new ApplicationInput { GroupIds = groupIds }, null, cancellationToken);

    /// <summary>Deletes it with its certificate and private key. Pseudonyms of its users stay reserved (rule I5).</summary>
    public async Task<Outcome<Application>> DeleteAsync(
        Guid id,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var application = await db.Applications.SingleOrDefaultAsync(
            a => a.Id == id,
            cancellationToken
        );
        if (application is null)
        {
            return new Problem("application-missing", "id");
        }
        var groups = db.ApplicationGroups.Where(g => g.ApplicationId == id);
        db.ApplicationGroups.RemoveRange(await groups.ToListAsync(cancellationToken));
        var keys = await db
            .ApplicationCertificates.Where(c => c.ApplicationId == id)
            .ToListAsync(cancellationToken);
        db.ApplicationCertificates.RemoveRange(keys);
        db.Applications.Remove(application);
        Record(
            db,
            EventTypes.ApplicationDelete,
            application,
            new
            {
                slug = application.Slug,
                sp_entity_id = application.SpEntityId,
                idp_entity_id = application.IdpEntityId,
                certificates = keys.Select(key => CertificateText.Sha256(key.Certificate)),
            }
        );
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return application;
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Problem("application-changed", "version");
        }
    }

    public async Task<Application?> FindAsync(
        Guid id,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Applications.AsNoTracking()
            .SingleOrDefaultAsync(a => a.Id == id, cancellationToken);
    }

    public async Task<Application?> FindBySlugAsync(
        string slug,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Applications.AsNoTracking()
            .SingleOrDefaultAsync(a => a.Slug == slug, cancellationToken);
    }

    /// <summary>The slug that a new application of this label would get.</summary>
    public async Task<string> SuggestSlugAsync(
        string? label,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await FreeSlugAsync(db, ApplicationSlug.From(label), cancellationToken);
    }

    private static async Task<string> FreeSlugAsync(
        LatchkeyDbContext db,
        string wanted,
        CancellationToken cancellationToken
    )
    {
        var taken = await db
            .Applications.Where(a => a.Slug.StartsWith(wanted))
            .Select(a => a.Slug)
            .ToListAsync(cancellationToken);
        return ApplicationSlug.Free(wanted, taken.ToHashSet(StringComparer.Ordinal));
    }

    private async Task ActivateAsync(
        LatchkeyDbContext db,
        Application application,
        CancellationToken cancellationToken
    )
    {
        application.Active = true;
        var signs = await db.ApplicationCertificates.AnyAsync(
            c => c.ApplicationId == application.Id && c.Active,
            cancellationToken
        );
        if (signs)
        {
            return;
        }
        var certificate = certificates.Create(application);
        db.ApplicationCertificates.Add(certificate);
        Record(
            db,
            EventTypes.CertificateCreate,
            application,
            new
            {
                sha256 = CertificateText.Sha256(certificate.Certificate),
                not_before = certificate.NotBefore,
                not_after = certificate.NotAfter,
                private_key = "********",
            }
        );
    }

    private async Task BindGroupsAsync(
        LatchkeyDbContext db,
        Application application,
        IReadOnlyCollection<Guid>? wanted,
        CancellationToken cancellationToken
    )
    {
        if (wanted is null)
        {
            return;
        }
        var bound = await db
            .ApplicationGroups.Where(g => g.ApplicationId == application.Id)
            .ToListAsync(cancellationToken);
        var gone = bound.Where(g => !wanted.Contains(g.GroupId)).ToList();
        var added = wanted.Except(bound.Select(g => g.GroupId)).ToList();
        db.ApplicationGroups.RemoveRange(gone);
        foreach (var groupId in added)
        {
            db.ApplicationGroups.Add(
                new ApplicationGroup
                {
                    ApplicationId = application.Id,
                    GroupId = groupId,
                    AddedAt = time.GetUtcNow(),
                }
            );
        }
        var touched = gone.ConvertAll(g => g.GroupId);
        touched.AddRange(added);
        var names = await db
            .Groups.Where(g => touched.Contains(g.Id))
            .ToDictionaryAsync(g => g.Id, g => g.Name, cancellationToken);
        foreach (var groupId in touched)
        {
            Record(
                db,
                EventTypes.AssociationChange,
                application,
                new
                {
                    operation = added.Contains(groupId) ? "add" : "remove",
                    group_id = groupId,
                    group = names.GetValueOrDefault(groupId),
                }
            );
        }
    }

    private static async Task CheckAgainstOthersAsync(
        LatchkeyDbContext db,
        Application application,
        ApplicationInput input,
        List<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        var others = db.Applications.AsNoTracking().Where(a => a.Id != application.Id);
        if (await others.AnyAsync(a => a.Slug == application.Slug, cancellationToken))
        {
            problems.Add(new Problem("slug-taken", "slug", application.Slug));
        }
        var sameIdp = await others
            .Where(a => a.IdpEntityId == application.IdpEntityId)
            .Select(a => a.Label)
            .FirstOrDefaultAsync(cancellationToken);
        if (sameIdp is not null)
        {
            problems.Add(new Problem("idp-entity-id-taken", "idp_entity_id", sameIdp));
        }
        if (input.GroupIds is { Count: > 0 } wanted)
        {
            var known = await db.Groups.CountAsync(g => wanted.Contains(g.Id), cancellationToken);
            if (known != wanted.Distinct().Count())
            {
                problems.Add(new Problem("application-group-missing", "groups"));
            }
        }
    }

    private async Task<Outcome<Application>> SaveAsync(
        LatchkeyDbContext db,
        Application application,
        ApplicationInput input,
        CancellationToken cancellationToken
    )
    {
        if (!db.ChangeTracker.HasChanges())
        {
            return application;
        }
        var isNew = db.Entry(application).State == EntityState.Added;
        if (!isNew)
        {
            application.Version++;
            application.UpdatedAt = time.GetUtcNow();
        }
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return application;
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Problem("application-changed", "version");
        }
        catch (DbUpdateException)
        {
            // Somebody took the slug, the entity ID, or a group away between the check and the write: say which.
            await using var again = await databases.CreateDbContextAsync(cancellationToken);
            var problems = new List<Problem>();
            await CheckAgainstOthersAsync(again, application, input, problems, cancellationToken);
            if (problems.Count == 0)
            {
                throw;
            }
            return Outcome<Application>.Failed(problems);
        }
    }

    private void Record(
        LatchkeyDbContext db,
        string type,
        Application application,
        object details
    ) =>
        db.Events.Add(
            events.New(
                type,
                success: true,
                subject: new EventSubject("application", application.Id, application.Label),
                details: details,
                applicationId: application.Id
            )
        );

    private static object Fields(Application application) =>
        new
        {
            slug = application.Slug,
            changes = FieldChange.New(ApplicationChanges.Snapshot(application)),
        };
}
