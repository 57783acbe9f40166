namespace Latchkey.Server.SignIn;

/// <summary>A browser in which somebody is signed in. The cookie holds a secret; the row only its hash.</summary>
internal sealed class Session
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>SHA-256 of the secret in the cookie; unique.</summary>
    public required byte[] TokenHash { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>The user's stamp when the session began.</summary>
    public required string SecurityStamp { get; init; }

    /// <summary>When the user last proved who they are by password or passkey; moved by ForceAuthn (rule I7), not by a code in addition.</summary>
    public required DateTimeOffset AuthnInstant { get; set; }

    /// <summary>How they proved it, by the names of RFC 8176 with spaces between them; see <see cref="AuthnMethods"/>.</summary>
    public required string Methods { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends whatever happens.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Moved at most once a minute; the idle limit counts from here.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>After so many seconds without a request it ends; stored with it, so that no request has to look a setting up.</summary>
    public required int IdleSeconds { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When it was stored which service providers have to hear that it ended; null before.</summary>
    public DateTimeOffset? ParticipantsToldAt { get; set; }

    public string? ClientIp { get; init; }
    public string? UserAgent { get; init; }

    /// <summary>Whether it has neither been ended nor run out; whether its user may still use it is another question.</summary>
    public bool IsOpen(DateTimeOffset now) =>
        EndedAt is null && now < ExpiresAt && now - LastSeenAt < TimeSpan.FromSeconds(IdleSeconds);
}

/// <summary>A service provider that was given an assertion in a session: whom single logout will have to reach.</summary>
internal sealed class SessionParticipant
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid SessionId { get; init; }
    public required Guid ApplicationId { get; init; }
    public required string SpEntityId { get; init; }

    /// <summary>The SessionIndex that was sent; unique, different at each service provider.</summary>
    public required string SessionIndex { get; init; }

    public required string? NameId { get; init; }
    public required string? NameIdFormat { get; init; }
    public string? NameQualifier { get; init; }
    public string? SpNameQualifier { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A sign-in under way: what was asked for and how far it got. Bound to the browser by a cookie, survives a restart and a change of node.</summary>
internal sealed class SignInState
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>SHA-256 of the secret in the browser's cookie.</summary>
    public required byte[] BrowserHash { get; init; }

    /// <summary>The application to answer; null for a sign-in to the portal.</summary>
    public Guid? ApplicationId { get; init; }

    /// <summary>The accepted AuthnRequest and its RelayState as JSON; null when started by us.</summary>
    public string? Request { get; init; }

    /// <summary>Where to go in our own pages afterwards, a local path.</summary>
    public string? ReturnPath { get; init; }

    /// <summary>Whether everything is to be proved that the user can prove, in a browser that is let off the second step too; see <see cref="Account.FreshProof"/>.</summary>
    public bool AsksAll { get; init; }

    /// <summary>The reference code shown to the user if this goes wrong; ties the events together.</summary>
    public required string ReferenceCode { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When somebody proved all that was asked for this sign-in; null before.</summary>
    public DateTimeOffset? AuthenticatedAt { get; set; }

    /// <summary>Who proved something, but not yet all that is asked; null before.</summary>
    public Guid? UserId { get; set; }

    /// <summary>That user's stamp then: a password changed meanwhile undoes it.</summary>
    public string? UserStamp { get; set; }

    /// <summary>What they proved, see <see cref="AuthnMethods"/>.</summary>
    public string? Methods { get; set; }

    /// <summary>What has to be kept of a passkey's ceremony between its two halves, encrypted.</summary>
    public string? Challenge { get; set; }
}
