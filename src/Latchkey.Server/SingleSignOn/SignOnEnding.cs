using System.Buffers;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;

namespace Latchkey.Server.SingleSignOn;

/// <summary>
/// How a sign-in ends: by a Response with an assertion, by one that says why there is none, or by a page of ours. What
/// is told of it, whom it reached and which request it answered are durable before anything leaves.
/// </summary>
internal sealed class SignOnEnding(
    ResponseComposer composer,
    GroupCommit commits,
    SignInLimits options,
    IdSource ids,
    TimeProvider time
)
{
    private const int UsualFormLength = 16 * 1024;

    /// <summary>Refuses with a page of ours, and keeps why.</summary>
    public async Task<SignOnAnswer> RefuseAsync(
        SignOnAsk ask,
        RefusalKind kind,
        params IReadOnlyList<Finding> findings
    )
    {
        ask.Record.Add(
            EventTypes.SamlResponseRefused,
            success: false,
            findings.Count > 0 ? findings[0].Code : null,
            new { findings = SignOnRecord.Show(findings) }
        );
        await commits.SubmitAsync(new() { Events = ask.Record.Events }, CancellationToken.None);
        return new SignOnAnswer.Refused(
            new(kind, ask.Record.ReferenceCode, ask.Runtime.Application.Label)
        );
    }

    /// <summary>Signs a Response and hands it over.</summary>
    public async Task<SignOnAnswer> IssueAsync(
        SignOnAsk ask,
        CurrentSession session,
        IndexedEndpoint consumer,
        SaidOfUser said
    )
    {
        var (application, record) = (ask.Runtime.Application, ask.Record);
        var response = composer.Compose(
            ask.Runtime,
            consumer,
            ask.Request?.Message.Id,
            said,
            session.Session.AuthnInstant,
            session.Session.ExpiresAt
        );
        var form = new ArrayBufferWriter<byte>(UsualFormLength);
        try
        {
            ResponseWriter.WriteFormValue(
                response,
                ask.Runtime.SigningKey!,
                application.Sign,
                ask.Runtime.SignatureAlgorithm,
                form
            );
        }
        catch (ArgumentException e)
        {
            return await RefuseAsync(
                ask,
                RefusalKind.Misconfigured,
                new Finding(SignOnFindings.CharactersUnwritable, Found: e.Message)
            );
        }
        record.Add(
            EventTypes.SamlResponseIssued,
            success: true,
            details: new
            {
                response.Id,
                assertion_id = response.Assertion.Id,
                in_response_to = response.InResponseTo,
                destination = response.Destination,
                name_id = said.NameId.Value,
                name_id_format = said.NameId.Format,
                session_index = response.Assertion.SessionIndex,
                session_id = session.Session.Id,
                authn_context = said.AuthnContextClassRef,
                methods = AuthnMethods.Read(session.Session.Methods),
                encrypted = response.Encryption is null ? (bool?)null : true,
                attributes = response.Assertion.Attributes.Select(a => a.Name),
            }
        );
        var committed = await commits.SubmitAsync(
            new()
            {
                Events = [record.Whole(idpInitiated: ask.Request is null)],
                Participant = new()
                {
                    SessionId = session.Session.Id,
                    ApplicationId = application.Id,
                    SpEntityId = application.SpEntityId,
                    SessionIndex = response.Assertion.SessionIndex,
                    NameId = said.NameId.Value,
                    NameIdFormat = said.NameId.Format,
                    NameQualifier = said.NameId.NameQualifier,
                    SpNameQualifier = said.NameId.SpNameQualifier,
                    CreatedAt = response.IssueInstant,
                },
                Answered = Answered(ask),
            },
            CancellationToken.None
        );
        return committed.AlreadyAnswered
            ? await RepeatedAsync(ask)
            : new SignOnAnswer.Respond(
                consumer.Location,
                form.WrittenMemory,
                ask.Request is { } request ? request.RelayState : application.DefaultRelayState,
                application.Label
            );
    }

    /// <summary>Tells the service provider, at its registered address, why there is no assertion (IIP-IDP05).</summary>
    public async Task<SignOnAnswer> ErrorAsync(
        SignOnAsk ask,
        IndexedEndpoint consumer,
        string status,
        string? subStatus,
        Finding finding
    )
    {
        var application = ask.Runtime.Application;
        var response = new ErrorResponse
        {
            Id = ids.Next(),
            IssueInstant = time.GetUtcNow(),
            Issuer = application.IdpEntityId,
            Destination = consumer.Location,
            InResponseTo = ask.Request!.Message.Id,
            Status = status,
            SubStatus = subStatus,
            Message = finding.Kind.Title,
        };
        ask.Record.Add(
            EventTypes.SamlResponseIssued,
            success: false,
            finding.Code,
            new
            {
                response.Id,
                in_response_to = response.InResponseTo,
                destination = response.Destination,
                status,
                sub_status = subStatus,
                findings = SignOnRecord.Show([finding]),
            }
        );
        var committed = await commits.SubmitAsync(
            new() { Events = ask.Record.Events, Answered = Answered(ask) },
            CancellationToken.None
        );
        return committed.AlreadyAnswered
            ? await RepeatedAsync(ask)
            : new SignOnAnswer.Respond(
                consumer.Location,
                Encoding.ASCII.GetBytes(
                    Convert.ToBase64String(ResponseWriter.WriteError(response))
                ),
                ask.Request.RelayState,
                application.Label
            );
    }

    private async Task<SignOnAnswer> RepeatedAsync(SignOnAsk ask)
    {
        var finding = new Finding(SignOnFindings.AlreadyAnswered, Found: ask.Request!.Message.Id);
        var repeated = new SignOnRecord(ask.Record);
        return await RefuseAsync(
            ask with
            {
                Record = repeated,
            },
            RefusalKind.AlreadyAnswered,
            finding
        );
    }

    /// <summary>Remembered for as long as the same message could pass its checks again, and somebody then take their time to sign in.</summary>
    private AnsweredRequest? Answered(SignOnAsk ask)
    {
        if (ask.Request is not { } request)
            return null;
        return new()
        {
            ApplicationId = ask.Runtime.Application.Id,
            RequestId = request.Message.Id,
            ExpiresAt =
                request.Message.IssueInstant
                + RequestIntake.MaximumAge
                + TimeSpan.FromSeconds(ask.Runtime.Application.ClockSkewSeconds)
                + options.StateLifetime,
        };
    }
}
