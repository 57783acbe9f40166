using System.Net;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn.Passwords;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Passwords;

/// <summary>What strangers type and how often they try fills no record and betrays no password.</summary>
public abstract class UnknownNameTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ada@example.test", "ada@example.test")]
    [InlineData("ada.b+c@mail.example.co.uk", "ada.b+c@mail.example.co.uk")]
    [InlineData("hunter2", "hu…")]
    [InlineData("Tr0ub4dor&3", "Tr…")]
    [InlineData("p@ssword", "p@…")]
    [InlineData("my word@example.test", "my…")]
    [InlineData("abcd", "…")]
    [InlineData("", "…")]
    public void Only_an_address_is_shown_in_full(string typed, string shown) =>
        TypedName.Shown(typed).ShouldBe(shown);

    [Fact]
    public async Task A_password_in_the_field_of_the_name_is_in_no_event()
    {
        const string slip = "Tr0ub4dor-and-3";
        await TryAsync("192.0.2.50", slip, "");
        (await SaidAsync(slip)).ShouldBeFalse();
        (await ToldAsync("192.0.2.50")).ShouldHaveSingleItem().ActorName.ShouldBe("Tr…");
    }

    [Fact]
    public async Task An_address_that_nobody_has_is_told_as_it_was_typed()
    {
        await TryAsync("192.0.2.51", "nobody@example.test", "wrong");
        (await ToldAsync("192.0.2.51"))
            .ShouldHaveSingleItem()
            .ActorName.ShouldBe("nobody@example.test");
    }

    [Fact]
    public async Task A_password_in_the_field_of_a_forgotten_password_is_in_no_event()
    {
        const string slip = "another-Tr0ub4dor";
        server.Service<PasswordReset>().Ask(slip, IPAddress.Parse("192.0.2.52"));
        await WaitForAsync(e =>
            e.Type == EventTypes.UserPasswordResetRequest && e.ActorName == "an…"
        );
        (await SaidAsync(slip)).ShouldBeFalse();
    }

    [Fact]
    public async Task Tries_that_are_too_many_are_told_once_a_minute_and_of_whom()
    {
        var user = await server.AddUserAsync();
        for (var i = 0; i < 25; i++)
            await TryAsync("192.0.2.53", user.Username, "wrong");
        (await ThrottledAsync("192.0.2.53")).ShouldHaveSingleItem().TargetId.ShouldBe(user.Id);
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 15; i++)
            await TryAsync("192.0.2.53", user.Username, "wrong");
        (await ThrottledAsync("192.0.2.53")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_goes_through_names_is_told_a_few_times_a_minute()
    {
        for (var i = 0; i < 80; i++)
            await TryAsync("192.0.2.54", $"nobody{i}", "wrong");
        (await ThrottledAsync("192.0.2.54")).Count.ShouldBe(10);
    }

    private async Task TryAsync(string address, string name, string password)
    {
        var browser = new TestBrowser(server.Handler()) { Address = address };
        await browser.SubmitAsync(
            await browser.OpenAsync("/sign-in"),
            ("username", name),
            ("password", password)
        );
    }

    private async Task<IReadOnlyList<Event>> ToldAsync(string address)
    {
        await using var db = server.Open();
        return await db.Events.AsNoTracking().Where(e => e.ClientIp == address).ToListAsync(Ct);
    }

    private async Task<IReadOnlyList<Event>> ThrottledAsync(string address) =>
        [.. (await ToldAsync(address)).Where(e => e.FindingCode == "throttled")];

    private async Task<bool> SaidAsync(string text)
    {
        await using var db = server.Open();
        return await db.Events.AnyAsync(
            e => e.Details.Contains(text) || (e.ActorName != null && e.ActorName.Contains(text)),
            Ct
        );
    }

    /// <summary>Requests for a new password are answered in the background.</summary>
    private async Task WaitForAsync(System.Linq.Expressions.Expression<Func<Event, bool>> happened)
    {
        for (var i = 0; i < 200; i++)
        {
            await using var db = server.Open();
            if (await db.Events.AnyAsync(happened, Ct))
                return;
            await Task.Delay(50, Ct);
        }
        throw new TimeoutException("It was not told.");
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : UnknownNameTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : UnknownNameTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
