using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Differences;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Plans the applications of a declaration: metadata first, above it what the file says, and the applications' own rules over both.</summary>
internal sealed class ApplicationPlanner(
    LatchkeyDbContext database,
    MetadataImport import,
    MetadataFiles files,
    ServerOptions server,
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
        var input = await InputAsync(declared, existing, found);
        // Read a second time, so that filling it leaves the first as it is.
        var result = await FindAsync(declared.Slug) ?? New(declared.Slug);
        if (found.Count == 0)
        {
            found.AddRange(ApplicationRules.Fill(result, input, existing is null));
            await CheckAsync(result, existing, found);
        }
        result.Active = input.Active ?? result.Active;
        await access.CheckAsync(declared, found);
        FollowPlanner.Check(declared, found);
        foreach (var problem in found)
        {
            problems.Add(
                DeclarationLines.Find(declared.Lines, problem.Where, declared.Line),
                problem
            );
        }
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
        return new PlannedApplication(declared, existing, input, changes);
    }

    private async Task<ApplicationInput> InputAsync(
        DeclaredApplication declared,
        Application? existing,
        List<Problem> found
    )
    {
        var said = declared.Said with { Slug = declared.Slug };
        if (existing is null)
        {
            said = said with
            {
                Label = said.Label ?? (Source(declared, existing) is null ? declared.Slug : null),
            };
        }
        if (Source(declared, existing) is not { } source)
        {
            return said;
        }
        var imported = await ImportAsync(source, said.SpEntityId);
        if (!imported.Ok)
        {
            // An address that does not answer today must not keep the server from starting with what it knows.
            if (existing is null || !IsAddress(source))
            {
                found.AddRange(imported.Problems.Select(p => p with { Where = "sp_metadata" }));
            }
            return said;
        }
        return Over(
            existing is not null && IsAddress(source)
                ? WithoutLowering(existing, imported.Value)
                : imported.Value.ToInput(),
            said,
            existing is null
        );
    }

    /// <summary>Where the metadata is. What makes an application may be the address that is followed from then on.</summary>
    private static string? Source(DeclaredApplication declared, Application? existing) =>
        declared.SpMetadata
        ?? (existing is null && declared.Following?.Url is { Length: > 0 } url ? url : null);

    /// <summary>What an address says of an application that exists counts without anybody looking: not where it would lower security (rule M3). The file itself may say so.</summary>
    private static ApplicationInput WithoutLowering(
        Application existing,
        ImportedServiceProvider said
    ) =>
        MetadataDifference.Input(
            existing,
            said,
            MetadataDifference
                .Between(existing, said, before: null)
                .Where(d => d.Lowers.All(lowering => lowering.Routine))
                .Select(d => d.Field)
        );

    private async Task<Outcome<ImportedServiceProvider>> ImportAsync(
        string source,
        string? entityId
    )
    {
        Outcome<ImportedMetadata> metadata;
        if (source.TrimStart().StartsWith('<'))
        {
            metadata = import.Read(source);
        }
        else if (IsAddress(source))
        {
            metadata = await import.FetchAsync(source, cancellationToken);
        }
        else
        {
            var text = files.Read(source);
            metadata = text.Ok
                ? import.Read(text.Value)
                : Outcome<ImportedMetadata>.Failed(text.Problems);
        }
        return metadata.Ok
            ? metadata.Value.Choose(entityId)
            : Outcome<ImportedServiceProvider>.Failed(metadata.Problems);
    }

    private static bool IsAddress(string source) =>
        source.Contains("://", StringComparison.Ordinal);

    /// <summary>What the file says wins. Of the metadata, what is only a proposal (names, logo, NameID, attributes) counts once, when the application is made: later the administrator's word stands.</summary>
    private static ApplicationInput Over(
        ApplicationInput metadata,
        ApplicationInput said,
        bool isNew
    ) =>
        said with
        {
            SpEntityId = said.SpEntityId ?? metadata.SpEntityId,
            AcsEndpoints = said.AcsEndpoints ?? metadata.AcsEndpoints,
            SloEndpoints = said.SloEndpoints ?? metadata.SloEndpoints,
            SpSigningCertificates = said.SpSigningCertificates ?? metadata.SpSigningCertificates,
            SpEncryptionCertificates =
                said.SpEncryptionCertificates ?? metadata.SpEncryptionCertificates,
            RequireSignedRequests = said.RequireSignedRequests ?? metadata.RequireSignedRequests,
            WantAssertionsSigned = said.WantAssertionsSigned ?? metadata.WantAssertionsSigned,
            RequiredAttributes = said.RequiredAttributes ?? metadata.RequiredAttributes,
            Label = said.Label ?? (isNew ? metadata.Label : null),
            Description = said.Description ?? (isNew ? metadata.Description : null),
            Logo = said.Logo ?? (isNew ? metadata.Logo : null),
            NameIdFormat = said.NameIdFormat ?? (isNew ? metadata.NameIdFormat : null),
            Attributes = said.Attributes ?? (isNew ? metadata.Attributes : null),
        };

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

    private Application New(string slug) =>
        new()
        {
            Slug = slug,
            Label = "",
            IdpEntityId = server.Address($"/saml2/{slug}"),
            SpEntityId = "",
            CreatedAt = default,
            UpdatedAt = default,
        };
}
