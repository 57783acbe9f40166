using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Rules;

/// <summary>
/// Keeps changes of rules and changes of users apart, in transactions that are open: users share it, a change of a rule has it alone. On
/// SQLite a transaction that writes is alone anyway.
/// </summary>
internal static class RuleLock
{
    // "rules" as a number.
    private const long Key = 0x72756C6573;

    /// <summary>Until the transaction ends no rule changes.</summary>
    public static Task ShareAsync(LatchkeyDbContext db, CancellationToken cancellationToken) =>
        db.Database.IsNpgsql()
            ? db.Database.ExecuteSqlAsync(
                $"SELECT pg_advisory_xact_lock_shared({Key})",
                cancellationToken
            )
            : Task.CompletedTask;

    /// <summary>Waits for the users that are being saved; until the transaction ends nobody else is.</summary>
    public static Task TakeAsync(LatchkeyDbContext db, CancellationToken cancellationToken) =>
        db.Database.IsNpgsql()
            ? db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Key})", cancellationToken)
            : Task.CompletedTask;
}
