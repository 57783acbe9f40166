using System.Buffers;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Mapping;
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
    UserFactsReader people,
    ResponseComposer composer,
    GroupCommit commits,
    SignInLimits options,
    IdSource ids,
    TimeProvider time
)
{
    private const int UsualFormLength = 16 * 1024;

    public async Task<SignOnAnswer> AnswerAsync(SignOnAsk ask, CancellationToken ct)
    {
        var (runtime, request, record) = (ask.Runtime, ask.Request?.Message, ask.Record);
        var application = runtime.Application;
        record.Application = application;
        record.User = ask.Session?.User;

        if (!application.Active)
        {
            return await FailAsync(
                ask,
                RefusalKind.InactiveApplication,
                new Finding(SignOnFindings.ApplicationInactive)
            );
        }
        if (runtime.SigningKey is null || runtime.EncryptionImpossible)
        {
            return await FailAsync(
                ask,
                RefusalKind.Misconfigured,
                new Finding(
                    runtime.SigningKey is null
                        ? SignOnFindings.SigningKeyMissing
                        : SignOnFindings.EncryptionKeyUnusable
                )
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

        if (request?.Scoping is { } scoping && !scoping.Allows(application.IdpEntityId))
        {
            return await ErrorAsync(
                ask,
                consumer,
                StatusCodes.Responder,
                StatusCodes.NoSupportedIdp,
                new Finding(
                    SignOnFindings.OtherIdentityProviderWanted,
                    application.IdpEntityId,
                    string.Join(' ', scoping.IdentityProviders.Select(entry => entry.ProviderId))
                )
            );
        }
        var methods = ask.Session is { } known ? AuthnMethods.Read(known.Session.Methods) : null;
        var stepUp = StepUps.Judge(
            request?.RequestedAuthnContext,
            application.AuthnContext,
            methods,
            runtime.RequiresSecondFactor,
            ask.ProvedForThis,
            out var context
        );
        if (stepUp == StepUp.Impossible)
        {
            return await ErrorAsync(
                ask,
                consumer,
                StatusCodes.Responder,
                StatusCodes.NoAuthnContext,
                new Finding(
                    SignOnFindings.AuthnContextUnmet,
                    AuthnContexts.Choose(null, methods ?? [], application.AuthnContext),
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

        if (!ask.Access.Any)
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
                : await FailAsync(ask, RefusalKind.Denied, finding);
        }
        if (context is null || stepUp != StepUp.None)
        {
            if (request?.IsPassive != true)
                return new SignOnAnswer.SignInNeeded(stepUp == StepUp.SecondFactor);
            return await ErrorAsync(
                ask,
                consumer,
                StatusCodes.Responder,
                StatusCodes.NoPassive,
                new Finding(SignOnFindings.SecondFactorMissing)
            );
        }
        record.Add(
            EventTypes.SamlDecision,
            success: true,
            details: new
            {
                decision = "allow",
                groups = ask.Access.Groups,
                individually = ask.Access.Individually ? true : (bool?)null,
            }
        );
        var facts = await people.ReadAsync(
            application,
            runtime.Plan.Needs,
            session.User,
            ask.Access.Groups,
            methods ?? [],
            forReal: true,
            ct
        );
        try
        {
            var nameId = await nameIds.MakeAsync(application, runtime.Plan, facts, format, ct);
            if (
                nameId is not null
                && request?.Subject is { } wanted
                && !NameIds.Matches(wanted, nameId)
            )
            {
                return await ErrorAsync(
                    ask,
                    consumer,
                    StatusCodes.Responder,
                    StatusCodes.UnknownPrincipal,
                    new Finding(SignOnFindings.OtherUserWanted, wanted.Value, nameId.Value)
                );
            }
            return nameId is null
                ? await FailAsync(
                    ask,
                    RefusalKind.Misconfigured,
                    new Finding(
                        SignOnFindings.NameIdEmpty,
                        application.NameIdSource,
                        Found: "",
                        At: session.User.Username
                    )
                )
                : await IssueAsync(
                    ask,
                    session,
                    consumer,
                    new(nameId, context, runtime.Plan.Attributes(facts))
                );
        }
        catch (AttributeTooCostlyException e)
        {
            return await FailAsync(
                ask,
                RefusalKind.Misconfigured,
                new Finding(
                    SignOnFindings.AttributeTooCostly,
                    Found: e.Message,
                    At: session.User.Username
                )
            );
        }
    }

    /// <summary>Fails for a reason that lies here: by a page of ours, or, where the application is set so, by an answer to the service provider (J-24).</summary>
    private Task<SignOnAnswer> FailAsync(SignOnAsk ask, RefusalKind kind, Finding finding)
    {
        // Only a request that passed its checks has somebody to answer to, at a registered address.
        if (
            ask.Runtime.Application.AnswerFailures
            && ask.Request is { } request
            && Consumer(ask.Runtime, request.Message).Consumer is { } consumer
        )
        {
            return ErrorAsync(
                ask,
                consumer,
                StatusCodes.Responder,
                kind == RefusalKind.Denied ? StatusCodes.RequestDenied : null,
                finding
            );
        }
        return RefuseAsync(ask, kind, finding);
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
                    NameId = said.NameId.Value,
                    NameIdFormat = said.NameId.Format,
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
    private async Task<SignOnAnswer> ErrorAsync(
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
