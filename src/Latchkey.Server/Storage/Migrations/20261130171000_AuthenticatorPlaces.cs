using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Latchkey.Server.Storage.Migrations;

/// <summary>Where an authenticator app is being set up, so that its secret is shown nowhere else.</summary>
[DbContext(typeof(LatchkeyDbContext))]
[Migration("20261130171000_AuthenticatorPlaces")]
internal sealed class AuthenticatorPlaces : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        new AddedColumns(migrationBuilder, "authenticators", ActiveProvider).Id("begun_in");
}
