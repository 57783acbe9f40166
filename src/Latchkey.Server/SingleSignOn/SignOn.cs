using Latchkey.Saml.Findings;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using StatusCodes = Latchkey.Saml.Protocol.StatusCodes;

namespace Latchkey.Server.SingleSignOn;

/// <summary>
/// The middle of a sign-in: from an accepted request, or none when we started it, to the answer. Knows neither how the
/// request came nor how the answer leaves, and is asked again after each step that somebody had to take.
/// </summary>
internal sealed class SignOn(
    NameIds nameIds,
    UserFactsReader people,
    SignOnEnding ending,
    FollowedValidity validity
)
{
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
        if (await validity.IsOverAsync(application.Id, runtime.MetadataValidUntil, ct))
        {
            return await ending.RefuseAsync(
                ask,
                RefusalKind.Misconfigured,
                new Finding(SignOnFindings.MetadataOver)
            );
        }
        if (runtime.SigningKey is null || runtime.EncryptionImpossible)
        {
            return await FailAsync(
                ask,
                RefusalKind.Misconfigured,
                new Finding(
                    runtime.SigningKeyUnusable ? SignOnFindings.SigningKeyUnusable
                    : runtime.SigningKey is null ? SignOnFindings.SigningKeyMissing
                    : SignOnFindings.EncryptionKeyUnusable
                )
            );
        }
        if (
            request?.ProtocolBinding is { } binding
            && !string.Equals(binding, SamlBindings.Post, StringComparison.Ordinal)
        )
        {
            return await ending.RefuseAsync(
                ask,
                RefusalKind.RequestRefused,
                new Finding(FindingKinds.ConsumerServiceBindingUnknown, SamlBindings.Post, binding)
            );
        }
        var (consumer, where) = Consumer(runtime, request);
        if (consumer is null)
            return await ending.RefuseAsync(ask, RefusalKind.RequestRefused, [.. where]);

        if (request?.Scoping is { } scoping && !scoping.Allows(application.IdpEntityId))
        {
            return await ending.ErrorAsync(
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
            return await ending.ErrorAsync(
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
            return await ending.ErrorAsync(
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
                return Needed(ask, StepUp.Everything);
            return await ending.ErrorAsync(
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
                ? await ending.ErrorAsync(
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
                return Needed(ask, stepUp);
            return await ending.ErrorAsync(
                ask,
                consumer,
                StatusCodes.Responder,
                StatusCodes.NoPassive,
                new Finding(
                    stepUp == StepUp.SecondFactor
                        ? SignOnFindings.SecondFactorMissing
                        : SignOnFindings.NotSignedIn
                )
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
            AuthnMethods.Stated(methods ?? []),
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
                return await ending.ErrorAsync(
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
                : await ending.IssueAsync(
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

    private static SignOnAnswer.SignInNeeded Needed(SignOnAsk ask, StepUp missing) =>
        new(missing)
        {
            PasskeyServes = StepUps.PasskeyServes(
                ask.Request?.Message.RequestedAuthnContext,
                ask.Runtime.Application.AuthnContext
            ),
            SecondFactorDemanded = ask.Runtime.RequiresSecondFactor,
        };

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
            return ending.ErrorAsync(
                ask,
                consumer,
                StatusCodes.Responder,
                kind == RefusalKind.Denied ? StatusCodes.RequestDenied : null,
                finding
            );
        }
        return ending.RefuseAsync(ask, kind, finding);
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
}
