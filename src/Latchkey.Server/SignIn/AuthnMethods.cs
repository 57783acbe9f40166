namespace Latchkey.Server.SignIn;

/// <summary>How somebody proved who they are, by the names of RFC 8176 ("amr"), kept as one text with spaces between them.</summary>
internal static class AuthnMethods
{
    /// <summary>A password.</summary>
    public const string Password = "pwd";

    /// <summary>A one-time code of an authenticator app.</summary>
    public const string OneTimeCode = "otp";

    /// <summary>A recovery code: a password that works once, and is stated as one. The name is ours alone, kept because it is no code by time.</summary>
    public const string RecoveryCode = "recovery";

    /// <summary>A key in hardware: a security key, or a passkey that never leaves its device.</summary>
    public const string HardwareKey = "hwk";

    /// <summary>A key in software: a passkey that is kept on several devices.</summary>
    public const string SoftwareKey = "swk";

    /// <summary>A fingerprint, face or PIN, checked by the device that holds the key.</summary>
    public const string UserVerified = "user";

    /// <summary>More than one factor was proved; stated beside the factors themselves.</summary>
    public const string Several = "mfa";

    /// <summary>All that are stated, in the order of a list to choose from.</summary>
    public static IReadOnlyList<string> All { get; } =
    [Password, OneTimeCode, HardwareKey, SoftwareKey, UserVerified, Several];

    /// <summary>A passkey whose device checked its user: two factors in one step.</summary>
    public static IReadOnlyList<string> Passkey(bool onSeveralDevices) =>
        [onSeveralDevices ? SoftwareKey : HardwareKey, UserVerified, Several];

    /// <summary>The methods in a session's text.</summary>
    public static IReadOnlyList<string> Read(string? text) =>
        text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The same by the names that others know.</summary>
    public static IReadOnlyList<string> Stated(IReadOnlyList<string> methods) =>
        methods.Contains(RecoveryCode)
            ? [.. methods.Select(m => m == RecoveryCode ? OneTimeCode : m).Distinct()]
            : methods;

    /// <summary>The text of methods, each once, in the order they were proved; with <see cref="Several"/> where what one knows and what one has were both proved.</summary>
    public static string Write(params IEnumerable<string> methods)
    {
        var stated = methods.Distinct(StringComparer.Ordinal).ToList();
        var knows = stated.Contains(Password) || stated.Contains(UserVerified);
        var has =
            stated.Contains(OneTimeCode)
            || stated.Contains(RecoveryCode)
            || stated.Contains(HardwareKey)
            || stated.Contains(SoftwareKey);
        if (knows && has && !stated.Contains(Several))
            stated.Add(Several);
        return string.Join(' ', stated);
    }

    /// <summary>Whether more than one factor was proved.</summary>
    public static bool IsSeveral(string? text) => Read(text).Contains(Several);
}
