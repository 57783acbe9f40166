using Microsoft.Extensions.Logging;

namespace Latchkey.Saml.AspNetCore;

/// <summary>What the handler writes to the log. The numbers are stable.</summary>
internal static partial class LoggingExtensions
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "Scheme {Scheme}: metadata of the identity provider {EntityId} read from {Location}; SHA-256 of its signing certificates: {Certificates}.",
        EventName = "MetadataLoaded"
    )]
    public static partial void MetadataLoaded(
        this ILogger logger,
        string scheme,
        string entityId,
        string location,
        string certificates
    );

    [LoggerMessage(
        2,
        LogLevel.Warning,
        "Scheme {Scheme}: the metadata from {Location} was not taken over; what was known before stays in use. {Reason}",
        EventName = "MetadataFailed"
    )]
    public static partial void MetadataFailed(
        this ILogger logger,
        string scheme,
        string location,
        string reason
    );

    [LoggerMessage(
        3,
        LogLevel.Warning,
        "Scheme {Scheme}: the identity provider {EntityId} changed its signing certificates in its metadata. SHA-256 before: {Before}; now: {Now}.",
        EventName = "IdentityProviderKeysChanged"
    )]
    public static partial void IdentityProviderKeysChanged(
        this ILogger logger,
        string scheme,
        string entityId,
        string before,
        string now
    );

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "Scheme {Scheme}: the identity provider {EntityId} wants signed requests (WantAuthnRequestsSigned), but no SigningKey is set.",
        EventName = "SignedRequestsWanted"
    )]
    public static partial void SignedRequestsWanted(
        this ILogger logger,
        string scheme,
        string entityId
    );

    [LoggerMessage(
        5,
        LogLevel.Debug,
        "Scheme {Scheme}: browser sent to {Destination} with request {RequestId}.",
        EventName = "RedirectToIdentityProvider"
    )]
    public static partial void RedirectToIdentityProvider(
        this ILogger logger,
        string scheme,
        string destination,
        string requestId
    );

    [LoggerMessage(
        6,
        LogLevel.Information,
        "Scheme {Scheme}: assertion {AssertionId} of {Issuer} accepted; unsolicited: {Unsolicited}.",
        EventName = "AssertionAccepted"
    )]
    public static partial void AssertionAccepted(
        this ILogger logger,
        string scheme,
        string assertionId,
        string issuer,
        bool unsolicited
    );

    [LoggerMessage(
        7,
        LogLevel.Warning,
        "Scheme {Scheme}: response refused. {Findings}",
        EventName = "ResponseRefused"
    )]
    public static partial void ResponseRefused(this ILogger logger, string scheme, string findings);

    [LoggerMessage(
        8,
        LogLevel.Warning,
        "Scheme {Scheme}: accepted with remarks. {Findings}",
        EventName = "ResponseRemarks"
    )]
    public static partial void ResponseRemarks(this ILogger logger, string scheme, string findings);

    [LoggerMessage(
        9,
        LogLevel.Warning,
        "Scheme {Scheme}: the user saw a refusal with the reference {Reference}. {Reason}",
        EventName = "RefusalShown"
    )]
    public static partial void RefusalShown(
        this ILogger logger,
        string scheme,
        string reference,
        string reason
    );

    [LoggerMessage(
        10,
        LogLevel.Warning,
        "Scheme {Scheme}: the return address was not a path of this application and was replaced by '/'.",
        EventName = "ReturnAddressRefused"
    )]
    public static partial void ReturnAddressRefused(this ILogger logger, string scheme);

    [LoggerMessage(
        11,
        LogLevel.Error,
        "Scheme {Scheme}: the user signed in {Count} times within a minute and was sent to sign in again each time; stopped with the reference {Reference}. The application does not keep the sign-in (cookie refused or too large) or does not accept it. Attributes that did not arrive: {Missing}.",
        EventName = "LoopStopped"
    )]
    public static partial void LoopStopped(
        this ILogger logger,
        string scheme,
        int count,
        string reference,
        string missing
    );

    [LoggerMessage(
        12,
        LogLevel.Information,
        "Scheme {Scheme}: a response arrived without the cookie of a sign-in started in this browser.",
        EventName = "NothingPending"
    )]
    public static partial void NothingPending(this ILogger logger, string scheme);

    [LoggerMessage(
        13,
        LogLevel.Information,
        "Scheme {Scheme}: the browser is sent to {Address} with the LogoutRequest {RequestId}.",
        EventName = "RedirectForSignOut"
    )]
    public static partial void RedirectForSignOut(
        this ILogger logger,
        string scheme,
        string address,
        string requestId
    );

    [LoggerMessage(
        14,
        LogLevel.Information,
        "Scheme {Scheme}: the user was signed out here only. There is no signing key, no single logout at the identity provider, or no sign-in by this scheme.",
        EventName = "SignedOutHere"
    )]
    public static partial void SignedOutHere(this ILogger logger, string scheme);

    [LoggerMessage(
        15,
        LogLevel.Information,
        "Scheme {Scheme}: the LogoutRequest {RequestId} was answered: {Status}.",
        EventName = "SignedOut"
    )]
    public static partial void SignedOut(
        this ILogger logger,
        string scheme,
        string requestId,
        string status
    );

    [LoggerMessage(
        16,
        LogLevel.Information,
        "Scheme {Scheme}: the identity provider asked by the LogoutRequest {RequestId} that the user be signed out; success: {Success}.",
        EventName = "RemoteSignOut"
    )]
    public static partial void RemoteSignOut(
        this ILogger logger,
        string scheme,
        string requestId,
        bool success
    );

    [LoggerMessage(
        17,
        LogLevel.Warning,
        "Scheme {Scheme}: a logout message was refused. {Findings}",
        EventName = "LogoutRefused"
    )]
    public static partial void LogoutRefused(this ILogger logger, string scheme, string findings);
}
