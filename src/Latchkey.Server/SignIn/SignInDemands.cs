using Latchkey.Server.Directory;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn;

/// <summary>What is still asked of somebody who proved something: first a second factor, then a new password where theirs has ended, at last to set a second factor up while there is time for it.</summary>
internal sealed class SignInDemands(
    FactorDemands factors,
    KnownBrowsers browsers,
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    /// <param name="http">Of the browser, which may be let off the second step.</param>
    /// <param name="user">Who, as the directory has them now.</param>
    /// <param name="methods">All that was proved, see <see cref="AuthnMethods"/>.</param>
    public async Task<SignInDemand> OfAsync(HttpContext http, User user, string methods)
    {
        var ct = http.RequestAborted;
        DateTimeOffset? enrolBy = null;
        if (!AuthnMethods.IsSeveral(methods))
        {
            var demand = await factors.OfAsync(user, ct);
            if (demand.IsOver(time.GetUtcNow()))
                return new(SignInDemandKind.EnrolmentOver);
            if (
                demand.Kind == FactorDemandKind.Asked
                && !await browsers.IsRememberedAsync(http, user)
            )
                return new(SignInDemandKind.Factor);
            // Said once: who is signed in has heard it.
            if (http.Features.Get<CurrentSession>()?.User.Id != user.Id)
                enrolBy = demand.EnrolBy;
        }
        // Whoever came by a passkey did not use the password that has ended.
        if (!AuthnMethods.Read(methods).Contains(AuthnMethods.Password))
            return Later(enrolBy);
        await using var database = await databases.CreateDbContextAsync(ct);
        var rules = (await PolicySet.OfAsync(database, user.Id, ct)).Rules;
        return PasswordExpiry.Of(user, rules, time.GetUtcNow()) switch
        {
            PasswordStanding.Over => new(SignInDemandKind.PasswordOver),
            PasswordStanding.MustChange => new(SignInDemandKind.NewPassword, rules),
            _ => Later(enrolBy),
        };
    }

    private static SignInDemand Later(DateTimeOffset? enrolBy) =>
        enrolBy is null ? SignInDemand.None : new(SignInDemandKind.Enrolment) { EnrolBy = enrolBy };
}

/// <param name="Rules">For a new password.</param>
internal sealed record SignInDemand(SignInDemandKind Kind, PasswordRules? Rules = null)
{
    /// <summary>Until when a second factor can be set up another time.</summary>
    public DateTimeOffset? EnrolBy { get; init; }

    public static SignInDemand None { get; } = new(SignInDemandKind.Nothing);
}

internal enum SignInDemandKind
{
    Nothing,

    /// <summary>The second factor that was set up.</summary>
    Factor,

    /// <summary>No second factor was set up in time; an administrator has to help (J-75).</summary>
    EnrolmentOver,

    /// <summary>To set a second factor up, now or until a date.</summary>
    Enrolment,

    /// <summary>The password has to be changed on the way in.</summary>
    NewPassword,

    /// <summary>The password serves for nothing any more; a link by mail or an administrator helps (J-69).</summary>
    PasswordOver,
}
