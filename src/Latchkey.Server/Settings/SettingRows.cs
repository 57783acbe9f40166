using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Settings;

/// <summary>Writes settings of which two administrators may save one at once.</summary>
internal static class SettingRows
{
    /// <summary>Puts what a setting says from now on in the place of what was read of it; the caller's transaction ends what it began.</summary>
    /// <param name="db">With the caller's transaction; what else it holds is saved with it.</param>
    /// <param name="name">Which.</param>
    /// <param name="before">What was read; null where there was nothing.</param>
    /// <param name="after">What it says from now on.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <returns>False where somebody else changed it since; nothing is saved then.</returns>
    public static async Task<bool> ReplaceAsync(
        this LatchkeyDbContext db,
        string name,
        string? before,
        string after,
        CancellationToken ct
    )
    {
        if (before is null)
        {
            db.Settings.Add(new() { Name = name, Value = after });
        }
        else
        {
            var replaced = await db
                .Settings.Where(s => s.Name == name && s.Value == before)
                .ExecuteUpdateAsync(s => s.SetProperty(x => x.Value, after), ct);
            if (replaced == 0)
                return false;
        }
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException) when (before is null)
        {
            db.ChangeTracker.Clear();
            if (!await db.Settings.AnyAsync(s => s.Name == name, ct))
                throw;
            return false;
        }
    }
}
