using System.Data.Common;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory;

/// <summary>Somebody can always do everything: the last owner can neither go nor lose the role.</summary>
internal static class LastOwner
{
    /// <summary>Why this user cannot step down; null if somebody else is left. Asked inside a serializable transaction.</summary>
    public static async Task<Problem?> RefuseAsync(
        LatchkeyDbContext db,
        User user,
        CancellationToken cancellationToken
    ) =>
        await db.Users.AnyAsync(
            u => u.Id != user.Id && u.Role == Role.Owner && u.State == UserState.Activated,
            cancellationToken
        )
            ? null
            : new Problem("last-owner", user.Role == Role.Owner ? "state" : "role");

    /// <summary>PostgreSQL's answer to the one of two serializable transactions that came second.</summary>
    public static bool IsOvertaken(Exception e) =>
        e is DbException { SqlState: "40001" }
        || (e.InnerException is not null && IsOvertaken(e.InnerException));
}
