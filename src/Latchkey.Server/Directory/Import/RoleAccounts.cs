using Latchkey.Server.Problems;

namespace Latchkey.Server.Directory.Import;

/// <summary>A file does not decide how those sign in who have a role: whoever may import could take an owner's account over with another e-mail address.</summary>
internal static class RoleAccounts
{
    /// <summary>A problem for each field that an import may not change of this user.</summary>
    public static IEnumerable<Problem> Check(User? user, UserInput input)
    {
        if (user?.Role is null)
        {
            yield break;
        }
        if (input.State != user.State)
        {
            yield return Fixed("state");
        }
        if (input.Username != user.Username)
        {
            yield return Fixed("username");
        }
        if (Differs(input.Email, user.Email))
        {
            yield return Fixed("email");
        }
        if (Differs(input.AlternateEmail, user.AlternateEmail))
        {
            yield return Fixed("alternate_email");
        }
        if (Differs(input.RecoveryEmail, user.RecoveryEmail))
        {
            yield return Fixed("recovery_email");
        }
    }

    private static Problem Fixed(string field) => new("import-role-account", field);

    private static bool Differs(string? said, string? kept) =>
        !string.Equals(said?.Trim() ?? "", kept ?? "", StringComparison.OrdinalIgnoreCase);
}
