using Latchkey.Server.Settings;
using Latchkey.Server.Storage.Search;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Latchkey.Server.Storage;

/// <summary>Brings the database to this program's schema before anything else runs; several nodes may start at once.</summary>
internal sealed class DatabaseStart(
    IDbContextFactory<LatchkeyDbContext> databases,
    DatabaseAddress address,
    PostgresSearchIndex search
)
{
    // "latchkey" as a number: the advisory lock every node takes while it migrates.
    private const long AdvisoryLock = 0x6C61746368_6B6579;

    private Func<CancellationToken, Task> _whileHeld = _ => Task.CompletedTask;

    /// <summary>Whether the schema is this program's.</summary>
    public bool Done { get; private set; }

    /// <param name="whileHeld">What else one node alone does before the others go on.</param>
    public async Task RunAsync(
        Func<CancellationToken, Task>? whileHeld = null,
        CancellationToken cancellationToken = default
    )
    {
        _whileHeld = whileHeld ?? (_ => Task.CompletedTask);
        try
        {
            if (address.SqliteFile is { } file)
            {
                await MigrateSqliteAsync(file, cancellationToken);
            }
            else
            {
                await MigratePostgresAsync(cancellationToken);
            }
            Done = true;
        }
        catch (Exception e)
            when (e
                    is SqliteException
                        or NpgsqlException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            throw new StartRefusedException(
                $"LATCHKEY_DATABASE: the database {address} cannot be used: {e.Message.TrimEnd('.')}.",
                e
            );
        }
    }

    private async Task MigrateSqliteAsync(string file, CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (!File.Exists(file))
        {
            // Password hashes and wrapped keys: for the owner's eyes, from the first byte. SQLite gives its journal the same mode.
            PrivateFile.Create(file);
        }
        await using var held = await HoldAsync(file + ".migrating", cancellationToken);
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Database.OpenConnectionAsync(cancellationToken);
        await database.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);
        // EF Core's own lock on SQLite is a row that a killed process leaves behind. We hold a lock that the
        // operating system releases, so a row that is there now is such a leftover.
        var tables = await database
            .Database.SqlQueryRaw<int>(
                "SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE name = '__EFMigrationsLock'"
            )
            .SingleAsync(cancellationToken);
        if (tables > 0)
        {
            await database.Database.ExecuteSqlRawAsync(
                "DELETE FROM __EFMigrationsLock",
                cancellationToken
            );
        }
        await MigrateAsync(database, cancellationToken);
    }

    private async Task MigratePostgresAsync(CancellationToken cancellationToken)
    {
        // A connection of its own: the lock ends with it, whatever happens to this process.
        await using var holder = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(address.ConnectionString)
            {
                Pooling = false,
            }.ToString()
        );
        await holder.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", holder)
        {
            Parameters = { new() { Value = AdvisoryLock } },
            CommandTimeout = 0,
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await MigrateAsync(database, cancellationToken);
    }

    private async Task MigrateAsync(LatchkeyDbContext database, CancellationToken cancellationToken)
    {
        var applied = await database.Database.GetAppliedMigrationsAsync(cancellationToken);
        if (applied.Except(database.Database.GetMigrations()).LastOrDefault() is { } unknown)
        {
            throw new StartRefusedException(
                $"LATCHKEY_DATABASE: the database {address} was made by a newer Latchkey (it has the migration {unknown}); start that version, or restore a backup made before it."
            );
        }
        await database.Database.MigrateAsync(cancellationToken);
        await SearchFill.RunAsync(database, cancellationToken);
        if (address.Engine == StorageEngine.PostgreSql)
            await search.EnsureAsync(database, cancellationToken);
        await _whileHeld(cancellationToken);
    }

    private static async Task<FileStream> HoldAsync(
        string path,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            try
            {
                return new FileStream(
                    path,
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None,
                    1,
                    FileOptions.DeleteOnClose
                );
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
        }
    }
}
