using System.Collections.Concurrent;
using Latchkey.Server.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace Latchkey.Server.SingleSignOn.Lookup;

/// <summary>Asks <see cref="SignOnRow.Query"/> by a statement that the engine has planned already. EF Core asks everything else; at every sign-in to every application it would cost as much as the cryptography of a signature.</summary>
internal interface ISignOnReader
{
    /// <param name="slug">The application's.</param>
    /// <param name="hash">Of the session's secret; empty where the browser sent none.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <returns>Null if there is no such application.</returns>
    ValueTask<SignOnRow?> ReadAsync(string slug, byte[] hash, CancellationToken ct);
}

/// <summary>On PostgreSQL: one round trip, which all share who ask while another is under way; the connection keeps the plan.</summary>
internal sealed class PostgresSignOnReader : ISignOnReader, IAsyncDisposable
{
    private static readonly string s_query = SignOnRow.Query(StorageEngine.PostgreSql);

    private readonly NpgsqlDataSource _source;
    private readonly Rounds<Asked, SignOnRow?> _rounds;

    public PostgresSignOnReader(NpgsqlDataSource source)
    {
        _source = source;
        _rounds = new(ReadAsync);
    }

    public ValueTask<SignOnRow?> ReadAsync(string slug, byte[] hash, CancellationToken ct) =>
        // No slug holds it, and PostgreSQL takes no text that does, see CleanTexts.
        slug.Contains('\0', StringComparison.Ordinal)
            ? new((SignOnRow?)null)
            : new(_rounds.AskAsync(new(slug, hash), ct));

    public ValueTask DisposeAsync() => _rounds.DisposeAsync();

    private async Task<SignOnRow?[]> ReadAsync(IReadOnlyList<Asked> asked)
    {
        var rows = new SignOnRow?[asked.Count];
        await using var command = _source.CreateCommand(s_query);
        Add(command, NpgsqlDbType.Text, asked, a => a.Slug);
        Add(command, NpgsqlDbType.Bytea, asked, a => a.Hash);
        await using var reader = await command.ExecuteReaderAsync();
        var columns = new PostgresColumns(reader);
        while (await reader.ReadAsync())
        {
            var row = new StoredRow(columns);
            var number = (int)row.Long() - 1;
            rows[number] = SignOnRow.Read(ref row, asked[number].Hash);
        }
        return rows;
    }

    private static void Add<T>(
        NpgsqlCommand to,
        NpgsqlDbType type,
        IReadOnlyList<Asked> asked,
        Func<Asked, T> value
    ) =>
        to.Parameters.Add(
            new NpgsqlParameter<T[]>
            {
                NpgsqlDbType = NpgsqlDbType.Array | type,
                TypedValue = [.. asked.Select(value)],
            }
        );

    private sealed record Asked(string Slug, byte[] Hash);
}

/// <summary>
/// On SQLite: connections that stay open, each with the statement prepared. There are never more of them than threads that read at the same
/// time, and the one used last is used next: after each commit every connection reads its pages anew.
/// </summary>
internal sealed class SqliteSignOnReader(DatabaseAddress address) : ISignOnReader, IDisposable
{
    private readonly ConcurrentStack<Prepared> _idle = [];

    public ValueTask<SignOnRow?> ReadAsync(string slug, byte[] hash, CancellationToken ct)
    {
        if (!_idle.TryPop(out var prepared))
            prepared = new Prepared(address);
        SignOnRow? row;
        try
        {
            row = prepared.Read(slug, hash);
        }
        catch
        {
            // A connection that failed is not trusted with the next sign-in.
            prepared.Dispose();
            throw;
        }
        _idle.Push(prepared);
        return new(row);
    }

    public void Dispose()
    {
        while (_idle.TryPop(out var prepared))
            prepared.Dispose();
    }

    private sealed class Prepared : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteStatement _statement;

        public Prepared(DatabaseAddress address)
        {
            _connection = SqliteSettings.OpenOwn(address);
            _statement = new(_connection, SignOnRow.Query(StorageEngine.Sqlite));
        }

        public SignOnRow? Read(string slug, byte[] hash)
        {
            if (!_statement.Text(slug).Octets(hash).Step())
            {
                _statement.Reset();
                return null;
            }
            var row = new StoredRow(_statement);
            var found = SignOnRow.Read(ref row, hash);
            _statement.Reset();
            return found;
        }

        public void Dispose()
        {
            _statement.Dispose();
            _connection.Dispose();
        }
    }
}
