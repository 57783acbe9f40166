using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>The columns of a migration in each engine's words.</summary>
internal readonly struct ColumnTypes(ColumnsBuilder columns, string? provider)
{
    private readonly bool _sqlite = provider == "Microsoft.EntityFrameworkCore.Sqlite";

    /// <summary>SQLite keeps it as text: readable at the database, and version 7 identifiers sort by time in either form.</summary>
    public OperationBuilder<AddColumnOperation> Id(bool nullable = false) =>
        columns.Column<Guid>(_sqlite ? "TEXT" : "uuid", nullable: nullable);

    /// <summary>PostgreSQL is told to compare bytes as SQLite does: equal means equal, order is the same on both, whatever the cluster's locale.</summary>
    public OperationBuilder<AddColumnOperation> Text(bool nullable = false) =>
        columns.Column<string>(
            _sqlite ? "TEXT" : "text",
            nullable: nullable,
            collation: _sqlite ? null : "C"
        );

    /// <summary>See <see cref="Instants"/>.</summary>
    public OperationBuilder<AddColumnOperation> Instant(bool nullable = false) =>
        columns.Column<DateTimeOffset>(
            _sqlite ? "INTEGER" : "timestamp with time zone",
            nullable: nullable
        );

    public OperationBuilder<AddColumnOperation> Bytes(bool nullable = false) =>
        columns.Column<byte[]>(_sqlite ? "BLOB" : "bytea", nullable: nullable);

    public OperationBuilder<AddColumnOperation> Flag() =>
        columns.Column<bool>(_sqlite ? "INTEGER" : "boolean", nullable: false);

    public OperationBuilder<AddColumnOperation> Number() =>
        columns.Column<int>(_sqlite ? "INTEGER" : "integer", nullable: false);

    public OperationBuilder<AddColumnOperation> Long(bool nullable = false) =>
        columns.Column<long>(_sqlite ? "INTEGER" : "bigint", nullable: nullable);
}
