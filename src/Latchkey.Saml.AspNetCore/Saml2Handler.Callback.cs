using Latchkey.Saml.AspNetCore.Events;
using Latchkey.Saml.AspNetCore.IdentityProviders;
using Latchkey.Saml.AspNetCore.Pending;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Responses;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Latchkey.Saml.AspNetCore;

/// <content>What happens when a Response arrives.</content>
public sealed partial class Saml2Handler
{
    /// <inheritdoc/>
    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        var form = await ResponseForm.ReadAsync(Request, Options.MessageLimits);
        if (form.SamlResponse is null)
        {
            return Refuse([form.Problem!], null);
        }

        var now = TimeProvider.GetUtcNow();
        var properties = Pending.Take(form.RelayState, now, BrowserUsesHttps);
        var pending = properties is null ? null : PendingRequest.Take(properties);
        if (pending is null)
        {
            properties = new AuthenticationProperties();
            Logger.NothingPending(Scheme.Name);
        }

        var received = new MessageReceivedContext(
            Context,
            Scheme,
            Options,
            properties,
            form.SamlResponse,
            form.RelayState
        );
        await Events.MessageReceived(received);
        if (received.Result is { } answer)
        {
            return answer;
        }

        if (pending is not null && now >= pending.SentAt + Options.RemoteAuthenticationTimeout)
        {
            return Refuse([new Finding(FindingKinds.RequestExpired)], properties);
        }

        var verdict = await ValidateAsync(form.SamlResponse, pending, now);
        if (!verdict.Accepted)
        {
            return Refuse(verdict.Findings, properties);
        }

        var findings = await CheckAsync(verdict.Value, pending, now);
        if (findings.Count > 0)
        {
            return Refuse([.. verdict.Findings, .. findings], properties);
        }

        if (verdict.Findings.Count > 0)
        {
            Logger.ResponseRemarks(Scheme.Name, LogText.Of(verdict.Findings));
        }

