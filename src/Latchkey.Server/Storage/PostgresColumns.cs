using System.Data.Common;

namespace Latchkey.Server.Storage;

/// <summary>The row that a reader of PostgreSQL's driver stands on.</summary>
internal sealed class PostgresColumns(DbDataReader reader) : IStoredColumns
{
    public bool IsNull(int column) => reader.IsDBNull(column);

    public Guid Id(int column) => reader.GetGuid(column);

    public string Text(int column) => reader.GetString(column);

    public long Long(int column) => reader.GetInt64(column);

    public bool Flag(int column) => reader.GetBoolean(column);

    public DateTimeOffset Instant(int column) => reader.GetFieldValue<DateTimeOffset>(column);
}
