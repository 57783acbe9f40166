using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Insights;
using Latchkey.Server.SingleSignOn;
using StatusCodes = Latchkey.Saml.Protocol.StatusCodes;

namespace Latchkey.Server.SingleLogout;

/// <summary>Answers the service provider that asked for a logout, always signed, at a registered address (rules B3 and I1).</summary>
internal sealed class LogoutAnswers(
    LogoutRequests requests,
    Logouts logouts,
    LogoutRecord records,
    FrontChannel front,
    IdSource ids,
    TimeProvider time
)
{
    /// <summary>How a logout went: the session here is over in any case; somebody left makes it partial (saml-core-2.0 §3.7.3.2).</summary>
    public static SamlStatus StatusOf(LogoutView view) =>
        view.Partial ? new(StatusCodes.Success, StatusCodes.PartialLogout) : SamlStatus.Success;

    /// <summary>Sends the browser back with the answer to a logout that is done.</summary>
    /// <returns>False when there is nobody to answer, or no way to: then it ends with a page of ours.</returns>
    public async Task<bool> ByBrowserAsync(HttpContext http, LogoutView view)
    {
        var logout = view.Logout;
        if (
            !view.Answerable
            || await requests.RuntimeAsync(logout.ApplicationId!.Value, http.RequestAborted)
                is not { } runtime
            || !CanAnswer(runtime, logout.RequestBinding)
            || !await logouts.AnswerAsync(logout.Id)
        )
            return false;
        var record = records.Of(http, logout, runtime.Application);
        await ByBrowserAsync(
            http,
            runtime,
            record,
            logout.RequestId!,
            logout.RequestBinding,
            logout.RelayState,
            StatusOf(view)
        );
        return true;
    }

    /// <summary>Whether the application that asked for a logout can be answered.</summary>
    public async Task<bool> CanAnswerAsync(LogoutView view, HttpContext http) =>
        view.Logout.ApplicationId is { } id
        && await requests.RuntimeAsync(id, http.RequestAborted) is { } runtime
        && CanAnswer(runtime, view.Logout.RequestBinding);

    /// <summary>Whether an answer can be signed and has a place to go.</summary>
    public static bool CanAnswer(ApplicationRuntime runtime, string? requestBinding) =>
        runtime.SigningKey is not null
        && LogoutEndpoints.Answer(runtime.Application, requestBinding) is not null;

    /// <summary>Sends the browser back with an answer.</summary>
    public async Task ByBrowserAsync(
        HttpContext http,
        ApplicationRuntime runtime,
        SignOnRecord record,
        string requestId,
        string? requestBinding,
        string? relayState,
        SamlStatus status
    )
    {
        var endpoint = LogoutEndpoints.Answer(runtime.Application, requestBinding)!;
        var response = Make(runtime, requestId, status, endpoint.Location);
        await KeepAsync(record, response, endpoint.Binding);
        await front.SendAsync(http, runtime, response, endpoint, relayState);
    }

    /// <summary>The answer to a request by SOAP, in its envelope.</summary>
    public async Task<byte[]> BySoapAsync(
        ApplicationRuntime runtime,
        SignOnRecord record,
        string requestId,
        SamlStatus status
    )
    {
        var response = Make(runtime, requestId, status, destination: null);
        await KeepAsync(record, response, SamlBindings.Soap);
        return MessageWriter.ToSoap(response, runtime.SigningKey, runtime.SignatureAlgorithm);
    }

    private LogoutResponse Make(
        ApplicationRuntime runtime,
        string requestId,
        SamlStatus status,
        string? destination
    ) =>
        new()
        {
            Id = ids.Next(),
            IssueInstant = time.GetUtcNow(),
            Issuer = runtime.Application.IdpEntityId,
            Destination = destination,
            InResponseTo = requestId,
            Status = status,
        };

    private async Task KeepAsync(SignOnRecord record, LogoutResponse response, string binding)
    {
        record.Add(
            EventTypes.SamlLogoutResponseIssued,
            success: response.Status is { Succeeded: true, IsPartialLogout: false },
            details: new
            {
                response.Id,
                in_response_to = response.InResponseTo,
                response.Destination,
                binding,
                status = response.Status.Code,
                sub_status = response.Status.SubCode,
            }
        );
        await records.CommitAsync(record);
    }
}
