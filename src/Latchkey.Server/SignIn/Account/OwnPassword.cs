using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Sessions;

namespace Latchkey.Server.SignIn.Account;

/// <summary>Users change their own password. Every other session of theirs ends; this browser gets a new one.</summary>
internal sealed class OwnPassword(
    PasswordService passwords,
    UserPasswords changes,
    SessionService sessions,
    SignInCookies cookies,
    KnownBrowsers browsers,
    SignInThrottle throttle
)
{
    public async Task<Outcome<User>> ChangeAsync(HttpContext http, string present, string password)
    {
        var ct = http.RequestAborted;
        var current = http.Features.Get<CurrentSession>()!;
        var origin = await browsers.OriginAsync(http);
        // Somebody at an open browser must not try passwords here that the sign-in page would not let them try.
        if (!throttle.TryTake(current.User.Username, origin.Key, isKnown: true))
            return new Problem("password-tries", "current");
        var checkedNow = await passwords.VerifyAsync(current.User.Username, present, origin, ct);
        if (checkedNow is not { Verdict: PasswordVerdict.Correct, User: { } user })
            return new Problem("password-present-wrong", "current");
        throttle.GiveBack(user.Username, origin.Key, isKnown: true);
        var changed = await changes.ChangeOwnAsync(
            user.Id,
            password,
            SignInOrigin.Shown(origin.Address),
            ct
        );
        if (!changed.Ok)
            return changed;
        var started = await sessions.StartAsync(
            changed.Value,
            current.Session.Methods,
            current.Session.ClientIp,
            current.Session.UserAgent,
            CancellationToken.None
        );
        await sessions.ReplaceAsync(current.Session.Id, started.Session, CancellationToken.None);
        cookies.WriteSession(http, started.Cookie);
        return changed;
    }
}
