using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Latchkey.Server.Storage;

/// <summary>Counts <c>Version</c> up with every change of a user, group or application, unless whoever changed it already has.</summary>
internal sealed class VersionCounter : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(
        DbContextEventData eventData,
        InterceptionResult<int> result
    )
    {
        Count(eventData.Context!);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        Count(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    private static void Count(DbContext database)
    {
        foreach (var entry in database.ChangeTracker.Entries())
        {
            if (entry.State == EntityState.Modified && entry.Entity is User or Group or Application)
            {
                var version = entry.Property(nameof(User.Version));
                if (version.CurrentValue is long current && current.Equals(version.OriginalValue))
                {
                    version.CurrentValue = current + 1;
                }
            }
        }
    }
}
