using System.Net.Http.Headers;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.SingleLogout;

/// <summary>
/// Asks a service provider by SOAP to end a user's session (saml-bindings-2.0 §3.2). The address is checked as one of
/// metadata is: it may not lead into our own network (rule M1).
/// </summary>
internal sealed class BackChannel(LogoutRequests requests, LogoutIntake intake, FetchRules fetch)
    : IDisposable
{
    /// <summary>How long one service provider may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private const int LongestAnswer = 256 * 1024;

    private readonly HttpClient _client = new(MetadataFetch.Guarded(fetch))
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LongestAnswer,
    };

    public async Task<BackChannelResult> AskAsync(
        Logout logout,
        LogoutParticipant participant,
        CancellationToken ct
    )
    {
        var runtime = await requests.RuntimeAsync(participant.ApplicationId, ct);
        if (
            runtime is null
            || !LogoutRequests.CanAsk(runtime)
            || LogoutEndpoints.Back(runtime.Application) is not { } address
            || (
                !fetch.AllowLoopback
                && !address.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
            )
        )
            return new(runtime, LogoutFailure.Misconfigured);
        var request = requests.Make(runtime, logout, participant, address);
        var envelope = MessageWriter.ToSoap(
            request,
            runtime.SigningKey,
            runtime.SignatureAlgorithm
        );
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Timeout);
        try
        {
            var answer = await SendAsync(address, envelope, deadline.Token);
            return Read(runtime, request, answer);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(runtime, LogoutFailure.NoAnswer);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new(runtime, LogoutFailure.Unreachable, Said: e.Message);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<byte[]> SendAsync(string address, byte[] envelope, CancellationToken ct)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, address);
        message.Content = new ByteArrayContent(envelope);
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "utf-8");
        message.Headers.Add("SOAPAction", "\"http://www.oasis-open.org/committees/security\"");
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("Latchkey", null));
        using var response = await _client.SendAsync(message, ct);
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        // A fault comes with status 500 and says more than the status.
        if (!response.IsSuccessStatusCode && body.Length == 0)
            response.EnsureSuccessStatusCode();
        return body;
    }

    private BackChannelResult Read(ApplicationRuntime runtime, LogoutRequest request, byte[] answer)
    {
        var verdict = intake.Response(IncomingMessage.FromSoap(answer), runtime, request.Id);
        if (!verdict.Accepted)
        {
            var isMessage = verdict.Findings.Any(f =>
                f.Kind.Rule is not ("X1" or "X2" or "X3" or "X4")
                && f.Kind != FindingKinds.SoapFault
                && f.Kind != FindingKinds.SoapExpected
            );
            return new(
                runtime,
                isMessage ? LogoutFailure.AnswerInvalid : LogoutFailure.Unreachable,
                verdict.Findings
            );
        }
        return ParticipantAnswer.Of(verdict.Value.Message.Status) is { } failure
            ? new(runtime, failure, Said: ParticipantAnswer.Text(verdict.Value.Message.Status))
            : new(runtime, Failure: null);
    }
}

/// <param name="Runtime">The application; null if it is gone.</param>
/// <param name="Failure">Null when the user is signed out there.</param>
/// <param name="Findings">What is wrong with the answer.</param>
/// <param name="Said">What the service provider or the network said of it.</param>
internal sealed record BackChannelResult(
    ApplicationRuntime? Runtime,
    LogoutFailure? Failure,
    IReadOnlyList<Finding>? Findings = null,
    string? Said = null
)
{
    /// <summary>Whether the same may go better in a while.</summary>
    public bool MayGoBetter => Failure is LogoutFailure.NoAnswer or LogoutFailure.Unreachable;
}

/// <summary>What a participant's LogoutResponse means.</summary>
internal static class ParticipantAnswer
{
    /// <summary>Null when the user is signed out there, and with everybody behind it.</summary>
    public static LogoutFailure? Of(SamlStatus status) =>
        status is { Succeeded: true, IsPartialLogout: false } ? null : LogoutFailure.Refused;

    /// <summary>The status as it is kept in an event.</summary>
    public static string Text(SamlStatus status) =>
        string.Join(
            ' ',
            new[] { status.Code, status.SubCode, status.Message }.Where(part =>
                !string.IsNullOrEmpty(part)
            )
        );
}
