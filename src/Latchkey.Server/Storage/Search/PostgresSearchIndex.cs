using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Latchkey.Server.Storage.Search;

/// <summary>
/// PostgreSQL's index of the parts of words, made by its module pg_trgm (https://www.postgresql.org/docs/current/pgtrgm.html), which a
/// database's owner may add where its files are installed. Without it the same is found by reading every row. At each start, so that
/// whoever adds the module later has only to start again.
/// </summary>
internal sealed partial class PostgresSearchIndex(ILogger<PostgresSearchIndex> log)
{
    // What is written goes to a list first, which each search reads too: short, in kB.
    private const int PendingList = 256;

    public async Task EnsureAsync(LatchkeyDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        try
        {
            var schema = await SchemaAsync(connection, cancellationToken);
            if (schema is null)
            {
                await RunAsync(connection, "CREATE EXTENSION pg_trgm", cancellationToken);
                schema = await SchemaAsync(connection, cancellationToken);
            }
            foreach (var table in SearchTables.Names)
            {
                await RunAsync(
                    connection,
                    $"""
                    CREATE INDEX IF NOT EXISTS ix_{table}_search_text ON {table}
                    USING gin (search_text {schema}.gin_trgm_ops) WITH (gin_pending_list_limit = {PendingList})
                    """,
                    cancellationToken
                );
            }
        }
        catch (PostgresException e)
        {
            LogMissing(log, e.MessageText);
        }
    }

    /// <summary>Where the module is, quoted; null if it was not added.</summary>
    private static async Task<string?> SchemaAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "SELECT quote_ident(nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'pg_trgm'",
            connection
        );
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task RunAsync(
        NpgsqlConnection connection,
        string text,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(text, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Searching reads every person, group and application: PostgreSQL's module pg_trgm is missing and could not be added ({Reason}). Install PostgreSQL's contrib modules, run CREATE EXTENSION pg_trgm in Latchkey's database, and start again."
    )]
    private static partial void LogMissing(ILogger log, string reason);
}
