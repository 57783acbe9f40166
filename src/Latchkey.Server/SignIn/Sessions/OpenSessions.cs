using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Sessions;

/// <summary>The sessions that are still open, in the database's words; of one that was read <see cref="Session.IsOpen"/> says the same.</summary>
internal static class OpenSessions
{
    /// <summary>Not ended, not run out, and used lately.</summary>
    public static async Task<IQueryable<Session>> ReadAsync(
        LatchkeyDbContext db,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        // The same in every open session: it follows the setting.
        var used = now - (await SessionSettingsService.ReadAsync(db, ct)).Idle;
        return db.Sessions.Where(s =>
            s.EndedAt == null && s.ExpiresAt > now && s.LastSeenAt > used
        );
    }
}
