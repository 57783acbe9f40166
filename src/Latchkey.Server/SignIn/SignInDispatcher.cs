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
    SignOnEndpoint signOn,
    SignInLimits limits,
    TimeProvider time
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
            {
                return await AskAsync(
                    http,
                    state,
                    null,
                    session,
                    new(await MissingAsync(state, session, http.RequestAborted))
                );
            }
            await states.EndAsync(state);
            return new SignInNext.Go(state.ReturnPath ?? "/");
        }
        var (answer, label) = await signOn.ResumeAsync(http, state);
        if (answer is SignOnAnswer.SignInNeeded needed)
            return await AskAsync(http, state, label, session, needed);
        await states.EndAsync(state);
        return new SignInNext.Answer(answer);
    }

    /// <summary>What our own page still lacks: of a session that is fresh the second factor alone, where everything is to be proved that can be.</summary>
    private async Task<StepUp> MissingAsync(
        SignInState state,
        CurrentSession? session,
        CancellationToken ct
    ) =>
        state.AsksAll
        && session is { } current
        && limits.IsFresh(current.Session, time.GetUtcNow())
        && !AuthnMethods.IsSeveral(current.Session.Methods)
        && (await factors.FactorsAsync(current.User.Id, ct)).Any
            ? StepUp.SecondFactor
            : StepUp.Everything;

    private async Task<SignInNext> AskAsync(
        HttpContext http,
        SignInState state,
        string? label,
        CurrentSession? session,
        SignOnAnswer.SignInNeeded needed
    )
    {
        var ct = http.RequestAborted;
        // What was proved in this sign-in counts until the browser got its session by it.
        if (
            state is { AuthenticatedAt: null, Methods: { } proved }
            && await factors.UserOfAsync(state, ct) is { } user
        )
            return await FurtherAsync(http, state, label, user, proved, needed);
        if (session is not null && needed.Missing == StepUp.SecondFactor)
        {
            var (known, methods) = (session.User, session.Session.Methods);
            var has = await factors.FactorsAsync(known.Id, ct);
            if (has.Any)
            {
                return new SignInNext.AskFactor(state, label, known, methods, has)
                {
                    OnSession = true,
                };
            }
            // Whoever finds a browser open must not make their own app the owner's second factor.
            if (limits.IsFresh(session.Session, time.GetUtcNow()))
            {
                return new SignInNext.SetUpFactor(state, label, known, methods)
                {
                    OnSession = true,
                };
            }
        }
        return new SignInNext.AskPassword(state, label, session?.User)
        {
            PasskeyServes = needed.PasskeyServes,
            Kept = needed.Missing == StepUp.Password ? session?.Session.Methods : null,
        };
    }

    /// <summary>What follows what was proved in this sign-in, as it stands now: it may have changed since.</summary>
    private async Task<SignInNext> FurtherAsync(
        HttpContext http,
        SignInState state,
        string? label,
        User user,
        string methods,
        SignOnAnswer.SignInNeeded needed
    )
    {
        var demand = await demands.OfAsync(http, user, methods);
        return demand switch
        {
            { Kind: SignInDemandKind.NewPassword, Rules: { } rules } =>
                new SignInNext.ChangePassword(state, label, user, methods, rules),
            { Kind: SignInDemandKind.Factor } => new SignInNext.AskFactor(
                state,
                label,
                user,
                methods,
                await factors.FactorsAsync(user.Id, http.RequestAborted)
            ),
            { Kind: SignInDemandKind.Enrolment } when needed.SecondFactorDemanded =>
                new SignInNext.SetUpFactor(state, label, user, methods),
            { Kind: SignInDemandKind.Enrolment, EnrolBy: { } end } => new SignInNext.OfferFactor(
                state,
                label,
                user,
                methods,
                end
            ),
            _ => new SignInNext.Proceed(state, user, methods),
        };
    }
}

/// <summary>What comes next.</summary>
internal abstract record SignInNext
{
    private SignInNext() { }

    /// <param name="State">The stored sign-in this is a step of.</param>
    /// <param name="Label">The application's name for people.</param>
    /// <param name="Known">Who is signed in already and has to prove it anew.</param>
    public sealed record AskPassword(SignInState? State, string? Label, User? Known = null)
        : SignInNext
    {
        /// <summary>Whether a passkey serves as well.</summary>
        public bool PasskeyServes { get; init; } = true;

        /// <summary>What the user who is signed in proved, where the password is asked for in addition.</summary>
        public string? Kept { get; init; }
    }

    /// <summary>One of the factors that the user set up.</summary>
    /// <param name="Methods">What was proved already, see <see cref="AuthnMethods"/>.</param>
    public sealed record AskFactor(
        SignInState State,
        string? Label,
        User User,
        string Methods,
        UserFactors Factors
    ) : SignInNext
    {
        /// <summary>Whether it is asked for in addition to what a session knows, which was proved then and not now.</summary>
        public bool OnSession { get; init; }
    }

    /// <summary>The application demands a second factor, and the user has none yet.</summary>
    public sealed record SetUpFactor(SignInState State, string? Label, User User, string Methods)
        : SignInNext
    {
        /// <inheritdoc cref="AskFactor.OnSession"/>
        public bool OnSession { get; init; }
    }

    /// <summary>A second factor is to be set up until a date: now, or another time (J-75).</summary>
    public sealed record OfferFactor(
        SignInState State,
        string? Label,
        User User,
        string Methods,
        DateTimeOffset EnrolBy
    ) : SignInNext;

    /// <summary>Codes for the day the factor that was just set up is lost, shown this once; afterwards the sign-in goes on.</summary>
    public sealed record KeepCodes(SignInState State, IReadOnlyList<string> Codes) : SignInNext;

    /// <summary>Nothing more is asked of who waited for it.</summary>
    public sealed record Proceed(SignInState State, User User, string Methods) : SignInNext;

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
