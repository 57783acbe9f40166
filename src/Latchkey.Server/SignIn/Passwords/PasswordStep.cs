using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn.Sessions;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>The first step of a sign-in: a name and a password say who somebody is.</summary>
internal sealed class PasswordStep(
    PasswordService passwords,
    SignInThrottle throttle,
    LockoutNotice lockouts,
    KnownBrowsers browsers,
    EventRecorder events
)
{
    private const int LongestName = 256;

    /// <summary>Checks what was typed.</summary>
    /// <param name="admin">Whether it is the admin portal that somebody wants to enter.</param>
    /// <returns>The user, when it was right. What follows is for <see cref="SignInProgress"/>.</returns>
    public async Task<PasswordStepResult> TakeAsync(
        HttpContext http,
        string username,
        string password,
        bool admin,
        string? referenceCode
    )
    {
        var type = admin ? EventTypes.AdminLoginAttempt : EventTypes.UserLoginAttempt;
        // A space typed before or after a name is never meant.
        username = username.Trim();
        if (username.Length > LongestName)
            username = username[..LongestName];
        var origin = await browsers.OriginAsync(http);
        if (!throttle.TryTake(username, origin.Key, isKnown: origin.Browser is not null))
        {
            if (throttle.Tells(username, origin.Key))
            {
                var meant = await passwords.FindAsync(username, http.RequestAborted);
                await RecordAsync(type, "throttled", meant);
            }
            return new(PasswordVerdictForPage.Throttled);
        }
        var result = await passwords.VerifyAsync(username, password, origin, http.RequestAborted);
        if (result is not { Verdict: PasswordVerdict.Correct, User: { } known })
        {
            await RecordAsync(type, Code(result.Verdict), result.User);
            if (result is { LocksNow: true, User: { } locked })
            {
                await RecordAsync(EventTypes.UserLockout, "locked", locked);
                lockouts.Tell(locked.Id, SignInOrigin.Shown(origin.Address));
            }
            return new(PasswordVerdictForPage.Wrong);
        }
        throttle.GiveBack(username, origin.Key, isKnown: origin.Browser is not null);
        return new(PasswordVerdictForPage.Right, known);

        Task RecordAsync(string eventType, string? code, User? user)
        {
            var typed = user is null ? TypedName.Shown(username) : username;
            return events.RecordAsync(
                eventType,
                success: code is null,
                user is null ? null : new("user", user.Id, user.Username),
                new { method = "password", typed },
                code,
                referenceCode,
                user is null ? new EventActor(null, typed) : new(user.Id, user.Username)
            );
        }
    }

    private static string Code(PasswordVerdict verdict) =>
        verdict switch
        {
            PasswordVerdict.UnknownUser => "user-unknown",
            PasswordVerdict.NoPassword => "password-not-set",
            PasswordVerdict.Staged => "user-staged",
            PasswordVerdict.Suspended => "user-suspended",
            PasswordVerdict.Locked => "user-locked",
            _ => "password-wrong",
        };
}

/// <param name="User">Whoever it was, if it was right.</param>
internal sealed record PasswordStepResult(PasswordVerdictForPage Verdict, User? User = null);

internal enum PasswordVerdictForPage
{
    Right,

    /// <summary>Said of everything that is not right: who exists and in which state is nobody's business.</summary>
    Wrong,

    /// <summary>Too many tries, by this name or from this address; said whether or not the name exists.</summary>
    Throttled,
}