        return await AcceptAsync(verdict.Value, properties!, pending, form.RelayState, now);
    }

    private async Task<Verdict<VerifiedAssertion>> ValidateAsync(
        string samlResponse,
        PendingRequest? pending,
        DateTimeOffset now
    )
    {
        var source = Options.IdentityProviderSource!;
        var identityProvider = await source.GetAsync(Context.RequestAborted);
        var verdict = ResponseValidator.Validate(
            samlResponse,
            Rules(identityProvider, pending, now)
        );

        // A new key at the identity provider shows as a signature that no known key verifies. Only a sign-in that
        // this browser started may cause a fetch, and the source allows few.
        var unknownKey =
            !verdict.Accepted
            && verdict.Findings.Any(f =>
                f.Kind == FindingKinds.SignatureInvalid || f.Kind == FindingKinds.NoVerificationKey
            );
        if (unknownKey && pending is not null && await source.RefreshAsync(Context.RequestAborted))
        {
            identityProvider = await source.GetAsync(Context.RequestAborted);
            verdict = ResponseValidator.Validate(
                samlResponse,
                Rules(identityProvider, pending, now)
            );
        }

        return verdict;
    }

    // The identity provider is the one the request went to; when it was exchanged meanwhile, its answer is refused.
    private ResponseRules Rules(
        Saml2IdentityProvider identityProvider,
        PendingRequest? pending,
        DateTimeOffset now
    ) =>
        new()
        {
            ServiceProviderEntityId = Options.EntityId!,
            AssertionConsumerServiceUrl =
                pending?.AssertionConsumerServiceUrl ?? AssertionConsumerServiceUrl,
            IdentityProviderEntityId = pending?.IdentityProvider ?? identityProvider.EntityId,
            Keys =
                pending is null || pending.IdentityProvider == identityProvider.EntityId
                    ? identityProvider.Keys
                    : [],
            RequestId = pending?.RequestId,
            AllowUnsolicited = Options.AllowUnsolicited,
            RequiredSignatures = Options.RequiredSignatures,
            Now = now,
            ClockSkew = Options.ClockSkew,
            Limits = Options.MessageLimits,
        };

    // The rules that need a store or the application's wishes. What is used up is used up only by a message that
    // passes everything else, so that nobody can use up what is another's.
    private async Task<IReadOnlyList<Finding>> CheckAsync(
        VerifiedAssertion assertion,
        PendingRequest? pending,
        DateTimeOffset now
    )
    {
        var findings = new List<Finding>();
        if (
            pending is { ForceAuthn: true }
            && assertion.AuthnInstant < pending.SentAt - Options.ClockSkew
        )
        {
            findings.Add(
                new(
                    FindingKinds.AuthnNotFresh,
                    $"at or after {pending.SentAt:O}",
                    $"{assertion.AuthnInstant:O}",
                    "saml:AuthnStatement, @AuthnInstant"
                )
            );
        }

        findings.AddRange(
            PrincipalFactory
                .Missing(assertion, Options)
                .Where(row => row.Required)
                .Select(row => new Finding(
                    FindingKinds.AttributeNotSent,
                    row.Attribute,
                    At: "saml:AttributeStatement"
                ))
        );
        if (findings.Count > 0)
        {
            return findings;
        }

        var timeout = Options.RemoteAuthenticationTimeout;
        if (
            pending is not null
            && !await FirstUseAsync("request", pending.RequestId, pending.SentAt + timeout)
        )
        {
            findings.Add(
                new(
                    FindingKinds.RequestAnswered,
                    "a request that was not answered yet",
                    pending.RequestId,
                    "samlp:Response, @InResponseTo"
                )
            );
        }
        else if (
            !await FirstUseAsync(
                assertion.Issuer,
                assertion.Id,
                assertion.NotOnOrAfter + Options.ClockSkew
            )
        )
        {
            findings.Add(
                new(
                    FindingKinds.AssertionReplayed,
                    "an assertion that was not used before",
                    assertion.Id,
                    "saml:Assertion, @ID"
                )
            );
        }

        return findings;
    }

    private ValueTask<bool> FirstUseAsync(string kind, string id, DateTimeOffset expires) =>
        _replayCache.TryAddAsync(
            LogText.Key(Scheme.Name, kind, id),
            expires,
            Context.RequestAborted
        );

    private async Task<HandleRequestResult> AcceptAsync(
        VerifiedAssertion assertion,
        AuthenticationProperties properties,
        PendingRequest? pending,
        string? relayState,
        DateTimeOffset now
    )
    {
        // Without a request there is no state of ours; RelayState may then name a page of this application.
        properties.RedirectUri ??= LocalAddress.ToPath(relayState, Origin) ?? HomePath;
        Saml2Session.Write(properties, assertion);
        CapSession(properties, assertion, now);

        var context = new AssertionValidatedContext(
            Context,
            Scheme,
            Options,
            properties,
            assertion,
            PrincipalFactory.Create(assertion, Options, Scheme.Name)
        );
        await Events.AssertionValidated(context);
        if (context.Result is { } answer)
        {
            return answer;
        }

        Logger.AssertionAccepted(
            Scheme.Name,
            LogText.Of(assertion.Id),
            LogText.Of(assertion.Issuer),
            pending is null
        );
        Loop.Add(
            properties.RedirectUri,
            PrincipalFactory.Missing(assertion, Options).Select(row => row.Attribute),
            now,
            BrowserUsesHttps
        );
        return HandleRequestResult.Success(
            new AuthenticationTicket(context.Principal!, context.Properties, Scheme.Name)
        );
    }

    // SessionNotOnOrAfter ends our session at the latest (rule P6): no longer than the cookie's own lifetime, and not
    // renewed beyond.
    private void CapSession(
        AuthenticationProperties properties,
        VerifiedAssertion assertion,
        DateTimeOffset now
    )
    {
        if (assertion.SessionNotOnOrAfter is not { } end)
        {
            return;
        }

        var lifetime = Context
            .RequestServices.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(SignInScheme)
            .ExpireTimeSpan;
        var ours = properties.ExpiresUtc ?? now + lifetime;
        properties.ExpiresUtc = end < ours ? end : ours;
        properties.AllowRefresh = false;
    }

    private HandleRequestResult Refuse(
        IReadOnlyList<Finding> findings,
        AuthenticationProperties? properties
    )
    {
        Logger.ResponseRefused(Scheme.Name, LogText.Of(findings));
        return HandleRequestResult.Fail(new Saml2ValidationException(findings), properties);
    }
}
