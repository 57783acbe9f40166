using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.SignIn;

/// <summary>
/// Decides what comes next in a sign-in. Steps never lead to each other: each one records what it found and the browser
/// comes back here. Further steps (a second factor, a policy's demand) become further answers of this one question.
/// </summary>
internal sealed class SignInDispatcher(SignInStates states, SignOnEndpoint signOn)
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
        var (answer, label) = await signOn.ResumeAsync(http, state);
        if (answer is SignOnAnswer.SignInNeeded)
            return new SignInNext.AskPassword(state, label, session?.User.Username);
        await states.EndAsync(state);
        return new SignInNext.Answer(answer);
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

    /// <summary>On to a page of ours.</summary>
    public sealed record Go(string Path) : SignInNext;

    /// <summary>On to the application, or no further.</summary>
    public sealed record Answer(SignOnAnswer SignOnAnswer) : SignInNext;

    /// <summary>There is no such sign-in in this browser any more.</summary>
    public sealed record Over : SignInNext;
}
