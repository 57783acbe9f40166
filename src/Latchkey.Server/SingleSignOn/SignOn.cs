using System.Buffers;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;
using StatusCodes = Latchkey.Saml.Protocol.StatusCodes;

namespace Latchkey.Server.SingleSignOn;

/// <summary>
/// The middle of a sign-in: from an accepted request, or none when we started it, to the answer. Knows neither how the
/// request came nor how the answer leaves, and is asked again after each step that somebody had to take.
/// </summary>
internal sealed class SignOn(
    NameIds nameIds,
    Managers managers,
    GroupCommit commits,
    SignInLimits options,
    IdSource ids,
    TimeProvider time
)
{
    private const int UsualFormLength = 16 * 1024;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Service providers whose clock is behind ours refuse an assertion from the future.</summary>
    private static readonly TimeSpan s_behind = TimeSpan.FromMinutes(1);

    public async Task<SignOnAnswer> AnswerAsync(SignOnAsk ask, CancellationToken ct)
    {
        var (runtime, request, record) = (ask.Runtime, ask.Request?.Message, ask.Record);
        var application = runtime.Application;
        record.Application = application;
        record.User = ask.Session?.User;

        if (!application.Active)
        {
            return await RefuseAsync(
                ask,
                RefusalKind.InactiveApplication,
                new Finding(SignOnFindings.ApplicationInactive)
            );
        }
        if (runtime.SigningKey is null)
        {
            return await RefuseAsync(
                ask,
                RefusalKind.Misconfigured,
                new Finding(SignOnFindings.SigningKeyMissing)
            );
        }
        if (
            request?.ProtocolBinding is { } binding
            && !string.Equals(binding, SamlBindings.Post, StringComparison.Ordinal)
        )
        {
            return await RefuseAsync(
                ask,
                RefusalKind.RequestRefused,
                new Finding(FindingKinds.ConsumerServiceBindingUnknown, SamlBindings.Post, binding)
            );
        }
        var (consumer, where) = Consumer(runtime, request);
        if (consumer is null)
            return await RefuseAsync(ask, RefusalKind.RequestRefused, [.. where]);

        if (AuthnContexts.Choose(request?.RequestedAuthnContext) is not { } context)
        {
            return await ErrorAsync(
                ask,
                consumer,
                StatusCodes.Responder,
                StatusCodes.NoAuthnContext,
                new Finding(
                    SignOnFindings.AuthnContextUnmet,
                    AuthnContexts.Choose(null),
                    string.Join(' ', request!.RequestedAuthnContext!.ClassRefs)
                )
            );
        }
        if (NameIds.ChooseFormat(application, request?.NameIdPolicy) is not { } format)
        {
            return await ErrorAsync(
                ask,
                consumer,
                StatusCodes.Requester,
                StatusCodes.InvalidNameIdPolicy,
                new Finding(
                    SignOnFindings.NameIdPolicyUnmet,
                    application.NameIdFormat,
                    request!.NameIdPolicy!.Format ?? request.NameIdPolicy.SpNameQualifier
                )
            );
        }
        if (ask.Session is not { } session || (request?.ForceAuthn == true && !ask.ProvedForThis))
        {
            if (request?.IsPassive != true)
                return new SignOnAnswer.SignInNeeded();
            return await ErrorAsync(
                ask,
                consumer,
                StatusCodes.Responder,
                StatusCodes.NoPassive,
                new Finding(SignOnFindings.NotSignedIn)
            );
        }

        if (ask.Groups.Count == 0)
        {
            var finding = new Finding(SignOnFindings.AccessDenied, Found: session.User.Username);
            record.Add(
                EventTypes.SamlDecision,
                success: false,
                finding.Code,
                new { decision = "deny" }
            );
            record.Add(
                EventTypes.SsoAuth,
                success: false,
                finding.Code,
                new { idp_initiated = ask.Request is null }
            );
            // The page says more than any service provider would; unless no page may be shown.
            return request?.IsPassive == true
                ? await ErrorAsync(
                    ask,
                    consumer,
                    StatusCodes.Responder,
                    StatusCodes.RequestDenied,
                    finding
                )
                : await RefuseAsync(ask, RefusalKind.Denied, finding);
        }
        record.Add(
            EventTypes.SamlDecision,
            success: true,
            details: new { decision = "allow", groups = ask.Groups }
        );
        var manager = await managers.EmailAsync(application, session.User, ct);
        var nameId = await nameIds.MakeAsync(application, session.User, format, manager, ct);
        if (nameId is null)
        {
            return await RefuseAsync(
                ask,
                RefusalKind.Misconfigured,
                new Finding(
                    SignOnFindings.NameIdEmpty,
                    application.NameIdSource,
                    Found: "",
                    At: session.User.Username
                )
            );
        }
        return await IssueAsync(
            ask,
            session,
            consumer,
            nameId,
            context,
            AttributeRelease.For(application, session.User, ask.Groups, manager)
        );
    }

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

    private static (IndexedEndpoint? Consumer, IReadOnlyList<Finding> Findings) Consumer(
        ApplicationRuntime runtime,
        AuthnRequest? request
    )
    {
        if (request is not null)
        {
            var verdict = AssertionConsumerServices.Resolve(request, runtime.Consumers);
            return (verdict.Value, verdict.Findings);
        }
        var standard = AssertionConsumerServices.Default(runtime.Consumers);
        return (standard, standard is null ? [new Finding(FindingKinds.ConsumerServiceNone)] : []);
    }

    private async Task<SignOnAnswer> IssueAsync(
        SignOnAsk ask,
        CurrentSession session,
        IndexedEndpoint consumer,
        NameId nameId,
        string context,
        IReadOnlyList<SamlAttribute> attributes
    )
    {
        var (application, record) = (ask.Runtime.Application, ask.Record);
        var now = time.GetUtcNow();
        var response = new ResponseToIssue
        {
            Id = ids.Next(),
            IssueInstant = now,
            Issuer = application.IdpEntityId,
            Destination = consumer.Location,
            InResponseTo = ask.Request?.Message.Id,
            Assertion = new()
            {
                Id = ids.Next(),
                Audience = application.SpEntityId,
                NameId = nameId,
                NotBefore = now - s_behind,
                NotOnOrAfter = now + s_lifetime,
                AuthnInstant = session.Session.AuthnInstant,
                SessionIndex = ids.Next(),
                AuthnContextClassRef = context,
                Attributes = attributes,
            },
        };
        var form = new ArrayBufferWriter<byte>(UsualFormLength);
        try
        {
            ResponseWriter.WriteFormValue(
                response,
                ask.Runtime.SigningKey!,
                application.Sign,
                application.SignatureAlgorithm,
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
                name_id = nameId.Value,
                name_id_format = nameId.Format,
                session_index = response.Assertion.SessionIndex,
                session_id = session.Session.Id,
                authn_context = context,
                attributes = response.Assertion.Attributes.Select(a => a.Name),
            }
        );
        record.Add(
            EventTypes.SsoAuth,
            success: true,
            details: new { idp_initiated = ask.Request is null }
        );
        var committed = await commits.SubmitAsync(
            new()
            {
                Events = record.Events,
                Participant = new()
                {
                    SessionId = session.Session.Id,
                    ApplicationId = application.Id,
                    SpEntityId = application.SpEntityId,
                    SessionIndex = response.Assertion.SessionIndex,
                    NameId = nameId.Value,
                    NameIdFormat = nameId.Format,
                    CreatedAt = now,
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
    private async Task<SignOnAnswer> ErrorAsync(
        SignOnAsk ask,
        IndexedEndpoint consumer,
        string status,
        string subStatus,
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
                + RequestIntake.ClockSkew
                + options.StateLifetime,
        };
    }
}

/// <summary>Everything an answer depends on.</summary>
/// <param name="Runtime">The application.</param>
/// <param name="Request">What was asked; null when we start.</param>
/// <param name="Session">Who is signed in, if anybody.</param>
/// <param name="Groups">Which of the user's groups the application is granted to.</param>
/// <param name="ProvedForThis">Whether somebody proved who they are since this was asked (rule I7).</param>
/// <param name="Record">The events so far.</param>
internal sealed record SignOnAsk(
    ApplicationRuntime Runtime,
    AcceptedRequest? Request,
    CurrentSession? Session,
    IReadOnlyList<string> Groups,
    bool ProvedForThis,
    SignOnRecord Record
);
