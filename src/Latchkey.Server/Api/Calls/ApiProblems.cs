using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace Latchkey.Server.Api.Calls;

/// <summary>What the API answers when it refuses: problem details (RFC 9457), with everything that is wrong.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Problems">Everything that is wrong.</param>
internal sealed record ApiProblems(int Status, IReadOnlyList<ApiProblem> Problems)
{
    public const string ContentType = "application/problem+json";

    public string Title => ReasonPhrases.GetReasonPhrase(Status);
}

/// <param name="Code">Stable.</param>
/// <param name="Text">For people: what was expected and what to do.</param>
/// <param name="Line">The line of the file that was sent, if it is about one.</param>
/// <param name="Field">The parameter or field by its API name, if it is about one.</param>
internal sealed record ApiProblem(string Code, string Text, int? Line = null, string? Field = null);
