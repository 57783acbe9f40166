using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Plans the applications of a declaration: metadata first, above it what the file says, and the applications' own rules over both.</summary>
internal sealed class ApplicationPlanner(
    LatchkeyDbContext database,
    ApplicationSources sources,
    MetadataFollowing following,
    MetadataFiles files,
    ServerOptions server,
    DateTimeOffset now,
    DeclarationProblems problems,
    CancellationToken cancellationToken
)
{
    private readonly HashSet<string> _idpEntityIds = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<PlannedApplication>> PlanAsync(DeclaredState state)
    {
        var access = new AccessPlanner(database, state, cancellationToken);
        var planned = new List<PlannedApplication>();
        foreach (var declared in state.Applications)
        {
            planned.Add(await PlanAsync(declared, access));
        }
        return planned;
    }

    private async Task<PlannedApplication> PlanAsync(
        DeclaredApplication declared,
        AccessPlanner access
    )
    {
        var found = new List<Problem>();
        var existing = await FindAsync(declared.Slug);
        var input = await sources.InputAsync(declared, existing, files, found, cancellationToken);
        if (existing is null && ApplicationSources.Metadata(declared, existing) is null)
        {
            input = input with { Label = input.Label ?? declared.Slug };
        }
        if (existing is not null && declared.Kind is { } kind && kind != existing.Kind)
        {
            found.Add(new Problem("kind-fixed", "kind", ApplicationWords.Kind.Of(existing.Kind)));
        }
        // Read a second time, so that filling it leaves the first as it is.
        var result = await FindAsync(declared.Slug) ?? New(declared.Slug, input.Kind);
        if (found.Count == 0)
        {
            found.AddRange(ApplicationRules.Fill(result, input, existing is null));
            await CheckAsync(result, existing, found);
        }
        result.Active = input.Active ?? result.Active;
        await access.CheckAsync(declared, found);
        FollowPlanner.Check(declared, found);
        var after = ApplicationChanges.Snapshot(result);
        var changes = existing is null
            ? FieldChange.New(after)
            : FieldChange.Between(ApplicationChanges.Snapshot(existing), after);
        await access.AddChangesAsync(declared, existing, changes);
        await FollowPlanner.AddChangesAsync(
            database,
            declared,
            existing,
            changes,
            cancellationToken
        );
        var pairs = await new KeyPairPlanner(files, now, found, changes).PlanAsync(
            database,
            declared,
            existing,
            result,
            cancellationToken
        );
        var document =
            found.Count > 0
                ? null
                : await FollowPlanner.FetchAsync(
                    following,
                    declared,
                    changes,
                    found,
                    cancellationToken
                );
        foreach (var problem in found.Select(p => ApplicationFields.Place(p, input)))
        {
            problems.Add(
                DeclarationLines.Find(declared.Lines, problem.Where, declared.Line),
                problem
            );
        }
        return new PlannedApplication(declared, existing, input, document, pairs, changes);
    }

    private async Task CheckAsync(Application result, Application? existing, List<Problem> found)
    {
        if (existing is null && !ApplicationSlug.IsValid(result.Slug))
        {
            found.Add(new Problem("slug-invalid", "slug", result.Slug));
        }
        var other = await database
            .Applications.Where(a => a.Slug != result.Slug && a.IdpEntityId == result.IdpEntityId)
            .Select(a => a.Label)
            .FirstOrDefaultAsync(cancellationToken);
        if (other is not null)
        {
            found.Add(new Problem("idp-entity-id-taken", "idp_entity_id", other));
        }
        if (!_idpEntityIds.Add(result.IdpEntityId))
        {
            found.Add(
                new Problem(
                    "declaration-duplicate-value",
                    "idp_entity_id",
                    "idp_entity_id",
                    result.IdpEntityId
                )
            );
        }
    }

    private Task<Application?> FindAsync(string slug) =>
        database
            .Applications.AsNoTracking()
            .SingleOrDefaultAsync(a => a.Slug == slug, cancellationToken);

    private Application New(string slug, ApplicationKind kind) =>
        new()
        {
            Kind = kind,
            Slug = slug,
            Label = "",
            IdpEntityId = server.Address($"/saml2/{slug}"),
            SpEntityId = "",
            CreatedAt = default,
            UpdatedAt = default,
        };
}
