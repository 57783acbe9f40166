using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Mail;
using Latchkey.Server.Problems;
using Latchkey.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Directory;

/// <summary>Somebody changes a user at the very moment in which the owner uses a link.</summary>
public sealed class LinkAndChangeTests(MeddlingIdentityProvider server)
    : DirectoryTest(server),
        IClassFixture<MeddlingIdentityProvider>
{
    [Fact]
    public async Task Another_change_at_the_same_moment_does_not_cost_the_owner_the_link()
    {
        var user = await AddAsync(Somebody() with { Mail = new ActivationMail() });
        var secret = await SecretAsync(user);
        server.Meanwhile(() => server.ChangeAsync(user, u => u.Department = "Research"));

        Made(await SetAsync(secret, "a quite new passphrase"));

        var changed = await FindAsync(user);
        changed.PasswordHash.ShouldNotBeNull();
        changed.Department.ShouldBe("Research");
    }

    [Fact]
    public async Task A_suspension_at_the_same_moment_wins()
    {
        var user = await AddAsync(Somebody() with { Mail = new ActivationMail() });
        var secret = await SecretAsync(user);
        server.Meanwhile(() => server.ChangeAsync(user, u => u.State = UserState.Suspended));

        Refusals(await SetAsync(secret, "a quite new passphrase")).ShouldBe([": link-over"]);

        (await FindAsync(user)).PasswordHash.ShouldBeNull();
    }

    private Task<Outcome<User>> SetAsync(string secret, string password) =>
        Server.AskAsync<UserPasswords, Outcome<User>>(p =>
            p.SetByLinkAsync(secret, password, null, Ct)
        );

    private async Task<string> SecretAsync(User user)
    {
        await using var db = Server.Open();
        var mail = await db.QueuedMails.SingleAsync(m => m.UserId == user.Id, Ct);
        return Server.Service<MailQueue>().Open(mail)!.Link!.Split("key=")[1];
    }
}

/// <summary>Lets a test do something while a password is being hashed.</summary>
public sealed class MeddlingIdentityProvider() : TestIdentityProvider(Engine.Sqlite)
{
    private Func<Task>? _meanwhile;

    /// <summary>Does this once, at the next hash.</summary>
    public void Meanwhile(Func<Task> what) => _meanwhile = what;

    protected override void Adjust(IServiceCollection services) =>
        services.AddSingleton<IPasswordHasher<User>>(new Hasher(this));

    private sealed class Hasher(MeddlingIdentityProvider server) : PasswordHasher<User>
    {
        public override string HashPassword(User user, string password)
        {
            var what = Interlocked.Exchange(ref server._meanwhile, null);
            Task.Run(() => what?.Invoke() ?? Task.CompletedTask).GetAwaiter().GetResult();
            return base.HashPassword(user, password);
        }
    }
}
