namespace Latchkey.Server.Directory;

/// <summary>What a user is called on pages.</summary>
internal static class UserName
{
    /// <summary>The display name, or else first and last name; null if none is set.</summary>
    public static string? Of(string? displayName, string? firstName, string? lastName)
    {
        if (!string.IsNullOrWhiteSpace(displayName))
        {
            return displayName;
        }
        var both = $"{firstName} {lastName}".Trim();
        return both.Length == 0 ? null : both;
    }

    /// <summary>The name, or the user name where there is none.</summary>
    public static string Shown(User user) =>
        Of(user.DisplayName, user.FirstName, user.LastName) ?? user.Username;
}
