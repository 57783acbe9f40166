using System.Net;
using Latchkey.Server.Storage;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Settings;

public abstract class HealthTests(TestDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_started_server_is_live_and_ready()
    {
        await using var server = await TestServer.StartAsync(database);

        foreach (var path in new[] { "/healthz/live", "/healthz/ready" })
        {
            using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative), Ct);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    [Fact]
    public async Task Without_its_tables_a_server_lives_but_is_not_ready()
    {
        await using var server = await TestServer.StartAsync(database);
        await using var db = database.Open();
        await db.Database.ExecuteSqlAsync($"ALTER TABLE settings RENAME TO settings_away", Ct);
        try
        {
            using var live = await server.Client.GetAsync(
                new Uri("/healthz/live", UriKind.Relative),
                Ct
            );
            using var ready = await server.Client.GetAsync(
                new Uri("/healthz/ready", UriKind.Relative),
                Ct
            );

            live.StatusCode.ShouldBe(HttpStatusCode.OK);
            ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await ready.Content.ReadAsStringAsync(Ct)).ShouldBe("not ready: database\n");
        }
        finally
        {
            await db.Database.ExecuteSqlAsync($"ALTER TABLE settings_away RENAME TO settings", Ct);
        }
    }
}

public sealed class HealthOnSqlite(SqliteDatabase database)
    : HealthTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class HealthOnPostgreSql(PostgreSqlDatabase database)
    : HealthTests(database),
        IClassFixture<PostgreSqlDatabase>;
