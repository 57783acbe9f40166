using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Latchkey.Server.Tests.Storage;

public abstract class EventHousekeepingTests(TestDatabase database)
{
    [Fact]
    public async Task Old_events_go_in_batches_and_young_ones_stay()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var db = database.Open();
        var now = Rows.Now;
        db.Events.AddRange(Enumerable.Range(0, 1200).Select(_ => At(now.AddDays(-91))));
        db.Events.AddRange(At(now.AddDays(-89)), At(now));
        await db.SaveChangesAsync(ct);
        var log = new LogLines<EventHousekeeping>();
        using var housekeeping = new EventHousekeeping(
            database.Services.GetRequiredService<IDbContextFactory<LatchkeyDbContext>>(),
            new FakeTimeProvider(now),
            log
        );

        (await housekeeping.CleanAsync(ct)).ShouldBe(1200);

        (await db.Events.CountAsync(ct)).ShouldBe(2);
        log.Told.ShouldBe(["1200 events older than 90 days were removed"]);
    }

    private static Event At(DateTimeOffset at) =>
        new()
        {
            At = at,
            Type = EventTypes.SsoAuth,
            Success = true,
        };
}

public sealed class EventHousekeepingOnSqlite(SqliteDatabase database)
    : EventHousekeepingTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class EventHousekeepingOnPostgreSql(PostgreSqlDatabase database)
    : EventHousekeepingTests(database),
        IClassFixture<PostgreSqlDatabase>;
