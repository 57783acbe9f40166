using Latchkey.Server.SignIn;

namespace Latchkey.Server.Applications.Preview;

/// <summary>The ways in which the person of a preview would have signed in.</summary>
internal static class PreviewWays
{
    private static readonly (string Word, string[] Methods)[] s_all =
    [
        ("password", [AuthnMethods.Password]),
        ("code", [AuthnMethods.Password, AuthnMethods.OneTimeCode, AuthnMethods.Several]),
        ("passkey", [.. AuthnMethods.Passkey(onSeveralDevices: false)]),
    ];

    public static IReadOnlyList<string> Words { get; } = [.. s_all.Select(way => way.Word)];

    /// <summary>The methods of a way, see <see cref="AuthnMethods"/>; those of a password alone for any other word.</summary>
    public static IReadOnlyList<string> Methods(string? word) =>
        s_all.FirstOrDefault(way => way.Word == word).Methods ?? s_all[0].Methods;
}
