using System.CommandLine;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Metadata;

namespace Latchkey.Cli.Saml;

/// <summary><c>latchkey saml metadata</c>: what metadata says, what is missing in it, and what to beware of.</summary>
internal static class MetadataCommand
{
    private const string Summary =
        "Shows what metadata says, what is missing in it, and what to beware of: expiry, weak keys, plain http.";

    private const string Details = """
        Of metadata with several entities each is shown in one line, and one in full with --entity-id. A federation's file of
        any size is read as a stream. With --signed-by the signature over the whole has to be by that key.
        With --mdq METADATA is the address of a Metadata Query responder, which is asked for the entity of --entity-id.

        Examples:
          latchkey saml metadata idp.xml
          latchkey saml metadata https://idp.example.com/metadata
          latchkey saml metadata federation.xml --signed-by federation.pem --entity-id https://idp.example.com
          latchkey saml metadata https://mdq.example.com --mdq sha1 --entity-id https://idp.example.com

        Exit code: 0 usable, 1 not usable, 2 unusable arguments.
        """;

    public static Command Build()
    {
        var source = new Argument<string>("METADATA")
        {
            Description = "A file, an address, or - for standard input.",
        };
        var entity = new Option<string?>("--entity-id")
        {
            Description = "Show only this entity.",
            HelpName = "ID",
        };
        var now = new Option<string?>("--now")
        {
            Description = "Check as of this time. Default: now.",
            HelpName = "TIME",
        };
        var signedBy = new Option<string?>("--signed-by")
        {
            Description = "The publisher's certificate: the metadata has to be signed by its key.",
            HelpName = "PEM",
        };
        var query = new Option<string?>("--mdq")
        {
            Description =
                "Ask a Metadata Query responder: by the entity ID itself (id) or by its digest (sha1).",
            HelpName = "id|sha1",
        };
        return new ExplainedCommand("metadata", Summary, Details)
        {
            source,
            entity,
            now,
            signedBy,
            query,
        }.Does(
            async (parsed, output, cancellationToken) =>
            {
                var rules = new MetadataRules
                {
                    Now = Input.Time("--now", parsed.GetValue(now), TimeProvider.System),
                    EntityId = parsed.GetValue(entity),
                    Keys = parsed.GetValue(signedBy) is { } path
                        ? [await KeyFiles.ReadVerificationKeyAsync(path, cancellationToken)]
                        : null,
                };
                var from = Address(
                    parsed.GetValue(source)!,
                    parsed.GetValue(query),
                    rules.EntityId
                );
                await using var metadata = await MetadataSource.OpenAsync(from, cancellationToken);
                if (from.StartsWith("http:", StringComparison.OrdinalIgnoreCase))
                {
                    await output.WriteLineAsync(
                        "! Fetched by plain http: anybody on the way could have changed it, keys included."
                    );
                }
                if (rules.Keys is not null)
                {
                    await output.WriteLineAsync(
                        "  Believed only as far as the key of --signed-by signed it."
                    );
                }
                return metadata.Length <= MetadataReader.DefaultLimits.XmlBytes
                    ? await ReadWholeAsync(metadata, rules, output, cancellationToken)
                    : await StreamAsync(metadata, rules, output, cancellationToken);
            }
        );
    }

    private static string Address(string source, string? query, string? entityId)
    {
        if (query is null)
        {
            return source;
        }
        if (!MetadataSource.IsAddress(source, out var responder) || responder.Query.Length > 0)
        {
            throw new UnusableException("--mdq needs a responder's address, without a query.");
        }
        if (string.IsNullOrEmpty(entityId))
        {
            throw new UnusableException("--mdq needs --entity-id: the entity to ask for.");
        }
        return query switch
        {
            "id" => MetadataQuery.AddressOf(responder, entityId).AbsoluteUri,
            "sha1" => MetadataQuery.Sha1AddressOf(responder, entityId).AbsoluteUri,
            _ => throw new UnusableException(
                $"--mdq is “{TerminalText.Show(query)}”; expected id or sha1."
            ),
        };
    }

    private static async Task<int> ReadWholeAsync(
        Stream metadata,
        MetadataRules rules,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        var octets = await Input.ReadAsync(metadata, (int)metadata.Length, cancellationToken);
        var verdict = MetadataReader.Read(octets, rules);
        // Metadata that is over, or not signed as it should be, is refused for use and shown all the same.
        var shown = verdict.Accepted ? verdict : MetadataReader.Read(octets, ForShowing(rules));
        DemandEntity(shown.Findings, rules);
        await WriteAsync(output, verdict.Findings);
        if (shown.Value is { } document)
        {
            var lines =
                document.Entities.Count == 1
                    ? MetadataReport.Of(document.Entities[0], rules.Now)
                    : MetadataReport.List(document.Entities);
            foreach (var line in lines)
            {
                await output.WriteLineAsync(line);
            }
        }
        return verdict.Accepted ? SamlCommand.Accepted : SamlCommand.Refused;
    }

    private static async Task<int> StreamAsync(
        Stream metadata,
        MetadataRules rules,
        TextWriter output,
        CancellationToken cancellationToken
    )
    {
        if (rules.EntityId is { } entityId)
        {
            var verdict = await MetadataAggregate.FindAsync(
                metadata,
                entityId,
                rules,
                cancellationToken
            );
            DemandEntity(verdict.Findings, rules);
            await WriteAsync(output, verdict.Findings);
            if (verdict.Value is { } entity)
            {
                foreach (var line in MetadataReport.Of(entity, rules.Now))
                {
                    await output.WriteLineAsync(line);
                }
            }
            return verdict.Accepted ? SamlCommand.Accepted : SamlCommand.Refused;
        }
        var whole = await MetadataAggregate.CheckAsync(metadata, rules, cancellationToken);
        await WriteAsync(output, whole.Findings);
        metadata.Position = 0;
        await MetadataAggregate.ListAsync(
            metadata,
            ForShowing(rules),
            entity => output.WriteLine(MetadataReport.Line(entity)),
            cancellationToken
        );
        if (whole.Value is { } summary)
        {
            await output.WriteLineAsync(
                $"{summary.Entities} entities; --entity-id shows one in full."
            );
        }
        return whole.Accepted ? SamlCommand.Accepted : SamlCommand.Refused;
    }

    private static MetadataRules ForShowing(MetadataRules rules) =>
        new() { Now = DateTimeOffset.MinValue, EntityId = rules.EntityId };

    private static void DemandEntity(IReadOnlyList<Finding> findings, MetadataRules rules)
    {
        if (findings.Any(finding => finding.Kind == FindingKinds.MetadataEntityMissing))
        {
            throw new UnusableException(
                TerminalText.Show($"The metadata has no usable entity {rules.EntityId}.")
            );
        }
    }

    private static async Task WriteAsync(TextWriter output, IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            await FindingText.WriteAsync(output, finding);
            await output.WriteLineAsync();
        }
    }
}
