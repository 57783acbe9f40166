using System.Globalization;
using System.Text.Json.Nodes;

namespace Latchkey.Cli.Server;

/// <summary><c>latchkey app …</c>: applications by the API.</summary>
/// <param name="address">The server.</param>
/// <param name="output">Takes what is shown.</param>
/// <param name="errors">Takes the sentence why it did not go.</param>
/// <param name="transport">For tests; the network otherwise.</param>
internal sealed class AppCommand(
    ServerAddress address,
    TextWriter output,
    TextWriter errors,
    HttpMessageHandler? transport = null
)
{
    private const string Root = "/api/v1/applications";

    public Task<int> ListAsync(string? search, bool json, CancellationToken ct) =>
        RunAsync(async call =>
        {
            string? cursor = null;
            var rows = new JsonArray();
            do
            {
                var query =
                    $"?limit=200&search={Escape(search ?? "")}&cursor={Escape(cursor ?? "")}";
                var page = JsonNode.Parse(
                    await call.SendAsync(HttpMethod.Get, Root + query, null, ct)
                )!;
                foreach (var row in page["items"]!.AsArray())
                {
                    rows.Add(row!.DeepClone());
                }
                cursor = (string?)page["next_cursor"];
            } while (cursor is not null);
            if (json)
            {
                await output.WriteLineAsync(rows.ToJsonString(ServerCall.Shown));
                return;
            }
            foreach (var row in rows)
            {
                await output.WriteLineAsync(
                    string.Join(
                        '\t',
                        (string)row!["slug"]!,
                        (string)row["kind"]!,
                        (bool)row["active"]! ? "active" : "inactive",
                        Terminal((string)row["label"]!)
                    )
                );
            }
        });

    public Task<int> ShowAsync(string app, CancellationToken ct) =>
        RunAsync(async call =>
            await PrintAsync(await call.SendAsync(HttpMethod.Get, At(app), null, ct))
        );

    public Task<int> CreateAsync(
        FileInfo? file,
        IReadOnlyList<string> assignments,
        string? metadata,
        CancellationToken ct
    ) =>
        RunAsync(async call =>
        {
            var fields = await FieldInput.ReadAsync(file, assignments, ct);
            if (metadata is not null)
            {
                fields["sp_metadata"] = metadata.Contains("://", StringComparison.Ordinal)
                    ? metadata
                    : await File.ReadAllTextAsync(metadata, ct);
            }
            await PrintAsync(await call.SendAsync(HttpMethod.Post, Root, fields, ct));
        });

    public Task<int> UpdateAsync(
        string app,
        FileInfo? file,
        IReadOnlyList<string> assignments,
        CancellationToken ct
    ) =>
        RunAsync(async call =>
        {
            var fields = await FieldInput.ReadAsync(file, assignments, ct);
            if (fields.Count == 0)
            {
                throw new CallFailedException(
                    "Nothing to change; give a file or --set NAME=VALUE."
                );
            }
            await PrintAsync(await call.SendAsync(HttpMethod.Patch, At(app), fields, ct));
        });

    public Task<int> DeleteAsync(string app, bool sure, CancellationToken ct) =>
        RunAsync(async call =>
        {
            var found = JsonNode.Parse(await call.SendAsync(HttpMethod.Get, At(app), null, ct))!;
            var label = Terminal((string)found["label"]!);
            if (!sure)
            {
                throw new CallFailedException(
                    $"This would delete “{label}” with its certificates and private keys; say --yes if that is meant."
                );
            }
            await call.SendAsync(HttpMethod.Delete, At(app), null, ct);
            await output.WriteLineAsync($"“{label}” is deleted.");
        });

    /// <summary>Our metadata for the application, as the service provider fetches it.</summary>
    public Task<int> MetadataAsync(string app, FileInfo? file, CancellationToken ct) =>
        RunAsync(async call =>
        {
            var found = JsonNode.Parse(await call.SendAsync(HttpMethod.Get, At(app), null, ct))!;
            var xml = await call.SendAsync(
                HttpMethod.Get,
                $"/saml2/{(string)found["slug"]!}/metadata",
                null,
                ct
            );
            if (file is null)
            {
                await output.WriteLineAsync(xml);
            }
            else
            {
                await File.WriteAllTextAsync(file.FullName, xml, ct);
            }
        });

    /// <summary>One step of a rotation, and the certificates as they stand then.</summary>
    public Task<int> RotateAsync(string app, RotationStep step, CancellationToken ct) =>
        RunAsync(async call =>
        {
            var certificates = At(app) + "/certificates";
            var text = step switch
            {
                { Show: true } => await call.SendAsync(HttpMethod.Get, certificates, null, ct),
                { Undo: true } => await call.SendAsync(
                    HttpMethod.Post,
                    certificates + "/undo",
                    null,
                    ct
                ),
                { Switch: true } => await call.SendAsync(
                    HttpMethod.Post,
                    certificates + "/switch",
                    new JsonObject { ["at"] = step.At },
                    ct
                ),
                _ => await call.SendAsync(
                    HttpMethod.Post,
                    certificates,
                    step.Key is null ? [] : new JsonObject { ["key"] = step.Key },
                    ct
                ),
            };
            foreach (var row in JsonNode.Parse(text)!["items"]!.AsArray())
            {
                await output.WriteLineAsync(
                    string.Join(
                            '\t',
                            (string)row!["status"]!,
                            (string)row["sha256"]!,
                            "until " + Day(row["not_after"]),
                            row["signs_from"] is null
                                ? "signs when told"
                                : "signs from " + Day(row["signs_from"]),
                            row["retire_at"] is null ? "" : "retires " + Day(row["retire_at"])
                        )
                        .TrimEnd()
                );
            }
        });

    private static string Day(JsonNode? time) =>
        ((DateTimeOffset)time!).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private async Task PrintAsync(string json) =>
        await output.WriteLineAsync(JsonNode.Parse(json)!.ToJsonString(ServerCall.Shown));

    /// <summary>Names are what somebody typed; a terminal must not obey them.</summary>
    private static string Terminal(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));

    private static string At(string app) => $"{Root}/{Escape(app)}";

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private Task<int> RunAsync(Func<ServerCall, Task> run) =>
        ExitCodes.RunAsync(
            errors,
            async () =>
            {
                using var call = new ServerCall(address, transport);
                await run(call);
                return ExitCodes.Done;
            }
        );
}

/// <summary>What is to be done about an application's certificates; without a word the next one is made.</summary>
/// <param name="Key">The kind of the next key.</param>
/// <param name="At">When to switch; null for now.</param>
internal sealed record RotationStep(
    bool Show = false,
    bool Switch = false,
    bool Undo = false,
    string? Key = null,
    string? At = null
);
