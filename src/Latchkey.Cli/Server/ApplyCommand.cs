using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Cli.Server;

/// <summary>Sends a declaration with the metadata files and secrets it names, and prints what changed, or every problem as <c>file:line: sentence</c>.</summary>
/// <param name="output">Takes the plan.</param>
/// <param name="errors">Takes the problems.</param>
/// <param name="transport">For tests; the network otherwise.</param>
internal sealed class ApplyCommand(
    TextWriter output,
    TextWriter errors,
    HttpMessageHandler? transport = null
)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private static readonly JsonSerializerOptions s_shown = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="file">The declaration.</param>
    /// <param name="address">The server.</param>
    /// <param name="planOnly">Whether nothing is to be changed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<int> RunAsync(
        FileInfo file,
        ServerAddress address,
        bool planOnly,
        CancellationToken cancellationToken
    ) =>
        ExitCodes.RunAsync(
            errors,
            async () =>
            {
                var document = await File.ReadAllTextAsync(file.FullName, cancellationToken);
                var references = await DeclarationReferences.ReadAsync(
                    document,
                    file.DirectoryName!,
                    cancellationToken
                );
                if (references.Unreadable.Count > 0)
                {
                    foreach (var (line, sentence) in references.Unreadable)
                    {
                        await errors.WriteLineAsync($"{file}:{line}: {sentence}");
                    }
                    return ExitCodes.Refused;
                }
                using var call = new ServerCall(address, transport);
                var (status, text) = await call.TrySendAsync(
                    HttpMethod.Post,
                    planOnly ? "/api/v1/plan" : "/api/v1/apply",
                    new JsonObject
                    {
                        ["document"] = document,
                        ["files"] = Map(references.Files),
                        ["secrets"] = Map(references.Secrets),
                    },
                    cancellationToken
                );
                return await ReportAsync(file, status, text, planOnly);
            }
        );

    private static JsonObject Map(Dictionary<string, string> texts) =>
        new(texts.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)JsonValue.Create(t.Value))));

    private async Task<int> ReportAsync(
        FileInfo file,
        HttpStatusCode status,
        string text,
        bool planOnly
    )
    {
        switch (status)
        {
            case HttpStatusCode.OK:
                await PrintAsync(JsonSerializer.Deserialize<Answer>(text, s_json)!, planOnly);
                return ExitCodes.Done;
            case HttpStatusCode.UnprocessableEntity:
                foreach (var problem in ServerCall.Problems(text))
                {
                    var place = problem.Line is > 0 ? $"{file}:{problem.Line}" : $"{file}";
                    await errors.WriteLineAsync($"{place}: {problem.Text}");
                }
                return ExitCodes.Refused;
            case HttpStatusCode.Unauthorized:
                throw new CallFailedException(
                    "The server does not take the token: it is unknown, deleted, or its user may not administer any more."
                );
            default:
                throw new CallFailedException(
                    ServerCall.Problems(text) is { Count: > 0 } problems
                        ? string.Join('\n', problems.Select(p => p.Text))
                        : $"The server answered {(int)status}; is the address Latchkey's?"
                );
        }
    }

    private async Task PrintAsync(Answer answer, bool planOnly)
    {
        foreach (var change in answer.Changes.Where(c => c.Action != "unchanged"))
        {
            await output.WriteLineAsync(
                $"{(change.Action == "create" ? '+' : '~')} {change.Kind} {change.Name}"
            );
            foreach (var field in change.Changes)
            {
                await output.WriteLineAsync(
                    change.Action == "create"
                        ? $"    {field.Field}: {Shown(field.To)}"
                        : $"    {field.Field}: {Shown(field.From)} → {Shown(field.To)}"
                );
            }
        }
        int Count(string action) => answer.Changes.Count(c => c.Action == action);
        var (created, changed, same) = (Count("create"), Count("update"), Count("unchanged"));
        if (created + changed == 0)
        {
            await output.WriteLineAsync($"No difference: {same} unchanged.");
            return;
        }
        await output.WriteLineAsync(
            planOnly
                ? $"{created} to create, {changed} to change, {same} unchanged."
                : $"{created} created, {changed} changed, {same} unchanged."
        );
    }

    /// <summary>As JSON: quotes, line breaks and what else a terminal must not obey are escaped.</summary>
    private static string Shown(string? value) =>
        value is null ? "(none)" : JsonSerializer.Serialize(value, s_shown);

    private sealed record Answer(IReadOnlyList<Change> Changes);

    private sealed record Change(
        string Action,
        string Kind,
        string Name,
        IReadOnlyList<FieldChange> Changes
    );

    private sealed record FieldChange(string Field, string? From, string? To);
}
