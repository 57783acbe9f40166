using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.SignIn.Account;

/// <summary>
/// What users have to have proved a short while ago to change how they sign in: all they can. A browser that is let off the
/// second step is let off signing in with it, not changing it; otherwise the password alone would take the second step away.
/// </summary>
internal sealed class FreshProof(
    SignInStates states,
    FactorStep factors,
    SessionService sessions,
    SignInCookies cookies,
    SignInLimits limits,
    TimeProvider time
)
{
    /// <summary>Where to prove what is missing, and come back to this address from.</summary>
    /// <returns>Null when nothing is.</returns>
    public async Task<string?> MissingAsync(HttpContext http, CurrentSession current)
    {
        var ct = http.RequestAborted;
        var (session, user) = (current.Session, current.User);
        if (
            limits.IsFresh(session, time.GetUtcNow())
            && (
                AuthnMethods.IsSeveral(session.Methods)
                || !(await factors.FactorsAsync(user.Id, ct)).Any
            )
        )
            return null;
        var state = await states.BeginAsync(http, http.Request.Path, asksAll: true);
        return $"/sign-in?s={state.Id}";
    }

    /// <summary>A factor was set up, and so proved: this session knows it, under a new secret. Who sits there was not proved anew by it.</summary>
    public async Task ProvedAsync(
        HttpContext http,
        CurrentSession current,
        IEnumerable<string> methods
    )
    {
        var all = AuthnMethods.Write([.. AuthnMethods.Read(current.Session.Methods), .. methods]);
        cookies.WriteSession(
            http,
            await sessions.RenewAsync(
                current.Session.Id,
                all,
                isAnew: false,
                CancellationToken.None
            )
        );
    }
}
