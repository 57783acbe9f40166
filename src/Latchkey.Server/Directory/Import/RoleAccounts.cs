using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>
/// A file does not decide how those sign in who have a role: whoever may import could take an owner's account over with another e-mail
/// address. Of an account that may do more than whoever imports it changes nothing at all, as everywhere else.
/// </summary>
internal sealed class RoleAccounts
{
    private readonly Role _by;
    private readonly Dictionary<Guid, string> _managers;

    private RoleAccounts(Role by, Dictionary<Guid, string> managers) =>
        (_by, _managers) = (by, managers);

    /// <param name="db">Where the managers of those are looked up whom the file may not change.</param>
    /// <param name="users">Who may be changed.</param>
    /// <param name="by">The role of whoever imports.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RoleAccounts> ReadAsync(
        LatchkeyDbContext db,
        IEnumerable<User> users,
        Role by,
        CancellationToken cancellationToken
    )
    {
        var managers = users
            .Where(u => !RoleTable.MayTouch(by, u.Role))
            .Select(u => u.ManagerId)
            .OfType<Guid>()
            .ToList();
        return new(
            by,
            managers.Count == 0
                ? []
                : await db
                    .Users.Where(u => managers.Contains(u.Id))
                    .ToDictionaryAsync(u => u.Id, u => u.NormalizedUsername, cancellationToken)
        );
    }

    /// <summary>A problem for each field that an import may not change of this user.</summary>
    /// <param name="user">As it is; null for a new one.</param>
    /// <param name="after">As the row makes it.</param>
    /// <param name="manager">The manager's user name, if the row has one.</param>
    public IEnumerable<Problem> Check(User? user, User after, string? manager)
    {
        if (user?.Role is null)
        {
            return [];
        }
        var changed = FieldChange
            .Between(UserChanges.Snapshot(user), UserChanges.Snapshot(after))
            .Select(change => change.Field)
            .ToList();
        if (!RoleTable.MayTouch(_by, user.Role))
        {
            var now = user.ManagerId is { } id ? _managers.GetValueOrDefault(id) : null;
            if (manager is not null && UserRules.Normalize(manager) != now)
            {
                changed.Add("manager");
            }
            return changed.Select(field => UserWriter.Above with { Where = field });
        }
        return changed
            .Where(field =>
                field is "state" or "username" or "email" or "alternate_email" or "recovery_email"
            )
            .Select(field => new Problem("import-role-account", field));
    }
}
