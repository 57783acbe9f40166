using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Certificates;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Declaration;

/// <summary>What a declaration says of a followed metadata address.</summary>
/// <param name="Url">Where; empty to follow none.</param>
/// <param name="Certificates">Of which one must have signed what is there; none to believe https.</param>
internal sealed record DeclaredFollowing(string Url, IReadOnlyList<string> Certificates);

/// <summary>Plans and carries out which metadata addresses are followed.</summary>
internal static class FollowPlanner
{
    /// <summary>Whether the certificates can be read.</summary>
    public static void Check(DeclaredApplication declared, List<Problem> found)
    {
        foreach (var text in declared.Following?.Certificates ?? [])
        {
            if (!CertificateText.TryParse(text, out _, out var fault))
            {
                found.Add(new Problem(fault, "sp_metadata_certificates"));
            }
        }
    }

    /// <summary>Adds what would change; nothing where it is followed like that already, so that an address that does not answer today keeps nobody from applying the file.</summary>
    public static async Task AddChangesAsync(
        LatchkeyDbContext database,
        DeclaredApplication declared,
        Application? existing,
        List<FieldChange> changes,
        CancellationToken cancellationToken
    )
    {
        if (declared.Following is not { } following)
        {
            return;
        }
        var current = existing is null
            ? null
            : await database
                .FollowedMetadata.AsNoTracking()
                .SingleOrDefaultAsync(f => f.ApplicationId == existing.Id, cancellationToken);
        Add("sp_metadata_url", current?.Url, following.Url.Length == 0 ? null : following.Url);
        Add(
            "sp_metadata_certificates",
            Shown(current?.PinnedCertificates ?? []),
            following.Url.Length == 0 ? null : Shown(Parsed(following))
        );

        void Add(string field, string? from, string? to)
        {
            if (from != to)
            {
                changes.Add(new FieldChange(field, from, to));
            }
        }
    }

    /// <summary>Reads the address that is to be followed from now on, while no transaction waits for it; null where none is.</summary>
    public static async Task<DocumentToFollow?> FetchAsync(
        MetadataFollowing following,
        DeclaredApplication declared,
        IReadOnlyList<FieldChange> changes,
        List<Problem> found,
        CancellationToken cancellationToken
    )
    {
        if (declared.Following is not { Url.Length: > 0 } said || !Changes(changes))
        {
            return null;
        }
        var fetched = await following.FetchAsync(said.Url, said.Certificates, cancellationToken);
        found.AddRange(Placed(fetched.Problems));
        return fetched.Value;
    }

    /// <summary>Follows the address if the plan says that this changes.</summary>
    public static async Task<Outcome<Application>> ApplyAsync(
        MetadataFollowing following,
        PlannedApplication planned,
        Application application
    )
    {
        if (planned.Declared.Following is null || !Changes(planned.Changes))
        {
            return application;
        }
        await following.StopAsync(application);
        if (planned.ToFollow is not { } document)
        {
            return application;
        }
        var started = await following.StartAsync(application.Id, document);
        return started.Ok
            ? started.Value.Application
            : Outcome<Application>.Failed(Placed(started.Problems));
    }

    private static bool Changes(IReadOnlyList<FieldChange> changes) =>
        changes.Any(c => c.Field is "sp_metadata_url" or "sp_metadata_certificates");

    private static IReadOnlyList<Problem> Placed(IEnumerable<Problem> problems) =>
        [.. problems.Select(p => p with { Where = "sp_metadata_url" })];

    private static List<string> Parsed(DeclaredFollowing following) =>
        [
            .. following.Certificates.SelectMany(text =>
                CertificateText.TryParse(text, out var certificates, out _) ? certificates : []
            ),
        ];

    private static string? Shown(IEnumerable<string> certificates)
    {
        var text = string.Join(
            '\n',
            certificates.Select(c =>
                "SHA-256 " + CertificateText.Sha256(Convert.FromBase64String(c))
            )
        );
        return text.Length == 0 ? null : text;
    }
}
