using Latchkey.Server.Insights;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Api.Declaration;

/// <summary>A declaration as it is sent.</summary>
/// <param name="Document">The YAML.</param>
/// <param name="Files">The metadata files that it names, by those names.</param>
internal sealed record ApplyRequest(string Document, IReadOnlyDictionary<string, string>? Files);

internal sealed record ApplyAnswer(bool Applied, IEnumerable<ApplyAnswer.Change> Changes)
{
    internal sealed record Change(
        string Action,
        string Kind,
        string Name,
        int Line,
        IReadOnlyList<FieldChange> Changes
    );
}

/// <summary><c>POST /api/v1/apply</c>; with <c>?plan=true</c> it only says what would change.</summary>
internal static class ApplyEndpoint
{
    public static void MapApply(this IEndpointRouteBuilder api) =>
        api.MapPost("/apply", ApplyAsync);

    private static async Task<IResult> ApplyAsync(
        ApplyRequest request,
        DeclarationService declarations,
        ITexts texts,
        CancellationToken cancellationToken,
        bool plan = false
    )
    {
        var problems = new DeclarationProblems();
        var planned = await declarations.RunAsync(
            request.Document,
            MetadataFiles.Sent(request.Files ?? new Dictionary<string, string>()),
            problems,
            apply: !plan,
            cancellationToken
        );
        return planned is null
            ? new ApiProblems(
                StatusCodes.Status422UnprocessableEntity,
                [.. problems.All.Select(p => new ApiProblem(p.Problem.Code, p.Text(texts), p.Line))]
            ).ToResult()
            : Results.Json(
                new ApplyAnswer(
                    !plan,
                    planned.Changes.Select(c => new ApplyAnswer.Change(
                        c.Action,
                        c.Kind,
                        c.Name,
                        c.Line,
                        c.Action == "unchanged" ? [] : c.Changes
                    ))
                )
            );
    }
}
