using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
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
    SignInThrottle throttle,
    WrongPasswords wrong
)
{
    public async Task<Outcome<User>> ChangeAsync(HttpContext http, string present, string password)
    {
        var ct = http.RequestAborted;
        var current = http.Features.Get<CurrentSession>()!;
        var origin = await browsers.OriginAsync(http);
        // Somebody at an open browser must not try passwords here that the sign-in page would not let them try.
        var (name, from) = (current.User.Username, origin.KeyFor(current.User.Id));
        if (!throttle.TryTake(name, from, isKnown: true))
        {
            if (throttle.Tells(name, from))
                await wrong.ThrottledAsync(EventTypes.UserPasswordChange, name, current.User);
            return new Problem("password-tries", "current");
        }
        var checkedNow = await passwords.VerifyAsync(name, present, origin, ct);
        if (checkedNow is not { Verdict: PasswordVerdict.Correct, User: { } user })
        {
            await wrong.RecordAsync(EventTypes.UserPasswordChange, name, checkedNow, origin);
            return new Problem("password-present-wrong", "current");
        }
        throttle.GiveBack(name, from, isKnown: true);
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
