namespace Latchkey.Server.Problems;

/// <summary>One thing wrong with what an administrator entered or a file holds.</summary>
/// <param name="Code">Stable, lower case with hyphens: <c>username-taken</c>. Its text has the key <c>problem.{code}</c> and names what was expected and what to do.</param>
/// <param name="Where">The field by its API name (<c>acs_urls[1]</c>); the key under which a form shows it.</param>
/// <param name="Args">Values for the text.</param>
internal sealed record Problem(string Code, string Where, params object[] Args);
