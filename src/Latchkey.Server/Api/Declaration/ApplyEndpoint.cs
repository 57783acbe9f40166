using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Api.Declaration;

/// <summary>A declaration as it is sent.</summary>
/// <param name="Document">The YAML.</param>
/// <param name="Files">The metadata files that it names, by those names.</param>
/// <param name="Secrets">The passwords and private keys that it refers to, by <c>env:NAME</c> and <c>file:PATH</c>; a PKCS#12 file in base64.</param>
internal sealed record ApplyBody(
    string Document,
    IReadOnlyDictionary<string, string>? Files,
    IReadOnlyDictionary<string, string>? Secrets
);

/// <summary>What was, or would be, done.</summary>
internal sealed record ApplyAnswer(bool Applied, IReadOnlyList<ApplyChange> Changes);

internal sealed record ApplyChange(
    [property: WordsOf(typeof(PlannedChange), nameof(PlannedChange.Actions))] string Action,
    string Kind,
    string Name,
    int Line,
    IReadOnlyList<FieldChange> Changes
);

/// <summary><c>POST /api/v1/apply</c>, and <c>/plan</c>, which only says what would change.</summary>
internal static class ApplyEndpoint
{
    /// <summary>An organisation of ten thousand users, with logos and metadata files.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    public static void MapApply(this IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Post,
            "/plan",
            Operation("plan", ApiScopes.OrganizationRead) with
            {
                Role = Capability.ReadAll,
            },
            (HttpRequest request, ApplyCalls calls, CancellationToken ct) =>
                calls.RunAsync(request, apply: false, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            "/apply",
            Operation("apply", ApiScopes.OrganizationWrite) with
            {
                Query = [new("plan", "boolean")],
            },
            (HttpRequest request, ApplyCalls calls, CancellationToken ct) =>
                calls.RunAsync(request, apply: request.Query["plan"] != "true", ct)
        );
    }

    private static ApiOperation Operation(string name, string scope) =>
        new(name, scope)
        {
            Body = typeof(ApplyBody),
            Required = ["document"],
            Example = """{"document": "groups: [{ name: Engineering }]"}""",
            Answer = typeof(ApplyAnswer),
            // The same file again changes nothing, without any key.
            Repeatable = false,
            MaxBytes = MaxBytes,
            Refusals = [400, 415, 422],
        };
}

/// <summary>Applies or plans what a call sends.</summary>
internal sealed class ApplyCalls(DeclarationService declarations, Refusal refusal, ITexts texts)
{
    public async Task<ApiAnswer> RunAsync(HttpRequest request, bool apply, CancellationToken ct)
    {
        var read = await CallBody.ReadAsync(request, "call", (section, _) => Read(section), ct);
        if (read.Value is not { } body)
        {
            return refusal.Of(read.Problems);
        }
        var problems = new DeclarationProblems();
        var plan = await declarations.RunAsync(
            body.Document,
            MetadataFiles.Sent(body.Files!, body.Secrets!),
            problems,
            apply,
            ct
        );
        return plan is null
            ? ApiAnswer.Refused(
                new ApiProblems(
                    StatusCodes.Status422UnprocessableEntity,
                    [
                        .. problems.All.Select(p => new ApiProblem(
                            p.Problem.Code,
                            texts.Say(p.Problem),
                            p.Line,
                            p.Problem.Where.Length == 0 ? null : p.Problem.Where
                        )),
                    ]
                )
            )
            : ApiAnswer.Shown(
                new ApplyAnswer(
                    apply,
                    [
                        .. plan.Changes.Select(c => new ApplyChange(
                            c.Action,
                            c.Kind,
                            c.Name,
                            c.Line,
                            c.Action == "unchanged" ? [] : c.Changes
                        )),
                    ]
                )
            );
    }

    private static ApplyBody Read(Section section)
    {
        var body = new ApplyBody(
            section.Required("document"),
            Texts(section, "files"),
            Texts(section, "secrets")
        );
        section.End();
        return body;
    }

    private static Dictionary<string, string> Texts(Section section, string key) =>
        (section.Open(key) ?? []).ToDictionary(
            text => text.Key,
            text => string.Concat(text.Value),
            StringComparer.Ordinal
        );
}
