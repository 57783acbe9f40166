using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Latchkey.Server.Tests.Storage;
using Latchkey.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(MigratedDatabases))]

namespace Latchkey.Server.Tests.Storage;

/// <summary>
/// Databases as a server leaves them after its first start: this program's schema and nothing in it. One is migrated for
/// each engine and copied for every test class, which takes a small part of the time that migrating takes.
/// </summary>
public sealed class MigratedDatabases : IAsyncDisposable
{
    private static readonly TemporaryFolder s_folder = new();
    private static readonly Lazy<Task<string>> s_sqlite = new(MigrateSqliteAsync);
    private static readonly Lazy<Task<PostgresDatabase>> s_postgres = new(MigratePostgresAsync);

    /// <summary>A copy for SQLite, in a file that is not there yet.</summary>
    public static async Task CopyAsync(string file) => File.Copy(await s_sqlite.Value, file);

    /// <summary>A copy for PostgreSQL.</summary>
    public static async Task<PostgresDatabase> CopyAsync() =>
        await PostgresDatabase.CreateAsync(copyOf: await s_postgres.Value);

    public async ValueTask DisposeAsync()
    {
        if (s_postgres.IsValueCreated)
            await (await s_postgres.Value).DisposeAsync();
        s_folder.Dispose();
    }

    private static async Task<string> MigrateSqliteAsync()
    {
        var file = s_folder.File("latchkey.db");
        await MigrateAsync(file);
        // What is still in the log beside the file would be missing in a copy.
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await command.ExecuteNonQueryAsync();
        return file;
    }

    private static async Task<PostgresDatabase> MigratePostgresAsync()
    {
        var database = await PostgresDatabase.CreateAsync();
        await MigrateAsync(database.Address);
        return database;
    }

    private static async Task MigrateAsync(string address)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddStorage(DatabaseAddress.Parse(address, s_folder.Path))
            .BuildServiceProvider();
        await services.GetRequiredService<DatabaseStart>().RunAsync();
    }
}
