using Latchkey.Server.Insights;

namespace Latchkey.Server.Tests.SignIn.Account;

/// <summary>Whoever tries present passwords at an open browser is recorded like anybody at the sign-in page.</summary>
public abstract class OwnPasswordTests(TestIdentityProvider server)
{
    [Fact]
    public async Task Wrong_present_passwords_are_in_the_record_and_their_lock_too()
    {
        var user = await server.AddUserAsync();
        var browser = await server.SignedInAsync(user);
        for (var i = 0; i < 6; i++)
        {
            var page = await browser.OpenAsync("/security/password");
            await browser.SubmitAsync(
                page,
                page.Document.Forms.Single(f => f.QuerySelector("input[name=current]") is not null),
                ("current", "a wrong guess"),
                ("password", "seven umbrellas in june")
            );
        }
        var told = (await server.EventsAboutAsync(user)).Where(e => !e.Success).ToList();
        told.Where(e => e.Type == EventTypes.UserPasswordChange)
            .Select(e => e.FindingCode)
            .ShouldBe([.. Enumerable.Repeat("password-wrong", 5), "user-locked"]);
        told.Count(e => e.Type == EventTypes.UserLockout).ShouldBe(1);
        told.ShouldAllBe(e => !e.Details.Contains("guess") && !e.Details.Contains("umbrellas"));
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : OwnPasswordTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : OwnPasswordTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
