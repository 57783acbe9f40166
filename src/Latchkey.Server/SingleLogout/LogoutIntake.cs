using Latchkey.Saml.Findings;
using Latchkey.Saml.Logout;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.SingleLogout;

/// <summary>Has logout messages checked against the application they came for (rule B3).</summary>
internal sealed class LogoutIntake(TimeProvider time)
{
    public Verdict<Received<LogoutRequest>> Request(
        IncomingMessage message,
        ApplicationRuntime runtime
    ) => LogoutRequestValidator.Validate(message, Rules(runtime));

    /// <param name="message">The message.</param>
    /// <param name="runtime">The application that was asked.</param>
    /// <param name="requestId">The ID of the request that waits for an answer.</param>
    public Verdict<Received<LogoutResponse>> Response(
        IncomingMessage message,
        ApplicationRuntime runtime,
        string requestId
    ) => LogoutResponseValidator.Validate(message, Rules(runtime) with { RequestId = requestId });

    /// <summary>Until when the same request has to be remembered so that it is not answered twice.</summary>
    public static AnsweredRequest Answered(ApplicationRuntime runtime, LogoutRequest request) =>
        new()
        {
            ApplicationId = runtime.Application.Id,
            RequestId = request.Id,
            ExpiresAt =
                request.IssueInstant
                + RequestIntake.MaximumAge
                // Once for its clock being ahead, once for it being behind.
                + (2 * TimeSpan.FromSeconds(runtime.Application.ClockSkewSeconds)),
        };

    private MessageRules Rules(ApplicationRuntime runtime) =>
        new()
        {
            PeerEntityId = runtime.Application.SpEntityId,
            Destination = runtime.LogoutAddress,
            Keys = runtime.RequestKeys,
            RequireSignature = true,
            Now = time.GetUtcNow(),
            ClockSkew = TimeSpan.FromSeconds(runtime.Application.ClockSkewSeconds),
            MaximumAge = RequestIntake.MaximumAge,
        };
}

/// <summary>A LogoutRequest that passed every check, with what has to be given back.</summary>
/// <param name="Binding">How it arrived, a URI of <see cref="SamlBindings"/>.</param>
/// <param name="Answered">Keeps it from being answered twice.</param>
internal sealed record AcceptedLogout(
    Guid ApplicationId,
    LogoutRequest Message,
    string? RelayState,
    string Binding,
    AnsweredRequest Answered
);
