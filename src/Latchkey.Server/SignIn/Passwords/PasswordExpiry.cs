using Latchkey.Server.Directory;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>When a password ends. Reckoned anew each time, so that a changed policy or group counts at once.</summary>
internal static class PasswordExpiry
{
    /// <summary>When the password has to be changed; null for never.</summary>
    public static DateTimeOffset? At(User user, PasswordRules rules)
    {
        if (user.PasswordHash is null)
            return null;
        var byAge = ByAge(user, rules);
        return user.PasswordExpiresAt is { } said && !(byAge < said) ? said : byAge;
    }

    /// <summary>How it stands now.</summary>
    public static PasswordStanding Of(User user, PasswordRules rules, DateTimeOffset now)
    {
        if (At(user, rules) is not { } end)
            return PasswordStanding.Fresh;
        // Who was told to change it by an administrator has all the time for it.
        if (rules.GraceDays > 0 && ByAge(user, rules)?.AddDays(rules.GraceDays) <= now)
            return PasswordStanding.Over;
        if (end <= now)
            return PasswordStanding.MustChange;
        var aged = ByAge(user, rules);
        if (aged?.AddDays(-rules.ForceDays) <= now)
            return PasswordStanding.MustChange;
        return aged?.AddDays(-rules.WarnDays) <= now
            ? PasswordStanding.EndsSoon
            : PasswordStanding.Fresh;
    }

    private static DateTimeOffset? ByAge(User user, PasswordRules rules)
    {
        if (rules.ExpiryDays == 0)
            return null;
        var set = user.PasswordSetAt ?? user.CreatedAt;
        if (rules.CountFrom > set)
            set = rules.CountFrom.Value;
        return set.AddDays(rules.ExpiryDays);
    }
}

internal enum PasswordStanding
{
    Fresh,

    /// <summary>The user is told.</summary>
    EndsSoon,

    /// <summary>It serves to choose a new one on the way in.</summary>
    MustChange,

    /// <summary>It serves for nothing any more.</summary>
    Over,
}
