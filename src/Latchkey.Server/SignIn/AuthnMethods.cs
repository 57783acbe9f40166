namespace Latchkey.Server.SignIn;

/// <summary>How somebody proved who they are, by the names of RFC 8176 ("amr"), kept as one text with spaces between them.</summary>
internal static class AuthnMethods
{
    /// <summary>A password.</summary>
    public const string Password = "pwd";

    /// <summary>A one-time code of an authenticator app, or a recovery code.</summary>
    public const string OneTimePassword = "otp";

    /// <summary>Proof of possession of a key: a passkey.</summary>
    public const string Key = "pop";

    /// <summary>The authenticator verified its user, by PIN, fingerprint or face.</summary>
    public const string UserVerified = "user";

    /// <summary>More than one factor was proved.</summary>
    public const string SecondFactor = "mfa";

    /// <summary>A passkey whose authenticator verified its user: two factors in one step.</summary>
    public static readonly IReadOnlyList<string> Passkey = [Key, UserVerified, SecondFactor];

    /// <summary>The methods in a session's text.</summary>
    public static IReadOnlyList<string> Read(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The text of methods, each once, in the order they were proved; two kinds of proof together are <see cref="SecondFactor"/>.</summary>
    public static string Write(IEnumerable<string> methods)
    {
        var distinct = methods.Distinct(StringComparer.Ordinal).ToList();
        if (
            distinct.Contains(Password)
            && (distinct.Contains(OneTimePassword) || distinct.Contains(Key))
        )
            distinct.Add(SecondFactor);
        return string.Join(' ', distinct.Distinct(StringComparer.Ordinal));
    }

    /// <summary>Whether more than one factor was proved.</summary>
    public static bool IsMultiFactor(string text) => Read(text).Contains(SecondFactor);
}
