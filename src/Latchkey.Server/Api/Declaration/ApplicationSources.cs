using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Applications.Differences;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Declaration;

/// <summary>What a declared application names elsewhere: metadata and a connector. What the declaration says itself goes above both.</summary>
internal sealed class ApplicationSources(MetadataImport import, ConnectorCatalogue catalogue)
{
    /// <summary>Everything that is said, ready for the applications' own rules.</summary>
    /// <param name="declared">What is said.</param>
    /// <param name="existing">What there is; null for a new one.</param>
    /// <param name="files">Where metadata files are.</param>
    /// <param name="found">Takes what is wrong.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<ApplicationInput> InputAsync(
        DeclaredApplication declared,
        Application? existing,
        MetadataFiles files,
        List<Problem> found,
        CancellationToken cancellationToken
    )
    {
        if (existing is not null)
        {
            var said = declared.Said(
                new ApplicationInput
                {
                    AcsEndpoints = existing.AcsEndpoints,
                    Attributes = existing.Attributes,
                }
            );
            if (
                Metadata(declared, existing) is not { } source
                || await ImportAsync(
                    declared,
                    source,
                    isNew: false,
                    files,
                    found,
                    cancellationToken
                )
                    is not { } imported
            )
            {
                return said;
            }
            var metadata = IsAddress(source)
                ? WithoutLowering(existing, imported)
                : imported.ToInput();
            return said.Over(
                // Of the metadata, what is only a proposal counts once, when the application is made: later the administrator's word stands.
                metadata with
                {
                    Label = null,
                    Description = null,
                    Logo = null,
                    NameIdFormat = null,
                    Attributes = null,
                }
            );
        }
        var below = Metadata(declared, existing) is { } made
            ? (
                await ImportAsync(declared, made, isNew: true, files, found, cancellationToken)
            )?.ToInput()
            : Connector(declared, found);
        return declared.Said(below).Over(below ?? new ApplicationInput());
    }

    /// <summary>Where the metadata is. What makes an application may be the address that is followed from then on.</summary>
    public static string? Metadata(DeclaredApplication declared, Application? existing) =>
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

    private ApplicationInput? Connector(DeclaredApplication declared, List<Problem> found)
    {
        var said = declared.Plain;
        if (string.IsNullOrEmpty(said.Connector))
        {
            return null;
        }
        // A whole description of an application needs nothing of its connector, which may have changed or gone since it was made.
        var isWhole =
            said.SpEntityId is not null
            && (declared.AcsUrls is not null || declared.AcsEndpoints is not null);
        if (catalogue.Find(said.Connector) is not { } connector)
        {
            if (!isWhole)
            {
                found.Add(new Problem("connector-unknown", "connector", said.Connector));
            }
            return null;
        }
        var filled = ConnectorVariables.Fill(
            connector,
            said.ConnectorVariables ?? new Dictionary<string, string>()
        );
        if (!filled.Ok && !isWhole)
        {
            found.AddRange(
                filled.Problems.Select(p =>
                    p with
                    {
                        Where = p.Where.Replace(
                            "variables.",
                            "connector_variables.",
                            StringComparison.Ordinal
                        ),
                    }
                )
            );
        }
        return filled.Value;
    }

    private async Task<ImportedServiceProvider?> ImportAsync(
        DeclaredApplication declared,
        string source,
        bool isNew,
        MetadataFiles files,
        List<Problem> found,
        CancellationToken cancellationToken
    )
    {
        var read = await ReadAsync(source, files, cancellationToken);
        var chosen = read.Ok
            ? read.Value.Choose(declared.Plain.SpEntityId)
            : Outcome<ImportedServiceProvider>.Failed(read.Problems);
        if (!chosen.Ok && (isNew || !IsAddress(source)))
        {
            found.AddRange(chosen.Problems.Select(p => p with { Where = "sp_metadata" }));
        }
        // An address that does not answer today must not keep the server from starting with what it knows.
        return chosen.Value;
    }

    private async Task<Outcome<ImportedMetadata>> ReadAsync(
        string source,
        MetadataFiles files,
        CancellationToken cancellationToken
    )
    {
        if (source.TrimStart().StartsWith('<'))
        {
            return import.Read(source);
        }
        if (IsAddress(source))
        {
            return await import.FetchAsync(source, cancellationToken);
        }
        var text = files.Read(source);
        return text.Ok ? import.Read(text.Value) : Outcome<ImportedMetadata>.Failed(text.Problems);
    }

    private static bool IsAddress(string source) =>
        source.Contains("://", StringComparison.Ordinal);
}
