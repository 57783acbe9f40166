using System.Data.Common;
using Latchkey.Server.Settings.Keys;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Latchkey.Server.Storage;

/// <summary>
/// Lets what several services do be one transaction: all of it or nothing. While <see cref="RunAsync"/> runs, every context made inside
/// it works on one connection. Transactions that services begin themselves join it, see <see cref="Transactions"/>.
/// </summary>
internal sealed class SharedTransaction(DatabaseAddress address, IServiceProvider services)
{
    private readonly AsyncLocal<Opened?> _current = new();

    /// <summary>Whether the caller runs inside one.</summary>
    public bool IsShared => _current.Value is not null;

    /// <summary>Runs the work, and keeps what it wrote if the result says so. Inside another one it is a part of that.</summary>
    /// <param name="work">Reads and writes, one step after the other. What it opens first begins the transaction.</param>
    /// <param name="keep">Whether the result is to be kept.</param>
    /// <param name="cancellationToken">Gives up; nothing is kept then.</param>
    public async Task<T> RunAsync<T>(
        Func<Task<T>> work,
        Func<T, bool> keep,
        CancellationToken cancellationToken
    )
    {
        if (IsShared)
        {
            return await work();
        }
        // A new key of the ring is kept outside of the transaction, and nothing may wait for that inside of it.
        services.GetService<KeyRing>()?.Open();
        await using var opened = new Opened(address, services);
        _current.Value = opened;
        try
        {
            var result = await work();
            if (keep(result))
            {
                await opened.CommitAsync(cancellationToken);
            }
            return result;
        }
        finally
        {
            _current.Value = null;
        }
    }

    /// <summary>Runs something that is kept whatever becomes of the transaction.</summary>
    public void Outside(Action work)
    {
        var opened = _current.Value;
        _current.Value = null;
        try
        {
            work();
        }
        finally
        {
            _current.Value = opened;
        }
    }

    /// <summary>A context in the transaction; null outside of one.</summary>
    public LatchkeyDbContext? Join() => _current.Value?.Context();

    private sealed class Opened(DatabaseAddress address, IServiceProvider services)
        : IAsyncDisposable
    {
        private DbConnection? _connection;
        private DbTransaction? _transaction;

        public LatchkeyDbContext Context()
        {
            Begin();
            var options = new DbContextOptionsBuilder<LatchkeyDbContext>();
            options.UseApplicationServiceProvider(services);
            StorageServices.Configure(options, address, connection: _connection);
            var context = new LatchkeyDbContext(options.Options);
            context.Database.UseTransaction(_transaction);
            return context;
        }

        public Task CommitAsync(CancellationToken cancellationToken) =>
            _transaction?.CommitAsync(cancellationToken) ?? Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            // Without a commit, disposing of it rolls back.
            if (_transaction is not null)
            {
                await _transaction.DisposeAsync();
            }
            if (_connection is not null)
            {
                await _connection.DisposeAsync();
            }
        }

        /// <summary>Only when something is read or written: what is fetched from elsewhere before that keeps nobody waiting. On PostgreSQL serializable, because the rule that somebody can always administer needs it; SQLite has one writer anyway.</summary>
        private void Begin()
        {
            if (_connection is not null)
            {
                return;
            }
            var connection =
                address.Engine == StorageEngine.Sqlite
                    ? new SqliteConnection(address.ConnectionString)
                    : (DbConnection)
                        services.GetRequiredService<NpgsqlDataSource>().CreateConnection();
            _connection = connection;
            connection.Open();
            SqliteSettings.Apply(connection);
            _transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
        }
    }
}

/// <summary>Makes contexts: of the pool, or in the transaction that the caller shares.</summary>
internal sealed class ContextFactory(
    IDbContextFactory<LatchkeyDbContext> pool,
    SharedTransaction shared
) : IDbContextFactory<LatchkeyDbContext>
{
    public LatchkeyDbContext CreateDbContext() => shared.Join() ?? pool.CreateDbContext();

    public async Task<LatchkeyDbContext> CreateDbContextAsync(
        CancellationToken cancellationToken = default
    ) => shared.Join() ?? await pool.CreateDbContextAsync(cancellationToken);
}
