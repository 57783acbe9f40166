using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>A session knows how its user proved who they are. Those begun before this began with a password.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261124191500_SessionMethods")]
internal sealed class SessionMethods : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var sqlite = ActiveProvider == "Microsoft.EntityFrameworkCore.Sqlite";
        migrationBuilder.AddColumn<string>(
            "methods",
            "sessions",
            sqlite ? "TEXT" : "text",
            nullable: false,
            defaultValue: "pwd",
            collation: sqlite ? null : "C"
        );
    }
}
