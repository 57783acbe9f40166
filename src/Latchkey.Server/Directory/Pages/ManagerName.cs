using Latchkey.Server.Problems;

namespace Latchkey.Server.Directory.Pages;

/// <summary>Turns what was typed as a manager's user name into the user.</summary>
internal static class ManagerName
{
    public static async Task<(Guid? Id, Problem? Problem)> ResolveAsync(
        UserService users,
        string? typed,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            return (null, null);
        }
        var manager = await users.FindByUsernameAsync(typed.Trim(), cancellationToken);
        return manager is null
            ? (null, new Problem("manager-missing", "manager"))
            : (manager.Id, null);
    }
}
