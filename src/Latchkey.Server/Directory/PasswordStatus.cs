using Latchkey.Server.SignIn.Passwords;

namespace Latchkey.Server.Directory;

/// <summary>How it stands with a user's password (J-64).</summary>
internal enum PasswordStatus
{
    /// <summary>None has been set yet.</summary>
    Pending,
    Active,

    /// <summary>It has to be changed before it counts again.</summary>
    Expired,

    /// <summary>Too many wrong ones; it counts again when the lock ends.</summary>
    Locked,
}

internal static class PasswordStatuses
{
    /// <param name="user">Whose.</param>
    /// <param name="rules">Of the policy in force.</param>
    /// <param name="now">The time.</param>
    public static PasswordStatus Of(User user, PasswordRules rules, DateTimeOffset now) =>
        user.LockoutEnd > now ? PasswordStatus.Locked
        : user.PasswordHash is null ? PasswordStatus.Pending
        : PasswordExpiry.At(user, rules) <= now ? PasswordStatus.Expired
        : PasswordStatus.Active;

    /// <summary>A status's name in text keys and files.</summary>
    public static string Name(PasswordStatus status) =>
        status switch
        {
            PasswordStatus.Pending => "pending",
            PasswordStatus.Expired => "expired",
            PasswordStatus.Locked => "locked",
            _ => "active",
        };
}
