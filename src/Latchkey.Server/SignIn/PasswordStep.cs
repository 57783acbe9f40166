using Latchkey.Server.Directory;
using Latchkey.Server.Insights;

namespace Latchkey.Server.SignIn;

/// <summary>The first step of a sign-in: a name and a password become a session.</summary>
internal sealed class PasswordStep(
    PasswordService passwords,
    SessionService sessions,
    SignInThrottle throttle,
    SignInCookies cookies,
    EventRecorder events
)
{
    private const int LongestName = 256;

    /// <summary>Checks what was typed; if it is right, this browser has a session afterwards, under a new secret.</summary>
    /// <param name="admin">Whether it is the admin portal that somebody wants to enter.</param>
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
        var address = http.Connection.RemoteIpAddress;
        if (!throttle.TryTake(username, address))
        {
            await RecordAsync(type, "throttled", user: null);
            return PasswordStepResult.Throttled;
        }
        var result = await passwords.VerifyAsync(username, password, http.RequestAborted);
        if (result is not { Verdict: PasswordVerdict.Correct, User: { } known })
        {
            await RecordAsync(type, Code(result.Verdict), result.User);
            if (result.LocksNow)
                await RecordAsync(EventTypes.UserLockout, "locked", result.User);
            return PasswordStepResult.Wrong;
        }
        throttle.GiveBack(username, address);
        await BeginSessionAsync(http, known);
        await RecordAsync(type, null, known);
        return PasswordStepResult.Right;

        Task RecordAsync(string eventType, string? code, User? user) =>
            events.RecordAsync(
                eventType,
                success: code is null,
                user is null ? null : new("user", user.Id, user.Username),
                new { method = "password", typed = username },
                code,
                referenceCode,
                user is null ? new EventActor(null, username) : new(user.Id, user.Username)
            );
    }

    private async Task BeginSessionAsync(HttpContext http, User user)
    {
        var ct = http.RequestAborted;
        var current = http.Features.Get<CurrentSession>();
        if (current?.User.Id == user.Id)
        {
            cookies.WriteSession(
                http,
                await sessions.RenewAsync(current.Session.Id, AuthnMethods.Password, ct)
            );
            return;
        }
        var agent = http.Request.Headers.UserAgent.ToString();
        var started = await sessions.StartAsync(
            user,
            AuthnMethods.Password,
            http.Connection.RemoteIpAddress?.ToString(),
            agent.Length > 512 ? agent[..512] : agent,
            ct
        );
        // Whoever was signed in here before no longer is.
        if (current is not null)
            await sessions.EndAsync(current.Session.Id, ct);
        cookies.WriteSession(http, started.Secret);
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

internal enum PasswordStepResult
{
    Right,

    /// <summary>Said of everything that is not right: who exists and in which state is nobody's business.</summary>
    Wrong,

    /// <summary>Too many tries, by this name or from this address; said whether or not the name exists.</summary>
    Throttled,
}
