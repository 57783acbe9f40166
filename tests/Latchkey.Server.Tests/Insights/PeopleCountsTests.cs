using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Latchkey.Server.Tests.Insights;

public abstract class PeopleCountsTests(TestDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Few_people_are_counted_each_time_and_many_once_a_minute()
    {
        var clock = new FakeTimeProvider();
        using var counts = new PeopleCounts(
            database.Services.GetRequiredService<IDbContextFactory<LatchkeyDbContext>>(),
            clock
        );
        await AddAsync(999, suspended: 9);
        (await counts.ReadAsync(Ct)).ShouldBe(new(999, 990, 990));
        await AddAsync(1);
        (await counts.ReadAsync(Ct)).ShouldBe(new(1000, 991, 991));

        await AddAsync(1);
        (await counts.ReadAsync(Ct)).ShouldBe(new(1001, 992, 992));
        await AddAsync(1);
        (await counts.ReadAsync(Ct)).ShouldBe(new(1001, 992, 992));
        clock.Advance(PeopleCounts.Kept);
        (await counts.ReadAsync(Ct)).ShouldBe(new(1002, 993, 993));
    }

    private async Task AddAsync(int people, int suspended = 0)
    {
        await using var db = database.Open();
        db.Users.AddRange(
            Enumerable
                .Range(0, people)
                .Select(i =>
                {
                    var user = Rows.User($"p{Guid.NewGuid():N}");
                    user.State = i < suspended ? UserState.Suspended : UserState.Activated;
                    return user;
                })
        );
        await db.SaveChangesAsync(Ct);
    }
}

public sealed class PeopleCountsOnSqlite(SqliteDatabase database)
    : PeopleCountsTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class PeopleCountsOnPostgreSql(PostgreSqlDatabase database)
    : PeopleCountsTests(database),
        IClassFixture<PostgreSqlDatabase>;
