using Latchkey.Saml.Findings;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Insights;
using Latchkey.Server.SingleSignOn;
using StatusCodes = Latchkey.Saml.Protocol.StatusCodes;

namespace Latchkey.Server.SingleLogout;

/// <summary>
/// A service provider asks that a user be signed out. Knows neither how the request came nor how the answer leaves: the
/// sessions it means end, and those who can be asked by SOAP are.
/// </summary>
internal sealed class RequestedLogout(
    SessionMatch match,
    LogoutStart start,
    BackChannelRounds rounds,
    Logouts logouts,
    LogoutRecord records,
    TimeProvider time
)
{
    public async Task<RequestedOutcome> RunAsync(
        HttpContext http,
        ApplicationRuntime runtime,
        Verdict<Received<LogoutRequest>> verdict,
        LogoutOrigin origin
    )
    {
        var application = runtime.Application;
        var record = new SignOnRecord(http, ReferenceCode.New(), time)
        {
            Application = application,
        };
        if (!verdict.Accepted)
        {
            record.Add(
                EventTypes.SamlLogoutRequestReceived,
                success: false,
                verdict.Findings[0].Code,
                new { findings = SignOnRecord.Show(verdict.Findings) }
            );
            await records.CommitAsync(record);
            return new(record, Refusal: RefusalKind.LogoutRefused);
        }
        var received = verdict.Value;
        var request = received.Message;
        var sessions = await match.FindAsync(application, request, http.RequestAborted);
        if (sessions is not null)
            record.Actor = (sessions.UserId, sessions.Username);
        var unknown = sessions is null ? new Finding(LogoutFindings.PrincipalUnknown) : null;
        record.Add(
            EventTypes.SamlLogoutRequestReceived,
            success: sessions is not null,
            unknown?.Code,
            new
            {
                request.Id,
                request.Issuer,
                request.IssueInstant,
                received.Binding,
                name_id = request.NameId.Value,
                name_id_format = request.NameId.Format,
                session_indexes = request.SessionIndexes,
                request.Reason,
                asynchronous = request.Asynchronous ? true : (bool?)null,
                findings = unknown is null
                    ? verdict.Findings.Count == 0
                        ? null
                        : SignOnRecord.Show(verdict.Findings)
                    : SignOnRecord.Show([unknown]),
            }
        );
        var accepted = new AcceptedLogout(
            application.Id,
            request,
            received.RelayState,
            received.Binding,
            LogoutIntake.Answered(runtime, request)
        );
        if (sessions is null)
        {
            await records.CommitAsync(record);
            return new(
                record,
                accepted,
                Status: new(StatusCodes.Requester, StatusCodes.UnknownPrincipal)
            );
        }
        var started = await start.FromRequestAsync(
            origin,
            accepted,
            sessions,
            record,
            // From here on it is done, whether or not the browser stays.
            CancellationToken.None
        );
        if (started is null)
        {
            var repeated = new SignOnRecord(http, record.ReferenceCode, time)
            {
                Application = application,
                Actor = record.Actor,
            };
            var finding = new Finding(LogoutFindings.AlreadyAnswered, Found: request.Id);
            repeated.Add(
                EventTypes.SamlLogoutRequestReceived,
                success: false,
                finding.Code,
                new { findings = SignOnRecord.Show([finding]) }
            );
            await records.CommitAsync(repeated);
            return new(repeated, Refusal: RefusalKind.LogoutRepeated);
        }
        await rounds.FirstAsync(http, started.Logout, started.Participants);
        return new(
            record,
            accepted,
            View: await logouts.ReadAsync(started.Logout.Id, CancellationToken.None)
        );
    }
}

/// <summary>What came of a LogoutRequest: a refusal, an answer to send at once, or a logout under way.</summary>
internal sealed record RequestedOutcome(
    SignOnRecord Record,
    AcceptedLogout? Request = null,
    RefusalKind? Refusal = null,
    SamlStatus? Status = null,
    LogoutView? View = null
);
