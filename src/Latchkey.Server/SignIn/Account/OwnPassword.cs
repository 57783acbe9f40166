using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Account;

/// <summary>Users change their own password. Every other session of theirs ends; this browser gets a new one.</summary>
internal sealed class OwnPassword(
    PasswordService passwords,
    SessionService sessions,
    SignInCookies cookies,
    SignInThrottle throttle,
    EventRecorder events,
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    public async Task<Outcome<User>> ChangeAsync(HttpContext http, string present, string password)
    {
        var ct = http.RequestAborted;
        var current = http.Features.Get<CurrentSession>()!;
        // Somebody at an open browser must not try passwords here that the sign-in page would not let them try.
        if (!throttle.TryTake(current.User.Username, http.Connection.RemoteIpAddress))
            return new Problem("password-tries", "current");
        var checkedNow = await passwords.VerifyAsync(current.User.Username, present, ct);
        if (checkedNow is not { Verdict: PasswordVerdict.Correct, User: { } user })
            return new Problem("password-present-wrong", "current");
        throttle.GiveBack(user.Username, http.Connection.RemoteIpAddress);
        var hash = passwords.Hash(user, password);
        if (!hash.Ok)
            return Outcome<User>.Failed(hash.Problems);

        var stamp = Guid.NewGuid().ToString("N");
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        await database
            .Users.Where(u => u.Id == user.Id)
            .ExecuteUpdateAsync(
                u =>
                    u.SetProperty(x => x.PasswordHash, hash.Value)
                        .SetProperty(x => x.PasswordSetAt, now)
                        .SetProperty(x => x.PasswordExpiresAt, (DateTimeOffset?)null)
                        .SetProperty(x => x.SecurityStamp, stamp)
                        .SetProperty(x => x.UpdatedAt, now)
                        .SetProperty(x => x.Version, x => x.Version + 1),
                ct
            );
        // A link to set a password that still lies in a mailbox was for the old one.
        await database.AccountLinks.Where(l => l.UserId == user.Id).ExecuteDeleteAsync(ct);
        database.Events.Add(
            events.New(
                EventTypes.UserPasswordChange,
                success: true,
                new("user", user.Id, user.Username)
            )
        );
        await database.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);

        user.SecurityStamp = stamp;
        var started = await sessions.StartAsync(
            user,
            current.Session.Methods,
            current.Session.ClientIp,
            current.Session.UserAgent,
            ct
        );
        await sessions.EndAsync(current.Session.Id, ct);
        cookies.WriteSession(http, started.Secret);
        return user;
    }
}
