using Latchkey.Server.Directory;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.SignIn;

/// <summary>
/// Decides what comes next in a sign-in. Steps never lead to each other: each one records what it found and the browser
/// comes back here. Further steps become further answers of this one question.
/// </summary>
internal sealed class SignInDispatcher(
    SignInStates states,
    FactorStep factors,
    SignInDemands demands,
    SignOnEndpoint signOn
)
{
    /// <param name="id">The stored sign-in; null for one to our own pages, of which there is nothing to keep.</param>
    /// <param name="returnPath">Where that one leads, a local path.</param>
    public async Task<SignInNext> NextAsync(HttpContext http, Guid? id, string returnPath)
    {
        var session = http.Features.Get<CurrentSession>();
        if (id is null)
        {
            return session is null
                ? new SignInNext.AskPassword(null, null)
                : new SignInNext.Go(returnPath);
        }
        if (await states.FindAsync(http, id.Value) is not { } state)
            return new SignInNext.Over();
        if (state.ApplicationId is null)
        {
            if (state.AuthenticatedAt is null || session is null)
                return await AskAsync(http, state, null, session, stepUp: false);
            await states.EndAsync(state);
            return new SignInNext.Go(state.ReturnPath ?? "/");
        }
        var (answer, label) = await signOn.ResumeAsync(http, state);
        if (answer is SignOnAnswer.SignInNeeded needed)
        {
            return await AskAsync(http, state, label, session, needed.SecondFactorOnly);
        }
        await states.EndAsync(state);
        return new SignInNext.Answer(answer);
    }

    private async Task<SignInNext> AskAsync(
        HttpContext http,
        SignInState state,
        string? label,
        CurrentSession? session,
        bool stepUp
    )
    {
        var ct = http.RequestAborted;
        // Either something was proved in this sign-in, or the session proved all but the second factor.
        var user = await factors.UserOfAsync(state, ct);
        var methods = state.Methods;
        if (user is null && stepUp)
            (user, methods) = (session?.User, session?.Session.Methods);
        if (user is null || methods is null)
            return new SignInNext.AskPassword(state, label, session?.User.Username);
        if (
            !stepUp
            && await demands.OfAsync(http, user, methods)
                is { Kind: SignInDemandKind.NewPassword, Rules: { } rules }
        )
        {
            return new SignInNext.ChangePassword(state, label, user, methods, rules);
        }
        var has = await factors.FactorsAsync(user.Id, ct);
        return has.Any
            ? new SignInNext.AskFactor(state, label, user, methods, has)
            : new SignInNext.SetUpFactor(state, label, user, methods);
    }
}

/// <summary>What comes next.</summary>
internal abstract record SignInNext
{
    private SignInNext() { }

    /// <param name="State">The stored sign-in this is a step of.</param>
    /// <param name="Label">The application's name for people.</param>
    /// <param name="Username">Who is signed in already and has to prove it anew.</param>
    public sealed record AskPassword(SignInState? State, string? Label, string? Username = null)
        : SignInNext;

    /// <summary>One of the factors that the user set up.</summary>
    /// <param name="Methods">What was proved already, see <see cref="AuthnMethods"/>.</param>
    public sealed record AskFactor(
        SignInState State,
        string? Label,
        User User,
        string Methods,
        UserFactors Factors
    ) : SignInNext;

    /// <summary>The application demands a second factor, and the user has none yet.</summary>
    public sealed record SetUpFactor(SignInState State, string? Label, User User, string Methods)
        : SignInNext;

    /// <summary>The password that was right has to be changed.</summary>
    public sealed record ChangePassword(
        SignInState State,
        string? Label,
        User User,
        string Methods,
        PasswordRules Rules
    ) : SignInNext;

    /// <summary>On to a page of ours.</summary>
    public sealed record Go(string Path) : SignInNext;

    /// <summary>On to the application, or no further.</summary>
    public sealed record Answer(SignOnAnswer SignOnAnswer) : SignInNext;

    /// <summary>There is no such sign-in in this browser any more.</summary>
    public sealed record Over : SignInNext;
}
