using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Latchkey.Server.Storage;

/// <summary>
/// A statement of SQLite's own, prepared once and run many times. The driver's commands look each parameter up by its
/// name and make several objects a run; at six rows a sign-in that was a third of what a commit cost.
/// </summary>
internal sealed class SqliteStatement : IDisposable
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
        _next = 0;
        var result = raw.sqlite3_step(_statement);
        if (result != raw.SQLITE_DONE)
        {
            // Says the error anew, and first of all lets go of what it held.
            var told = raw.sqlite3_reset(_statement);
            Check(told == raw.SQLITE_OK ? raw.SQLITE_ERROR : told);
        }
        var rows = raw.sqlite3_changes(_database);
        Check(raw.sqlite3_reset(_statement));
        return rows;
    }

    public void Dispose() => _statement.Dispose();

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
