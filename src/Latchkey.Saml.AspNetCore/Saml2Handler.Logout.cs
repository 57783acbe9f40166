using Latchkey.Saml.AspNetCore.Events;
using Latchkey.Saml.AspNetCore.IdentityProviders;
using Latchkey.Saml.AspNetCore.Pending;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Logout;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using StatusCodes = Latchkey.Saml.Protocol.StatusCodes;

namespace Latchkey.Saml.AspNetCore;

/// <content>What happens when a logout message arrives, by HTTP-Redirect or HTTP-POST (rule B3).</content>
public sealed partial class Saml2Handler
{
    private const string AcceptedParameter = "accepted";
    private const string AcceptedPurpose = "saml2.logout.accepted";

    private static readonly TimeSpan AcceptedLifetime = TimeSpan.FromMinutes(2);

    private async Task HandleLogoutMessageAsync()
    {
        Response.Headers.CacheControl = "no-store";
        var source = Options.IdentityProviderSource!;
        var identityProvider = await source.GetAsync(Context.RequestAborted);
        if (HttpMethods.IsPost(Request.Method))
        {
            var form = await LogoutForm.ReadAsync(Request, Options.MessageLimits);
            if (form is null)
            {
                await RefuseLogoutAsync([new Finding(FindingKinds.FormFieldWrong)]);
            }
            else if (form.IsResponse)
            {
                await ResponseAsync(
                    IncomingMessage.FromForm(form.Fields),
                    form.RelayState,
                    identityProvider
                );
            }
            else
            {
                await RequestAsync(IncomingMessage.FromForm(form.Fields), identityProvider);
            }

            return;
        }

        var query = Request.QueryString.Value ?? "";
        if (Request.Query.ContainsKey("SAMLResponse"))
        {
            await ResponseAsync(
                IncomingMessage.FromRedirect(query),
                Request.Query["RelayState"],
                identityProvider
            );
        }
        else if (Request.Query[AcceptedParameter].ToString() is { Length: > 0 } accepted)
        {
            await AcceptedAsync(accepted, identityProvider);
        }
        else
        {
            await RequestAsync(IncomingMessage.FromRedirect(query), identityProvider);
        }
    }

    private async Task RequestAsync(IncomingMessage message, Saml2IdentityProvider identityProvider)
    {
        var now = TimeProvider.GetUtcNow();
        var verdict = LogoutRequestValidator.Validate(message, LogoutRules(identityProvider, now));
        if (!verdict.Accepted)
        {
            await RefuseLogoutAsync(verdict.Findings);
            return;
        }

        var request = verdict.Value.Message;
        if (
            !await FirstUseAsync(
                "logout",
                request.Id,
                request.IssueInstant + MessageAge + (2 * Options.ClockSkew)
            )
        )
        {
            await RefuseLogoutAsync([
                new Finding(
                    FindingKinds.RequestAnswered,
                    "a request that was not answered yet",
                    request.Id,
                    "samlp:LogoutRequest, @ID"
                ),
            ]);
            return;
        }

        var accepted = new AcceptedLogout(
            request.Id,
            request.NameId,
            request.SessionIndexes,
            verdict.Value.RelayState,
            now,
            request.Asynchronous
        );
        if (HttpMethods.IsPost(Request.Method))
        {
            SendBrowser(
                LogoutPath.ToUriComponent()
                    + QueryString.Create(
                        AcceptedParameter,
                        Options.StateDataFormat!.Protect(accepted.ToProperties(), AcceptedPurpose)
                    )
            );
            return;
        }

        await SignOutAndAnswerAsync(accepted, request, identityProvider);
    }

    private async Task AcceptedAsync(string text, Saml2IdentityProvider identityProvider)
    {
        var now = TimeProvider.GetUtcNow();
        var accepted = AcceptedLogout.From(
            Options.StateDataFormat!.Unprotect(text, AcceptedPurpose)
        );
        if (accepted is null || now >= accepted.AcceptedAt + AcceptedLifetime)
        {
            await RefuseLogoutAsync([new Finding(FindingKinds.RequestExpired)]);
            return;
        }

        await SignOutAndAnswerAsync(
            accepted,
            new LogoutRequest
            {
                Id = accepted.RequestId,
                IssueInstant = accepted.AcceptedAt,
                Issuer = identityProvider.EntityId,
                NameId = accepted.NameId,
                SessionIndexes = accepted.SessionIndexes,
                Asynchronous = accepted.Asynchronous,
            },
            identityProvider
        );
    }

