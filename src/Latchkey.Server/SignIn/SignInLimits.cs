namespace Latchkey.Server.SignIn;

/// <summary>How long things of a sign-in last and how often they may be tried.</summary>
internal sealed record SignInLimits
{
    /// <summary>How far the stored last use may lag behind, so that not every request writes.</summary>
    public TimeSpan SessionTouch { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a person may take between the first page of a sign-in and its end.</summary>
    public TimeSpan StateLifetime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a browser keeps the secret that its sign-ins are bound to.</summary>
    public TimeSpan BrowserLifetime { get; init; } = TimeSpan.FromDays(180);

    /// <summary>Failed tries at one name from one origin within <see cref="NameWindow"/>, whether or not the name exists; what a policy says of accounts comes on top.</summary>
    public int TriesPerName { get; init; } = 10;

    public TimeSpan NameWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Wrong codes of an authenticator app in a row that lock it.</summary>
    public int CodesBeforeLock { get; init; } = 5;

    /// <summary>How long no code of the app is looked at then. A thief of the password gets some 1,400 codes a day out of a million; passkeys and recovery codes go on working for the owner.</summary>
    public TimeSpan CodeLock { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long ago somebody may have proved who they are to change their password or factors.</summary>
    public TimeSpan FreshProof { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Whether somebody proved so short a while ago who they are, see <see cref="FreshProof"/>.</summary>
    public bool IsFresh(Session session, DateTimeOffset now) =>
        now - session.AuthnInstant < FreshProof;

    /// <summary>Failed tries that one address may make within <see cref="AddressWindow"/>. Generous: an office shares one.</summary>
    public int TriesPerAddress { get; init; } = 50;

    public TimeSpan AddressWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Failed tries on one node within <see cref="OrganizationWindow"/> at names whose owners never signed in from that browser. More is an attack on everybody; those whose browser knows them go on signing in.</summary>
    public int TriesPerOrganization { get; init; } = 3000;

    public TimeSpan OrganizationWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>PBKDF2-HMAC-SHA512 rounds; hashes with fewer are renewed at the next right password.</summary>
    public int PasswordRounds { get; init; } = 210_000;
}
