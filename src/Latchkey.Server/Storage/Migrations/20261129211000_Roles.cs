using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Users have a role in place of a yes or no. Who could administer could do everything, and becomes an owner.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261129211000_Roles")]
internal sealed class Roles : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        new AddedColumns(migrationBuilder, "users", ActiveProvider).Text("role", null);
        migrationBuilder.Sql("UPDATE users SET role = 'Owner' WHERE is_administrator");
        // In both engines' own words: EF Core would make SQLite's whole table anew.
        migrationBuilder.Sql("ALTER TABLE users DROP COLUMN is_administrator");
    }
}
