using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Columns that a later migration adds to a table, in each engine's words. Rows that are there get the value; a column without one may be null.</summary>
internal readonly struct AddedColumns(MigrationBuilder migration, string table, string? provider)
{
    private readonly bool _sqlite = provider == "Microsoft.EntityFrameworkCore.Sqlite";

    /// <summary>See <see cref="ColumnTypes.Id"/>. May be null.</summary>
    public void Id(string name) =>
        migration.AddColumn<Guid>(name, table, _sqlite ? "TEXT" : "uuid", nullable: true);

    /// <summary>See <see cref="ColumnTypes.Text"/>.</summary>
    public void Text(string name, string? value) =>
        migration.AddColumn<string>(
            name,
            table,
            _sqlite ? "TEXT" : "text",
            nullable: value is null,
            defaultValue: value,
            collation: _sqlite ? null : "C"
        );

    public void Flag(string name, bool value) =>
        migration.AddColumn<bool>(
            name,
            table,
            _sqlite ? "INTEGER" : "boolean",
            nullable: false,
            defaultValue: value
        );

    public void Number(string name, int? value) =>
        migration.AddColumn<int>(
            name,
            table,
            _sqlite ? "INTEGER" : "integer",
            nullable: value is null,
            defaultValue: value
        );

    public void Long(string name, long value) =>
        migration.AddColumn<long>(
            name,
            table,
            _sqlite ? "INTEGER" : "bigint",
            nullable: false,
            defaultValue: value
        );

    /// <summary>See <see cref="Instants"/>. May be null.</summary>
    public void Instant(string name) =>
        migration.AddColumn<DateTimeOffset>(
            name,
            table,
            _sqlite ? "INTEGER" : "timestamp with time zone",
            nullable: true
        );
}
