using System.Data.Common;

namespace Latchkey.Server.Storage;

/// <summary>A row that is read without EF Core, one column after the other, each in the type that its engine keeps it in (see <see cref="Migrations.ColumnTypes"/>).</summary>
internal struct StoredRow(DbDataReader reader, StorageEngine engine)
{
    private int _column;

    /// <summary>Whether the next column holds nothing.</summary>
    public readonly bool IsNull => reader.IsDBNull(_column);

    public Guid Id() => reader.GetGuid(_column++);

    public Guid? IdOrNull() => Skips() ? null : Id();

    public string Text() => reader.GetString(_column++);

    public string? TextOrNull() => Skips() ? null : Text();

    public int Number() => reader.GetInt32(_column++);

    public long Long() => reader.GetInt64(_column++);

    public bool Flag() => reader.GetBoolean(_column++);

    public T Name<T>()
        where T : struct, Enum => Enum.Parse<T>(Text());

    public T? NameOrNull<T>()
        where T : struct, Enum => Skips() ? null : Name<T>();

    /// <summary>See <see cref="JsonColumn"/>.</summary>
    public T Json<T>()
        where T : class => JsonColumn.Read<T>(Text());

    /// <summary>See <see cref="Instants"/>.</summary>
    public DateTimeOffset Instant() =>
        engine == StorageEngine.Sqlite
            ? Instants.FromMicroseconds(Long())
            : reader.GetFieldValue<DateTimeOffset>(_column++);

    public DateTimeOffset? InstantOrNull() => Skips() ? null : Instant();

    private bool Skips()
    {
        if (!IsNull)
            return false;
        _column++;
        return true;
    }
}
