using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Latchkey.Cli;

/// <summary>Sends a declaration and the metadata files it names, and prints what changed, or every problem as <c>file:line: sentence</c>.</summary>
/// <param name="output">Takes the plan.</param>
/// <param name="errors">Takes the problems.</param>
/// <param name="transport">For tests; the network otherwise.</param>
internal sealed class ApplyCommand(
    TextWriter output,
    TextWriter errors,
    HttpMessageHandler? transport = null
)
{
    /// <summary>Done, or nothing to do.</summary>
    public const int Done = 0;

    /// <summary>The declaration has problems; nothing was changed.</summary>
    public const int Refused = 1;

    /// <summary>It did not come to that: wrong arguments, an unreadable file, no answer, a token that is not taken.</summary>
    public const int Failed = 2;

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private static readonly JsonSerializerOptions s_shown = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public async Task<int> RunAsync(
        FileInfo file,
        Uri? server,
        string token,
        bool planOnly,
        CancellationToken cancellationToken
    )
    {
        if (server is not { IsAbsoluteUri: true })
        {
            return await FailAsync(
                "--server is missing; expected the server's address, such as https://id.example.com."
            );
        }
        if (server.Scheme != Uri.UriSchemeHttps && !server.IsLoopback)
        {
            return await FailAsync(
                $"--server is {server}; expected https, because the token would travel in the clear."
            );
        }
        if (token.Length == 0)
        {
            return await FailAsync(
                "--token is missing; an administrator makes one at /admin/settings/tokens."
            );
        }
        try
        {
            var document = await File.ReadAllTextAsync(file.FullName, cancellationToken);
            var files = await MetadataFiles.ReadAsync(
                document,
                file.DirectoryName!,
                cancellationToken
            );
            if (files.Unreadable.Count > 0)
            {
                foreach (var (line, sentence) in files.Unreadable)
                {
                    await errors.WriteLineAsync($"{file}:{line}: {sentence}");
                }
                return Refused;
            }
            using var client = new HttpClient(
                transport ?? new SocketsHttpHandler { AllowAutoRedirect = false }
            );
            using var request = new HttpRequestMessage(
                HttpMethod.Post,
                new Uri(server, $"/api/v1/apply?plan={(planOnly ? "true" : "false")}")
            );
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Content = JsonContent.Create(
                new { document, files = files.Texts },
                options: s_json
            );
            using var response = await client.SendAsync(request, cancellationToken);
            return await ReportAsync(file, response, planOnly, cancellationToken);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            return await FailAsync(e.Message);
        }
    }

    private async Task<int> ReportAsync(
        FileInfo file,
        HttpResponseMessage response,
        bool planOnly,
        CancellationToken cancellationToken
    )
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                var answer = await response.Content.ReadFromJsonAsync<Answer>(
                    s_json,
                    cancellationToken
                );
                await PrintAsync(answer!, planOnly);
                return Done;
            case HttpStatusCode.UnprocessableEntity:
                var refusal = await response.Content.ReadFromJsonAsync<Refusal>(
                    s_json,
                    cancellationToken
                );
                foreach (var problem in refusal!.Problems)
                {
                    await errors.WriteLineAsync($"{file}:{problem.Line}: {problem.Text}");
                }
                return Refused;
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                return await FailAsync(
                    "The server does not take the token: it is unknown, deleted, or its user is no administrator any more."
                );
            default:
                return await FailAsync(
                    $"The server answered {(int)response.StatusCode}; is the address Latchkey's?"
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
        await output.WriteLineAsync(
            planOnly
                ? $"{Count("create")} to create, {Count("update")} to change, {Count("unchanged")} unchanged."
                : $"{Count("create")} created, {Count("update")} changed, {Count("unchanged")} unchanged."
        );
    }

    /// <summary>As JSON: quotes, line breaks and what else a terminal must not obey are escaped.</summary>
    private static string Shown(string? value) =>
        value is null ? "(none)" : JsonSerializer.Serialize(value, s_shown);

    private async Task<int> FailAsync(string sentence)
    {
        await errors.WriteLineAsync(sentence);
        return Failed;
    }

    private sealed record Answer(IReadOnlyList<Change> Changes);

    private sealed record Change(
        string Action,
        string Kind,
        string Name,
        IReadOnlyList<FieldChange> Changes
    );

    private sealed record FieldChange(string Field, string? From, string? To);

    private sealed record Refusal(IReadOnlyList<Problem> Problems);

    private sealed record Problem(string Code, string Text, int? Line);
}
