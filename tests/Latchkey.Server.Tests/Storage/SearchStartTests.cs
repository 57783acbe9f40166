using Latchkey.Server.Storage;
using Latchkey.Server.Storage.Search;
using Latchkey.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Latchkey.Server.Tests.Storage;

/// <summary>Databases that were there before there was anything to search by, and one whose owner may not add PostgreSQL's module.</summary>
public sealed class SearchStartTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Whoever_was_there_before_is_found_after_the_migration(Engine engine)
    {
        using var folder = new TemporaryFolder();
        await using var postgres =
            engine == Engine.PostgreSql ? await PostgresDatabase.CreateAsync() : null;
        await using var node = Node(postgres?.Address ?? folder.File("latchkey.db"), folder);
        await using var db = await Databases(node).CreateDbContextAsync(Ct);
        await db.GetService<IMigrator>().MigrateAsync("20261130030000_PlannedSwitch", Ct);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO groups (id, name, normalized_name, description, attributes, created_at, updated_at, version)
            VALUES ({Guid.CreateVersion7()}, 'Straße', 'STRASSE', 'Wer DÄMMT', '[]', {Now(
                engine
            )}, {Now(engine)}, 1)
            """,
            Ct
        );

        await node.GetRequiredService<DatabaseStart>().RunAsync(cancellationToken: Ct);

        (await FindAsync(node, "straße dämmt")).ShouldBe(["Straße"]);
        (await db.Groups.SingleAsync(Ct)).Description = "Wer schäumt";
        await db.SaveChangesAsync(Ct);
        (await FindAsync(node, "dämmt")).ShouldBeEmpty();
        (await FindAsync(node, "schÄUM")).ShouldBe(["Straße"]);
    }

    [Fact]
    public async Task Without_the_module_PostgreSQL_finds_the_same_and_the_log_says_what_is_missing()
    {
        using var folder = new TemporaryFolder();
        await using var postgres = await PostgresDatabase.CreateAsync();
        var role = "r" + Guid.NewGuid().ToString("N");
        await RunAsync(
            postgres,
            $"CREATE ROLE {role} LOGIN PASSWORD '{role}'; GRANT ALL ON SCHEMA public TO {role}"
        );
        var address = new UriBuilder(postgres.Address) { UserName = role, Password = role };
        var log = new LogLines<PostgresSearchIndex>();
        await using (var node = Node(address.Uri.AbsoluteUri, folder, log))
        {
            await node.GetRequiredService<DatabaseStart>().RunAsync(cancellationToken: Ct);
            await using var db = await Databases(node).CreateDbContextAsync(Ct);
            db.Groups.Add(Rows.Group("Quite slow"));
            await db.SaveChangesAsync(Ct);

            (await FindAsync(node, "slow")).ShouldBe(["Quite slow"]);
            log.Told.ShouldHaveSingleItem().ShouldContain("CREATE EXTENSION pg_trgm");

            await RunAsync(postgres, "CREATE EXTENSION pg_trgm");
            await node.GetRequiredService<DatabaseStart>().RunAsync(cancellationToken: Ct);

            log.Told.Count.ShouldBe(1);
            (await FindAsync(node, "slow")).ShouldBe(["Quite slow"]);
        }
        await RunAsync(postgres, $"DROP OWNED BY {role}; DROP ROLE {role}");
    }

    private static ServiceProvider Node(
        string address,
        TemporaryFolder folder,
        LogLines<PostgresSearchIndex>? log = null
    ) =>
        new ServiceCollection()
            .AddLogging()
            .AddStorage(DatabaseAddress.Parse(address, folder.Path))
            .AddSingleton<ILogger<PostgresSearchIndex>>(log ?? new LogLines<PostgresSearchIndex>())
            .BuildServiceProvider();

    private static async Task RunAsync(PostgresDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static async Task<List<string>> FindAsync(IServiceProvider node, string search)
    {
        await using var db = await Databases(node).CreateDbContextAsync(Ct);
        var found = await SearchTables.Groups.FindAsync(db, search, Ct);
        return await found.Rows.Select(g => g.Name).ToListAsync(Ct);
    }

    private static IDbContextFactory<LatchkeyDbContext> Databases(IServiceProvider node) =>
        node.GetRequiredService<IDbContextFactory<LatchkeyDbContext>>();

    private static object Now(Engine engine) =>
        engine == Engine.Sqlite ? Instants.ToMicroseconds(Rows.Now) : Rows.Now;
}
