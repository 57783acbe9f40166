using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Certificates;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications;

/// <summary>
/// The one place where applications change. Whatever one call changes (fields, access, activation, certificate) and
/// the events that tell of it are one transaction: all of it or nothing.
/// </summary>
internal sealed class ApplicationService(
    IDbContextFactory<LatchkeyDbContext> databases,
    ApplicationAccess access,
    ApplicationActivation activation,
    ConnectorCatalogue catalogue,
    EventRecorder events,
    ServerOptions server,
    TimeProvider time
)
{
    private readonly VersionedRows<Application> _rows = new(
        "application-missing",
        "application-changed",
        databases,
        time
    );

    /// <summary>Makes an application. Slug and IdP entity ID are made up where the input has none.</summary>
    public async Task<Outcome<Application>> CreateAsync(
        ApplicationInput input,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connector = catalogue.Find(input.Connector);
        input = connector is null ? input : ConnectorPolicy.Complete(connector, input);
        var now = time.GetUtcNow();
        var slug = string.IsNullOrEmpty(input.Slug)
            ? await FreeSlugAsync(db, ApplicationSlug.From(input.Label), cancellationToken)
            : input.Slug;
        var application = new Application
        {
            Kind = input.Kind,
            Slug = slug,
            Label = "",
            IdpEntityId = server.Address($"/saml2/{slug}"),
            SpEntityId = "",
            CreatedAt = now,
            UpdatedAt = now,
        };
        var problems = ApplicationRules.Fill(application, input, creating: true);
        if (!ApplicationSlug.IsValid(slug))
        {
            problems.Add(new Problem("slug-invalid", "slug", slug));
        }
        if (connector is not null)
        {
            problems.AddRange(ConnectorPolicy.Faults(connector, null, [], application));
        }
        problems.AddRange(
            await ApplicationConflicts.FindAsync(db, application, input, cancellationToken)
        );
        if (problems.Count > 0)
        {
            return Outcome<Application>.Failed(problems);
        }
        db.Applications.Add(application);
        Record(
            db,
            EventTypes.ApplicationCreate,
            application,
            new
            {
                slug = application.Slug,
                changes = FieldChange.New(ApplicationChanges.Snapshot(application)),
            }
        );
        await access.ChangeAsync(db, application, input, cancellationToken);
        if (input.Active == true)
        {
            await activation.RunAsync(db, application, cancellationToken);
        }
        return await SaveAsync(db, application, input, cancellationToken);
    }

    /// <summary>Changes what the input says and nothing else.</summary>
    /// <param name="id">Which.</param>
    /// <param name="input">What is said.</param>
    /// <param name="version">The version that was looked at; null to change whatever is there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="also">Adds to the same transaction what the change comes with.</param>
    public async Task<Outcome<Application>> UpdateAsync(
        Guid id,
        ApplicationInput input,
        long? version,
        CancellationToken cancellationToken = default,
        Func<LatchkeyDbContext, Application, CancellationToken, Task>? also = null
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await _rows.FindAsync(db, id, version, cancellationToken);
        if (found.Value is not { } application)
        {
            return found;
        }
        var before = ApplicationChanges.Snapshot(application);
        var attributesBefore = application.Attributes;
        var problems = ApplicationRules.Fill(application, input, creating: false);
        if (!string.IsNullOrEmpty(input.Slug) && input.Slug != application.Slug)
        {
            problems.Add(new Problem("slug-fixed", "slug", application.Slug));
        }
        if (catalogue.Find(application.Connector) is { } connector)
        {
            problems.AddRange(
                ConnectorPolicy.Faults(connector, before, attributesBefore, application)
            );
        }
        problems.AddRange(
            await ApplicationConflicts.FindAsync(db, application, input, cancellationToken)
        );
        if (problems.Count > 0)
        {
            return Outcome<Application>.Failed(problems);
        }
        if (input.Active == true)
        {
            await activation.RunAsync(db, application, cancellationToken);
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
        await access.ChangeAsync(db, application, input, cancellationToken);
        if (also is not null)
        {
            await also(db, application, cancellationToken);
        }
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
        var found = await _rows.FindAsync(db, id, null, cancellationToken);
        if (found.Value is not { } application)
        {
            return found;
        }
        var granted = db.ApplicationGroups.Where(g => g.ApplicationId == id);
        var groups = await granted
            .Join(db.Groups, g => g.GroupId, g => g.Id, (_, g) => g.Name)
            .ToListAsync(cancellationToken);
        db.ApplicationGroups.RemoveRange(await granted.ToListAsync(cancellationToken));
        var keys = await db
            .ApplicationCertificates.Where(c => c.ApplicationId == id)
            .ToListAsync(cancellationToken);
        db.ApplicationCertificates.RemoveRange(keys);
        var changes = FieldChange.Gone(ApplicationChanges.Snapshot(application));
        if (groups.Count > 0)
        {
            changes.Add(
                new FieldChange(
                    "groups",
                    string.Join("\n", groups.Order(StringComparer.Ordinal)),
                    null
                )
            );
        }
        if (keys.Count > 0)
        {
            changes.Add(new FieldChange("private_keys", FieldChange.Masked, null));
        }
        db.Applications.Remove(application);
        Record(
            db,
            EventTypes.ApplicationDelete,
            application,
            new
            {
                changes,
                slug = application.Slug,
                certificates = keys.Select(key => CertificateText.Sha256(key.Certificate)),
            }
        );
        return await SaveAsync(db, application, new ApplicationInput(), cancellationToken);
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

    private Task<Outcome<Application>> SaveAsync(
        LatchkeyDbContext db,
        Application application,
        ApplicationInput input,
        CancellationToken cancellationToken
    ) =>
        _rows.SaveAsync(
            db,
            application,
            (again, ct) => ApplicationConflicts.FindAsync(again, application, input, ct),
            cancellationToken
        );

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
}
