using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory;

/// <summary>What must belong to one user alone, and what a user names that must exist: what only the other rows tell. <see cref="UserRules"/> looks at the user by itself.</summary>
internal static class UserConflicts
{
    /// <summary>Adds what the other users and the groups have against it.</summary>
    public static async Task FindAsync(
        LatchkeyDbContext db,
        User user,
        UserInput input,
        List<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        var others = db.Users.AsNoTracking().Where(u => u.Id != user.Id);
        if (
            await others.AnyAsync(
                u => u.NormalizedUsername == user.NormalizedUsername,
                cancellationToken
            )
        )
        {
            problems.Add(new Problem("username-taken", "username", user.Username));
        }
        if (
            user.Email.Length > 0
            && await others.AnyAsync(u => u.Email == user.Email, cancellationToken)
        )
        {
            problems.Add(new Problem("email-taken", "email", user.Email));
        }
        if (
            user.EmployeeIdentifier is { } identifier
            && await others.AnyAsync(u => u.EmployeeIdentifier == identifier, cancellationToken)
        )
        {
            problems.Add(
                new Problem("employee-identifier-taken", "employee_identifier", identifier)
            );
        }
        if (
            user.ManagerId is { } manager
            && manager != user.Id
            && !await others.AnyAsync(u => u.Id == manager, cancellationToken)
        )
        {
            problems.Add(new Problem("manager-missing", "manager"));
        }
        if (input.GroupIds is { Count: > 0 } wanted)
        {
            var known = await db.Groups.CountAsync(g => wanted.Contains(g.Id), cancellationToken);
            if (known != wanted.Distinct().Count())
            {
                problems.Add(new Problem("group-missing", "groups"));
            }
        }
    }
}
