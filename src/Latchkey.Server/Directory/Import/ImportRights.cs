using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>An import goes on when its administrator has gone home, but not when they have lost their role: asked at each batch.</summary>
internal static class ImportRights
{
    /// <summary>The role in whose rights an import works now. What the host itself imports may do everything.</summary>
    /// <exception cref="ImportFileException">Whoever it works for may not change users any more.</exception>
    public static async Task<Role> RoleAsync(
        LatchkeyDbContext db,
        UserImport import,
        CancellationToken cancellationToken
    )
    {
        var by = import.By();
        if (by.Id is not { } id)
        {
            return Role.Owner;
        }
        var role = await db
            .Users.Where(u => u.Id == id && u.State == UserState.Activated)
            .Select(u => u.Role)
            .SingleOrDefaultAsync(cancellationToken);
        return role is { } known && RoleTable.May(known, Capability.ChangeAll)
            ? known
            : throw new ImportFileException(0, new Problem("import-not-yours", "", by.Name));
    }
}
