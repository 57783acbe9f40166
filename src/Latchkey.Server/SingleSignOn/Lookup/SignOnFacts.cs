using Latchkey.Server.SignIn;

namespace Latchkey.Server.SingleSignOn.Lookup;

/// <summary>Everything stored that decides a sign-in, read in one round trip.</summary>
/// <param name="Session">The session as stored with its user; whether it still counts is for <see cref="SessionService.IsAlive"/>.</param>
/// <param name="Access">What lets the user in, if anything (S0-19).</param>
internal sealed record SignOnFacts(
    Guid ApplicationId,
    long ApplicationVersion,
    CurrentSession? Session,
    GrantedAccess Access
);

/// <summary>What lets a user in to an application.</summary>
/// <param name="Groups">The names of those of the user's groups that the application is granted to, sorted.</param>
/// <param name="Individually">Whether it is granted to the user alone (S4-12).</param>
internal sealed record GrantedAccess(IReadOnlyList<string> Groups, bool Individually)
{
    public static GrantedAccess None { get; } = new([], false);

    public bool Any => Groups.Count > 0 || Individually;
}