    private async Task SignOutAndAnswerAsync(
        AcceptedLogout accepted,
        LogoutRequest request,
        Saml2IdentityProvider identityProvider
    )
    {
        var session = await SessionAsync();
        var isMeant =
            session is not null
            && session.IdentityProvider == identityProvider.EntityId
            && session.NameId == request.NameId
            && (
                request.SessionIndexes.Count == 0
                || (
                    session.SessionIndex is { } index
                    && request.SessionIndexes.Contains(index, StringComparer.Ordinal)
                )
            );
        await Events.RemoteSignOut(
            new RemoteSignOutContext(Context, Scheme, Options, request, isMeant ? session : null)
        );
        if (isMeant)
        {
            await Context.SignOutAsync(SignInScheme, new AuthenticationProperties());
        }

        // Somebody else's sign-in in this browser stays. Without any, what was asked for is so already.
        var status =
            isMeant || session is null
                ? SamlStatus.Success
                : new SamlStatus(StatusCodes.Requester, StatusCodes.UnknownPrincipal);
        Logger.RemoteSignOut(Scheme.Name, LogText.Of(request.Id), status.Succeeded);
        var url = identityProvider.SingleLogoutResponseUrl ?? identityProvider.SingleLogoutUrl;
        if (accepted.Asynchronous || url is null || Options.SigningKey is null)
        {
            SendBrowser(HomePath);
            return;
        }

        SendBrowser(
            MessageWriter.ToRedirectUrl(
                new LogoutResponse
                {
                    Id = Options.IdSource.Next(),
                    IssueInstant = TimeProvider.GetUtcNow(),
                    Issuer = Options.EntityId!,
                    Destination = url,
                    InResponseTo = accepted.RequestId,
                    Status = status,
                },
                url,
                accepted.RelayState,
                Options.SigningKey,
                Options.SignatureAlgorithm
            )
        );
    }

    private async Task ResponseAsync(
        IncomingMessage message,
        string? relayState,
        Saml2IdentityProvider identityProvider
    )
    {
        var now = TimeProvider.GetUtcNow();
        var properties = PendingLogouts.Take(relayState, now, BrowserUsesHttps);
        var pending = properties is null ? null : PendingLogout.Take(properties);
        if (
            pending is null
            || pending.IdentityProvider != identityProvider.EntityId
            || now >= pending.SentAt + Options.RemoteAuthenticationTimeout
        )
        {
            // The sign-in here ended before the request was sent: there is nothing to decide any more.
            Logger.NothingPending(Scheme.Name);
            SendBrowser(HomePath);
            return;
        }

        var verdict = LogoutResponseValidator.Validate(
            message,
            LogoutRules(identityProvider, now) with
            {
                RequestId = pending.RequestId,
            }
        );
        if (!verdict.Accepted)
        {
            await RefuseLogoutAsync(verdict.Findings);
            return;
        }

        var status = verdict.Value.Message.Status;
        Logger.SignedOut(
            Scheme.Name,
            LogText.Of(pending.RequestId),
            LogText.Of(status.SubCode ?? status.Code)
        );
        var context = new SignedOutContext(Context, Scheme, Options, properties!, status);
        await Events.SignedOut(context);
        SendBrowser(LocalAddress.ToPath(context.Properties?.RedirectUri, Origin) ?? HomePath);
    }

    private static readonly TimeSpan MessageAge = TimeSpan.FromMinutes(10);

    private MessageRules LogoutRules(Saml2IdentityProvider identityProvider, DateTimeOffset now) =>
        new()
        {
            PeerEntityId = identityProvider.EntityId,
            Destination = LogoutUrl,
            Keys = identityProvider.Keys,
            RequireSignature = true,
            Now = now,
            ClockSkew = Options.ClockSkew,
            MaximumAge = MessageAge,
            Limits = Options.MessageLimits,
        };

    private Task RefuseLogoutAsync(IReadOnlyList<Finding> findings)
    {
        Logger.LogoutRefused(Scheme.Name, LogText.Of(findings));
        var reference = ReferenceCode.New();
        Logger.RefusalShown(Scheme.Name, reference, LogText.Of(findings));
        return WriteRefusalAsync(
            Microsoft.AspNetCore.Http.StatusCodes.Status400BadRequest,
            "The sign-out message of the identity provider was not accepted.",
            reference,
            findings
        );
    }
}
