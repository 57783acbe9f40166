using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn.Sessions;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>The first step of a sign-in: a name and a password say who somebody is.</summary>
internal sealed class PasswordStep(
    PasswordService passwords,
    SignInThrottle throttle,
    WrongPasswords wrong,
    KnownBrowsers browsers
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
        var (from, isKnown) = (origin.KeyFor(username), origin.IsKnownTo(username));
        if (!throttle.TryTake(username, from, isKnown))
        {
            if (throttle.Tells(username, from))
            {
                var meant = await passwords.FindAsync(username, http.RequestAborted);
                await wrong.ThrottledAsync(type, username, meant, referenceCode);
            }
            return new(PasswordVerdictForPage.Throttled);
        }
        var result = await passwords.VerifyAsync(username, password, origin, http.RequestAborted);
        if (result is not { Verdict: PasswordVerdict.Correct, User: { } known })
        {
            await wrong.RecordAsync(type, username, result, origin, referenceCode);
            return new(PasswordVerdictForPage.Wrong);
        }
        throttle.GiveBack(username, from, isKnown);
        return new(PasswordVerdictForPage.Right, known);
    }
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
