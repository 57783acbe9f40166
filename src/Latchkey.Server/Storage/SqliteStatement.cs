using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Latchkey.Server.Storage;

/// <summary>
/// A statement of SQLite's own, prepared once and run many times. The driver's commands look each parameter up by its
/// name and make several objects a run; that was a third of what the commit of a sign-in cost.
/// </summary>
internal sealed class SqliteStatement : IStoredColumns, IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private byte[] _buffer = new byte[1024];
    private int _next;

    public SqliteStatement(SqliteConnection connection, string text)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, text, out _statement));
    }

    /// <summary>Gives the next parameter its value; null where there is none.</summary>
    public SqliteStatement Text(string? value)
    {
        if (value is null)
            return Null();
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_buffer.Length < most)
            _buffer = new byte[most];
        var length = Encoding.UTF8.GetBytes(value, _buffer);
        return Text(_buffer.AsSpan(0, length));
    }

    /// <summary>Gives the next parameter its value.</summary>
    public SqliteStatement Octets(ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, ++_next, value));
        return this;
    }

    /// <summary>As EF Core writes it: upper case with hyphens.</summary>
    public SqliteStatement Id(Guid? value)
    {
        if (value is not { } id)
            return Null();
        Span<byte> text = stackalloc byte[36];
        id.TryFormat(text, out _);
        Ascii.ToUpperInPlace(text, out _);
        return Text(text);
    }

    /// <summary>See <see cref="Instants"/>.</summary>
    public SqliteStatement Instant(DateTimeOffset value) => Number(Instants.ToMicroseconds(value));

    public SqliteStatement Flag(bool value) => Number(value ? 1 : 0);

    /// <summary>Runs it with the values given since the last run.</summary>
    /// <returns>How many rows it wrote.</returns>
    /// <exception cref="SqliteException">It could not.</exception>
    public int Run()
    {
        if (Step())
            throw new InvalidOperationException("This statement gives rows.");
        var rows = raw.sqlite3_changes(_database);
        Reset();
        return rows;
    }

    /// <summary>Runs it with the values given since the last run, up to its first row. Its columns can be read until <see cref="Reset"/>.</summary>
    /// <returns>Whether there is a row.</returns>
    /// <exception cref="SqliteException">It could not.</exception>
    public bool Step()
    {
        _next = 0;
        var result = raw.sqlite3_step(_statement);
        if (result is raw.SQLITE_ROW or raw.SQLITE_DONE)
            return result == raw.SQLITE_ROW;
        // Says the error anew, and first of all lets go of what it held.
        var told = raw.sqlite3_reset(_statement);
        Check(told == raw.SQLITE_OK ? raw.SQLITE_ERROR : told);
        return false;
    }

    /// <summary>Lets go of what it read, so that the next run sees what was written meanwhile.</summary>
    public void Reset() => Check(raw.sqlite3_reset(_statement));

    public bool IsNull(int column) =>
        raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    Guid IStoredColumns.Id(int column) => Guid.Parse(Utf8(column));

    string IStoredColumns.Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    bool IStoredColumns.Flag(int column) => Long(column) != 0;

    DateTimeOffset IStoredColumns.Instant(int column) => Instants.FromMicroseconds(Long(column));

    public void Dispose() => _statement.Dispose();

    // A text's own octets: SQLite keeps it in UTF-8, and nothing is converted.
    private ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(_statement, column);

    private SqliteStatement Number(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_next, value));
        return this;
    }

    // SQLite keeps a copy of its own.
    private SqliteStatement Text(ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_text(_statement, ++_next, value));
        return this;
    }

    private SqliteStatement Null()
    {
        Check(raw.sqlite3_bind_null(_statement, ++_next));
        return this;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(result, _database);
    }
}
