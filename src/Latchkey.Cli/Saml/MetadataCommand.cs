using System.CommandLine;
using System.Net;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Metadata;

namespace Latchkey.Cli.Saml;

/// <summary><c>latchkey saml metadata</c>: what metadata says, what is missing in it, and what to beware of.</summary>
internal static class MetadataCommand
{
    private const string Summary =
        "Shows what metadata says, what is missing in it, and what to beware of: expiry, weak keys, plain http.";

    private const string Details = """
        Of metadata with several entities each is shown in one line, and one in full with --entity-id.

        Examples:
          latchkey saml metadata idp.xml
          latchkey saml metadata https://idp.example.com/metadata
          latchkey saml metadata federation.xml --entity-id https://idp.example.com

        Exit code: 0 usable, 1 not usable, 2 unusable arguments.
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

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
        return new ExplainedCommand("metadata", Summary, Details) { source, entity, now }.Does(
            async (parsed, output, cancellationToken) =>
            {
                var time = Input.Time("--now", parsed.GetValue(now), TimeProvider.System);
                var from = parsed.GetValue(source)!;
                var octets = await ReadAsync(from, cancellationToken);
                if (from.StartsWith("http:", StringComparison.OrdinalIgnoreCase))
                {
                    await output.WriteLineAsync(
                        "! Fetched by plain http: anybody on the way could have changed it, keys included."
                    );
                }
                return await RunAsync(octets, parsed.GetValue(entity), time, output);
            }
        );
    }

    private static async Task<int> RunAsync(
        byte[] octets,
        string? entityId,
        DateTimeOffset now,
        TextWriter output
    )
    {
        // Metadata that is over is refused for use and shown all the same.
        var verdict = MetadataReader.Read(octets, now);
        var shown = verdict.Accepted
            ? verdict
            : MetadataReader.Read(octets, DateTimeOffset.MinValue);
        foreach (var finding in verdict.Findings)
        {
            await FindingText.WriteAsync(output, finding);
            await output.WriteLineAsync();
        }
        if (shown.Value is { } document)
        {
            var entities = document
                .Entities.Where(one => entityId is null || one.EntityId == entityId)
                .ToList();
            if (entities.Count == 0)
            {
                throw new UnusableException(
                    TerminalText.Show($"The metadata has no usable entity {entityId}.")
                );
            }
            var lines =
                entities.Count == 1
                    ? MetadataReport.Of(entities[0], now)
                    : MetadataReport.List(entities);
            foreach (var line in lines)
            {
                await output.WriteLineAsync(line);
            }
        }
        return verdict.Accepted ? SamlCommand.Accepted : SamlCommand.Refused;
    }

    private static async Task<byte[]> ReadAsync(string source, CancellationToken cancellationToken)
    {
        var longest = MetadataReader.DefaultLimits.XmlBytes + 1;
        if (
            !Uri.TryCreate(source, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp)
        )
        {
            return await Input.ReadAsync(source, cancellationToken, longest);
        }
        try
        {
            using var client = new HttpClient { Timeout = s_patience };
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_patience);
            using var response = await client.GetAsync(
                address,
                HttpCompletionOption.ResponseHeadersRead,
                limit.Token
            );
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new UnusableException(
                    $"{address} answered {(int)response.StatusCode}; expected 200."
                );
            }
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
            return await Input.ReadAsync(body, longest, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new UnusableException($"{address} cannot be fetched: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UnusableException(
                $"{address} did not answer within {s_patience.TotalSeconds:0} seconds."
            );
        }
    }
}
