using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Latchkey.Server.Storage;

/// <summary>What every connection to SQLite is told: a commit is on the disk before it is acknowledged, and a busy database is waited for inside SQLite, which wakes sooner than the driver's own retry.</summary>
internal sealed class SqliteSettings : DbConnectionInterceptor
{
    public const string Pragmas = "PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000;";

    /// <summary>
    /// For the one connection that writes all sign-ins: the inner pages of the indices they go to and the ends that grow stay in memory (4 MB;
    /// SQLite looks through the places of its cache at each commit that split a page, so more would cost more than it saves), and what was
    /// written moves from the log to the database in larger pieces, since most pages are written again soon.
    /// </summary>
    private const string WriterPragmas = "PRAGMA cache_size=-4000; PRAGMA wal_autocheckpoint=4000;";

    /// <summary>The driver's pool gives out the same connections again and again, and they remember what they were told.</summary>
    private static readonly ConditionalWeakTable<sqlite3, object> s_told = [];

    public override void ConnectionOpened(
        DbConnection connection,
        ConnectionEndEventData eventData
    ) => Apply(connection);

    public override Task ConnectionOpenedAsync(
        DbConnection connection,
        ConnectionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        // SQLite's driver has no asynchronous work: the synchronous call is the honest one.
        Apply(connection);
        return Task.CompletedTask;
    }

    public static void Apply(DbConnection connection)
    {
        if (
            connection is SqliteConnection { Handle: { } handle }
            && !s_told.TryGetValue(handle, out _)
        )
        {
            Tell(connection, Pragmas);
            s_told.AddOrUpdate(handle, Pragmas);
        }
    }

    /// <summary>A connection beside the pool, for somebody who keeps it.</summary>
    /// <param name="address">Of the database.</param>
    /// <param name="writes">Whether it is the one that writes sign-ins.</param>
    public static SqliteConnection OpenOwn(DatabaseAddress address, bool writes = false)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder(address.ConnectionString)
            {
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        Apply(connection);
        if (writes)
            Tell(connection, WriterPragmas);
        return connection;
    }

    private static void Tell(DbConnection connection, string pragmas)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
    }
}
