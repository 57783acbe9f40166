using Latchkey.Server.Directory;
using Latchkey.Server.Insights;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>Puts down a password that was not right, wherever it was typed, and the lock that comes of it.</summary>
internal sealed class WrongPasswords(EventRecorder recorder, EventLog log, LockoutNotice lockouts)
{
    /// <param name="type">The event's type: what somebody wanted to do with it.</param>
    /// <param name="typed">What was typed as a name.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="origin">From where.</param>
    /// <param name="referenceCode">Of the sign-in under way.</param>
    public async Task RecordAsync(
        string type,
        string typed,
        PasswordResult result,
        SignInOrigin origin,
        string? referenceCode = null
    )
    {
        var wrong = New(type, typed, result.User, Code(result.Verdict), referenceCode);
        if (result is not { LocksNow: true, User: { } user })
        {
            await log.WriteAsync(wrong);
            return;
        }
        // Together: two commits one after the other would tell by their time that the name is known.
        await log.WriteAsync(
            wrong,
            New(EventTypes.UserLockout, typed, user, "locked", referenceCode)
        );
        lockouts.Tell(user.Id, SignInOrigin.Shown(origin.Address));
    }

    /// <summary>A try that was one too many: no password was looked at.</summary>
    /// <param name="type">The event's type: what somebody wanted to do.</param>
    /// <param name="typed">What was typed as a name.</param>
    /// <param name="meant">Whom it means, if anybody.</param>
    /// <param name="referenceCode">Of the sign-in under way.</param>
    public Task ThrottledAsync(
        string type,
        string typed,
        User? meant,
        string? referenceCode = null
    ) => log.WriteAsync(New(type, typed, meant, "throttled", referenceCode));

    private Event New(string type, string typed, User? user, string code, string? referenceCode)
    {
        if (user is null)
            typed = TypedName.Shown(typed);
        return recorder.New(
            type,
            success: false,
            user is null ? null : new("user", user.Id, user.Username),
            new { method = "password", typed },
            code,
            referenceCode,
            user is null ? new EventActor(null, typed) : new(user.Id, user.Username)
        );
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
