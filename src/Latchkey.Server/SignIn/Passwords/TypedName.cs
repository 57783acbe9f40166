using System.Text.RegularExpressions;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>
/// What somebody typed as a name that nobody has, as events keep it. It may be a password that slipped into the wrong
/// field, and events are kept for long and read by many: only what has the form of an e-mail address stands there in full.
/// </summary>
internal static partial class TypedName
{
    private const int Kept = 2;

    /// <summary>Shorter ones would be told by half.</summary>
    private const int Shortest = 5;

    public static string Shown(string typed) =>
        Address().IsMatch(typed) ? typed
        : typed.Length < Shortest ? "…"
        : $"{typed[..Kept]}…";

    [GeneratedRegex(
        @"^[A-Za-z0-9._%+-]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking,
        1000
    )]
    private static partial Regex Address();
}
