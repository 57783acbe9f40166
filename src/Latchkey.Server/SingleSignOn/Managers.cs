using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SingleSignOn;

/// <summary>Reads the one fact about a user that another user's row holds, and only where an application is sent it.</summary>
internal sealed class Managers(IDbContextFactory<LatchkeyDbContext> databases)
{
    public async ValueTask<string?> EmailAsync(
        Application application,
        User user,
        CancellationToken ct
    )
    {
        if (user.ManagerId is not { } manager || !AttributeSources.NeedsManager(application))
            return null;
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database
            .Users.Where(u => u.Id == manager)
            .Select(u => u.Email)
            .SingleOrDefaultAsync(ct);
    }
}
