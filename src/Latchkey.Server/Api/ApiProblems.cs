namespace Latchkey.Server.Api;

/// <summary>What the API answers when it refuses.</summary>
/// <param name="Problems">Everything that is wrong.</param>
internal sealed record ApiProblems(IReadOnlyList<ApiProblem> Problems)
{
    public static ApiProblems One(string code, string text) => new([new ApiProblem(code, text)]);
}

/// <param name="Code">Stable.</param>
/// <param name="Text">For people: what was expected and what to do.</param>
/// <param name="Line">The line of the file that was sent, if it is about one.</param>
internal sealed record ApiProblem(string Code, string Text, int? Line = null);
