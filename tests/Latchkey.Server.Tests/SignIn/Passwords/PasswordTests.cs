using System.Net;
using Latchkey.Server.Directory;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Passwords.Imported;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Latchkey.Server.Tests.SignIn.Passwords;

public abstract class PasswordTests(TestIdentityProvider server)
{
    private const string Right = TestIdentityProvider.Password;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly SignInOrigin s_here = new(IPAddress.Parse("192.0.2.1"));

    private PasswordService Passwords => server.Service<PasswordService>();

    [Fact]
    public async Task A_user_name_is_found_whatever_its_case()
    {
        var user = await server.AddUserAsync();
        var result = await VerifyAsync(user.Username.ToUpperInvariant(), Right);
        result.Verdict.ShouldBe(PasswordVerdict.Correct);
    }

    [Fact]
    public async Task The_email_address_serves_as_well_as_the_user_name()
    {
        var user = await server.AddUserAsync();
        var result = await VerifyAsync(user.Email, Right);
        result.User!.Id.ShouldBe(user.Id);
    }

    [Fact]
    public async Task A_user_name_goes_before_the_same_text_as_somebody_elses_address()
    {
        var first = await server.AddUserAsync();
        var second = await server.AddUserAsync(u =>
        {
            u.Username = first.Email;
            u.NormalizedUsername = first.Email.ToUpperInvariant();
        });
        var result = await VerifyAsync(first.Email, Right);
        result.User!.Id.ShouldBe(second.Id);
    }

    [Fact]
    public async Task A_name_with_a_sign_that_no_database_takes_is_unknown_like_any_other()
    {
        var user = await server.AddUserAsync();
        var result = await VerifyAsync("no\0such", Right);
        result.Verdict.ShouldBe(PasswordVerdict.UnknownUser);
        (await VerifyAsync(user.Username, Right)).Verdict.ShouldBe(PasswordVerdict.Correct);
    }

    [Theory]
    [InlineData(nameof(UserState.Suspended), nameof(PasswordVerdict.Suspended))]
    [InlineData(nameof(UserState.Staged), nameof(PasswordVerdict.Staged))]
    public async Task Whoever_is_not_active_is_not_let_in_and_the_reason_is_known_inside(
        string state,
        string verdict
    )
    {
        var user = await server.AddUserAsync(u => u.State = Enum.Parse<UserState>(state));
        var result = await VerifyAsync(user.Username, Right);
        result.Verdict.ShouldBe(Enum.Parse<PasswordVerdict>(verdict));
    }

    [Fact]
    public async Task A_user_without_a_password_cannot_sign_in_with_any()
    {
        var user = await server.AddUserAsync(u => u.PasswordHash = null);
        var result = await VerifyAsync(user.Username, "");
        result.Verdict.ShouldBe(PasswordVerdict.NoPassword);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_even_for_the_right_one_and_only_for_a_while()
    {
        var user = await server.AddUserAsync();
        for (var i = 0; i < 5; i++)
            (await VerifyAsync(user.Username, "wrong")).User.ShouldNotBeNull();
        (await VerifyAsync(user.Username, Right)).Verdict.ShouldBe(PasswordVerdict.Locked);
        server.Clock.Advance(TimeSpan.FromMinutes(5.1));
        (await VerifyAsync(user.Username, Right)).Verdict.ShouldBe(PasswordVerdict.Correct);
    }

    [Fact]
    public async Task Wrong_passwords_sent_at_once_are_all_counted()
    {
        var user = await server.AddUserAsync();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => VerifyAsync(user.Username, "wrong")));
        (await VerifyAsync(user.Username, Right)).Verdict.ShouldBe(PasswordVerdict.Locked);
    }

    [Fact]
    public async Task The_right_password_forgets_the_wrong_ones()
    {
        var user = await server.AddUserAsync();
        for (var i = 0; i < 4; i++)
            await VerifyAsync(user.Username, "wrong");
        await VerifyAsync(user.Username, Right);
        await using var database = server.Open();
        var stored = await database.Users.SingleAsync(u => u.Id == user.Id, Ct);
        stored.AccessFailedCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_hash_of_fewer_rounds_is_renewed_by_the_next_right_password()
    {
        var cheap = new PasswordHasher<User>(
            Options.Create(new PasswordHasherOptions { IterationCount = 10 })
        );
        var user = await server.AddUserAsync(u => u.PasswordHash = cheap.HashPassword(u, Right));
        await VerifyAsync(user.Username, Right);
        await using var database = server.Open();
        var stored = await database.Users.SingleAsync(u => u.Id == user.Id, Ct);
        server
            .Service<IPasswordHasher<User>>()
            .VerifyHashedPassword(stored, stored.PasswordHash!, Right)
            .ShouldBe(PasswordVerificationResult.Success);
    }

    [Fact]
    public async Task Every_answer_costs_one_check_of_a_hash_whoever_is_meant()
    {
        var counted = new CountingHasher(server.Service<IPasswordHasher<User>>());
        var passwords = With(counted);
        var wrong = await server.AddUserAsync();
        var locked = await server.AddUserAsync(u =>
            u.LockoutEnd = server.Clock.GetUtcNow().AddHours(1)
        );
        var suspended = await server.AddUserAsync(u => u.State = UserState.Suspended);
        var none = await server.AddUserAsync(u => u.PasswordHash = null);
        string[] names =
        [
            wrong.Username,
            locked.Username,
            suspended.Username,
            none.Username,
            "nobody-at-all",
        ];
        foreach (var name in names)
        {
            for (var i = 0; i < 3; i++)
            {
                counted.Reset();
                await passwords.VerifyAsync(name, i == 0 ? Right : "wrong", s_here, Ct);
                // The right one is let in, and only then is there more to do.
                counted.Checked.ShouldBe(1, name);
                counted.Made.ShouldBe(0, name);
            }
        }
    }

    [Fact]
    public void The_default_cost_is_210000_rounds() =>
        new SignInLimits().PasswordRounds.ShouldBe(210_000);

    private Task<PasswordResult> VerifyAsync(string name, string password) =>
        Passwords.VerifyAsync(name, password, s_here, Ct);

    private PasswordService With(IPasswordHasher<User> hasher) =>
        new(
            server.Service<IDbContextFactory<Latchkey.Server.Storage.LatchkeyDbContext>>(),
            new PasswordHashing(hasher, server.Service<HashShapes>()),
            server.Service<PasswordLocks>(),
            server.Clock
        );

    private sealed class CountingHasher(IPasswordHasher<User> hasher) : IPasswordHasher<User>
    {
        private int _made;
        private int _checked;

        public int Made => _made;

        public int Checked => _checked;

        public void Reset() => (_made, _checked) = (0, 0);

        public string HashPassword(User user, string password)
        {
            Interlocked.Increment(ref _made);
            return hasher.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(
            User user,
            string hashedPassword,
            string providedPassword
        )
        {
            Interlocked.Increment(ref _checked);
            return hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : PasswordTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : PasswordTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
