using Latchkey.Saml.Protocol;

namespace Latchkey.Server.SingleLogout;

/// <summary>
/// A single logout under way: whom to tell that sessions ended, and whom to answer. The sessions themselves ended before
/// this row was visible to anybody. Stored, so that any node can go on with it.
/// </summary>
internal sealed class Logout
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required LogoutOrigin Origin { get; init; }

    /// <summary>Whose sessions; no relation, since a deleted user's are ended too.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The user's name then.</summary>
    public required string Username { get; init; }

    /// <summary>SHA-256 of the secret in the browser's cookie; null until the browser comes to a page of this logout, or when none takes part.</summary>
    public byte[]? BrowserHash { get; set; }

    /// <summary>The application that asked for it; null when nobody waits for an answer.</summary>
    public Guid? ApplicationId { get; init; }

    /// <summary>The ID of that application's LogoutRequest.</summary>
    public string? RequestId { get; init; }

    /// <summary>The binding it came by, a URI of <see cref="SamlBindings"/>.</summary>
    public string? RequestBinding { get; init; }

    /// <summary>Given back as it came.</summary>
    public string? RelayState { get; init; }

    /// <summary>Ties the events together.</summary>
    public required string ReferenceCode { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>After this nobody goes on with it and the row can go.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the application that asked was answered.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>When the last participant was settled.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Whether the user's browser can be sent to participants.</summary>
    public bool HasBrowser => Origin is LogoutOrigin.Portal or LogoutOrigin.Browser;
}

/// <summary>What a logout began with.</summary>
internal enum LogoutOrigin
{
    /// <summary>The user signed out here.</summary>
    Portal,

    /// <summary>A service provider's LogoutRequest, carried by the user's browser.</summary>
    Browser,

    /// <summary>A service provider's LogoutRequest by SOAP.</summary>
    Soap,

    /// <summary>Somebody ended the session from elsewhere: an administrator, a suspension, the user in another browser.</summary>
    Elsewhere,
}

/// <summary>One service provider that has to be told, for one NameID that it knows the user by.</summary>
internal sealed class LogoutParticipant
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid LogoutId { get; init; }
    public required Guid ApplicationId { get; init; }

    /// <summary>The order in which the browser visits them.</summary>
    public required int Number { get; init; }

    /// <summary>The NameID exactly as it was sent (rule B3).</summary>
    public required NameId Subject { get; init; }

    /// <summary>The SessionIndexes that were sent with it, the newest first.</summary>
    public required IReadOnlyList<string> SessionIndexes { get; init; }

    public required ParticipantState State { get; set; }

    /// <summary>The way it is asked next or was asked last.</summary>
    public required LogoutChannel Channel { get; set; }

    /// <summary>Why it is not signed out, or was not at the last try.</summary>
    public LogoutFailure? Failure { get; set; }

    /// <summary>The ID of our LogoutRequest by the browser; null before.</summary>
    public string? RequestId { get; set; }

    /// <summary>When the browser was sent there.</summary>
    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>How often it was asked by SOAP.</summary>
    public int Attempts { get; set; }

    /// <summary>When it may be asked by SOAP; moved on by whoever asks, so that one node does.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }
}

internal enum ParticipantState
{
    Waiting,

    /// <summary>The browser was sent there and has not come back.</summary>
    Asked,

    SignedOut,

    /// <summary>It takes no part in single logout.</summary>
    NotOffered,

    Failed,
}

internal enum LogoutChannel
{
    /// <summary>By the user's browser.</summary>
    Front,

    /// <summary>By SOAP, from us to the service provider.</summary>
    Back,
}

/// <summary>Why a service provider is not signed out. Each has a sentence for people.</summary>
internal enum LogoutFailure
{
    /// <summary>The browser was sent there and did not come back, or the connection brought nothing in time.</summary>
    NoAnswer,

    /// <summary>No connection, or something other than a SAML message came back.</summary>
    Unreachable,

    /// <summary>It answered that it did not sign the user out.</summary>
    Refused,

    /// <summary>Its answer is not to be believed.</summary>
    AnswerInvalid,

    /// <summary>We have no key to sign the request with, or no certificate to check the answer with.</summary>
    Misconfigured,

    /// <summary>It can be reached by the user's browser only, and none takes part.</summary>
    NeedsBrowser,
}
