using Latchkey.Server.Directory;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Factors;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Rules;

/// <summary>What an administrator decides about one user's second step (J-75, J-76).</summary>
public abstract class UserFactorsPageTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_is_let_in_without_until_a_day_is_so_to_its_end()
    {
        var user = await server.AddUserAsync();
        var page = await SaveAsync(user, Day(9));
        page.Document.QuerySelector(".lk-errors li").ShouldBeNull();
        (await StandingAsync(user))!.ExcludedUntil.ShouldBe(
            new(Today.AddDays(10).ToDateTime(default), TimeSpan.Zero)
        );
    }

    [Fact]
    public async Task Deciding_something_else_does_not_move_the_end()
    {
        var user = await server.AddUserAsync();
        var until = server.Clock.GetUtcNow().AddDays(9.5);
        await server.AskAsync<FactorSetup, object?>(async setup =>
            await setup.SetStandingAsync(user, required: false, until, Ct)
        );
        await SaveAsync(user);
        var standing = await StandingAsync(user);
        (standing!.Required, standing.ExcludedUntil).ShouldBe((true, until));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("2026-02-30")]
    public async Task What_is_no_day_is_refused_and_ends_nothing(string typed)
    {
        var user = await server.AddUserAsync();
        await SaveAsync(user, Day(9));
        var page = await SaveAsync(user, typed);
        page.Text.ShouldContain("Choose a day from today on");
        (await StandingAsync(user))!.ExcludedUntil.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(90)]
    public async Task A_day_that_is_over_or_too_far_away_is_refused(int days)
    {
        var user = await server.AddUserAsync();
        (await SaveAsync(user, Day(days))).Text.ShouldContain("Choose a day from today on");
        (await StandingAsync(user))?.ExcludedUntil.ShouldBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(89)]
    public async Task Today_and_the_last_day_there_is_are_taken(int days)
    {
        var user = await server.AddUserAsync();
        await SaveAsync(user, Day(days));
        (await StandingAsync(user))!.ExcludedUntil.ShouldNotBeNull();
    }

    private DateOnly Today => DateOnly.FromDateTime(server.Clock.GetUtcNow().UtcDateTime);

    private string Day(int days) => Today.AddDays(days).ToString("yyyy-MM-dd", null);

    /// <summary>Saves the page as it stands, asking this user, perhaps with another day.</summary>
    private async Task<TestPage> SaveAsync(User user, string? day = null)
    {
        var browser = await server.SignedInAsync(
            await server.AddUserAsync(u => u.Role = Role.Owner)
        );
        var page = await browser.OpenAsync($"/admin/users/{user.Id}/factors");
        return await browser.PostAsync(
            page.Address,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["__token"] = page.Field("__token")!,
                ["Required"] = "true",
                ["ExcludedUntil"] = day ?? page.Field("ExcludedUntil") ?? "",
            },
            "same-origin"
        );
    }

    private async Task<FactorStanding?> StandingAsync(User user)
    {
        await using var database = server.Open();
        return await database
            .FactorStandings.AsNoTracking()
            .SingleOrDefaultAsync(s => s.UserId == user.Id, Ct);
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : UserFactorsPageTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : UserFactorsPageTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
