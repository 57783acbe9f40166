using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>A page of the list of applications is read in its order, without sorting them all.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261129204500_ApplicationList")]
internal sealed class ApplicationList : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateIndex("ix_applications_label_id", "applications", ["label", "id"]);
}
