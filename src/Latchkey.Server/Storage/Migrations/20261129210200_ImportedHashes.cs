using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Which users still have another system's hash, and of which kind.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261129210200_ImportedHashes")]
internal sealed class ImportedHashes : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        new AddedColumns(migrationBuilder, "users", ActiveProvider).Text("password_format", null);
        migrationBuilder.CreateIndex("ix_users_password_format", "users", "password_format");
    }
}
