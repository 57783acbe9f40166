using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.SignIn;

/// <summary>What follows when somebody proved something: either more is asked, or this browser has a session.</summary>
internal sealed class SignInProgress(
    SignInDemands demands,
    KnownBrowsers browsers,
    SignInStates states,
    SessionService sessions,
    SessionEnding ending,
    SignInCookies cookies,
    EventRecorder events
)
{
    private const int LongestUserAgent = 512;

    /// <summary>Goes on.</summary>
    /// <param name="state">The stored sign-in; null for one to our own pages of which nothing had to be kept so far.</param>
    /// <param name="proof">What was proved.</param>
    /// <param name="returnPath">Where a sign-in to our own pages leads.</param>
    public async Task<SignInProgressResult> ProvedAsync(
        HttpContext http,
        SignInState? state,
        SignInProof proof,
        string returnPath
    )
    {
        var ct = http.RequestAborted;
        var (user, methods) = (proof.User, proof.Methods);
        switch ((await demands.OfAsync(http, user, methods)).Kind)
        {
            case SignInDemandKind.EnrolmentOver:
                return await RefuseAsync(RefusalKind.FactorEnrolmentOver, "factor-enrolment-over");
            case SignInDemandKind.PasswordOver:
                return await RefuseAsync(RefusalKind.PasswordOver, "password-expired");
            case SignInDemandKind.Factor or SignInDemandKind.NewPassword:
            case SignInDemandKind.Enrolment when !proof.Later:
                state ??= await states.BeginAsync(http, returnPath);
                await states.RememberAsync(state, user, methods, ct);
                await events.RecordAsync(
                    EventTypes.UserLoginStep,
                    success: true,
                    new("user", user.Id, user.Username),
                    new { methods = AuthnMethods.Read(methods) },
                    referenceCode: state.ReferenceCode,
                    actor: new(user.Id, user.Username)
                );
                return new SignInProgressResult.MoreIsAsked(state);
        }
        await GiveSessionAsync(http, proof);
        await browsers.SeenAsync(http, user, proof.Remember && AuthnMethods.IsSeveral(methods));
        if (state is not null)
            await states.ProvedAsync(state, ct);
        await RecordAsync(state, user, methods, returnPath, state?.ReferenceCode);
        return new SignInProgressResult.Done();

        async Task<SignInProgressResult> RefuseAsync(RefusalKind kind, string fault)
        {
            var code = state?.ReferenceCode ?? ReferenceCode.New();
            await RecordAsync(state, user, methods, returnPath, code, fault);
            return new SignInProgressResult.Refused(new(kind, code));
        }
    }

    /// <summary>Somebody else wants to sign in for the same purpose: what was proved is forgotten, and with it the session it rests on. Tries that were counted stay counted.</summary>
    /// <param name="http">Of the browser.</param>
    /// <param name="state">The stored sign-in.</param>
    /// <param name="user">Whose turn it was.</param>
    public async Task StartOverAsync(HttpContext http, SignInState state, User user)
    {
        var ct = http.RequestAborted;
        if (http.Features.Get<CurrentSession>() is { } current && current.User.Id == user.Id)
        {
            await ending.EndAsync(user.Id, only: current.Session.Id, but: null, ct);
            cookies.ClearSession(http);
        }
        await states.ForgetAsync(state, ct);
    }

    private async Task GiveSessionAsync(HttpContext http, SignInProof proof)
    {
        var (user, methods) = (proof.User, proof.Methods);
        var ct = http.RequestAborted;
        var current = http.Features.Get<CurrentSession>();
        var isSame = current?.User.Id == user.Id;
        // A password that was changed on the way in has voided the session that was there.
        if (isSame && current!.User.SecurityStamp == user.SecurityStamp)
        {
            cookies.WriteSession(
                http,
                await sessions.RenewAsync(current.Session.Id, methods, proof.IsAnew, ct)
            );
            return;
        }
        var agent = http.Request.Headers.UserAgent.ToString();
        var started = await sessions.StartAsync(
            user,
            methods,
            SignInOrigin.Shown(http.Connection.RemoteIpAddress),
            agent.Length > LongestUserAgent ? agent[..LongestUserAgent] : agent,
            ct
        );
        if (isSame)
            await sessions.ReplaceAsync(current!.Session.Id, started.Session, ct);
        // Whoever was signed in here before no longer is.
        else if (current is not null)
            await ending.EndAsync(
                current.User.Id,
                only: current.Session.Id,
                but: null,
                ct,
                SessionEndReasons.OtherUser
            );
        cookies.WriteSession(http, started.Cookie);
    }

    private Task RecordAsync(
        SignInState? state,
        User user,
        string methods,
        string returnPath,
        string? referenceCode,
        string? fault = null
    ) =>
        events.RecordAsync(
            state?.ApplicationId is null && Access.IsAdminPath(returnPath)
                ? EventTypes.AdminLoginAttempt
                : EventTypes.UserLoginAttempt,
            success: fault is null,
            new("user", user.Id, user.Username),
            new { methods = AuthnMethods.Read(methods) },
            fault,
            referenceCode,
            new(user.Id, user.Username),
            state?.ApplicationId
        );
}

/// <summary>What somebody proved.</summary>
/// <param name="User">Who it is.</param>
/// <param name="Methods">All that was proved, see <see cref="AuthnMethods"/>.</param>
internal sealed record SignInProof(User User, string Methods)
{
    /// <summary>Whether the password or a passkey was used now; false where a second factor came to a session that is older.</summary>
    public bool IsAnew { get; init; } = true;

    /// <summary>Whether the user wants this browser let off the second step from now on.</summary>
    public bool Remember { get; init; }

    /// <summary>Whether the user sets a second factor up another time.</summary>
    public bool Later { get; init; }
}

/// <summary>Where a sign-in stands.</summary>
internal abstract record SignInProgressResult
{
    private SignInProgressResult() { }

    /// <summary>The browser has a session.</summary>
    public sealed record Done : SignInProgressResult;

    /// <summary>The stored sign-in waits for a second factor, a new password, or whether one is set up now.</summary>
    public sealed record MoreIsAsked(SignInState State) : SignInProgressResult;

    /// <summary>What was proved is right and not enough, and nothing the user can do here helps.</summary>
    public sealed record Refused(Refusal Refusal) : SignInProgressResult;
}
