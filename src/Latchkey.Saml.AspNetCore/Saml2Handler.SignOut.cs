using System.Text.Encodings.Web;
using Latchkey.Saml.AspNetCore.Events;
using Latchkey.Saml.AspNetCore.Pending;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using HttpStatus = Microsoft.AspNetCore.Http.StatusCodes;

namespace Latchkey.Saml.AspNetCore;

/// <content>A sign-out that begins here (saml-profiles-2.0 §4.4.3.1).</content>
public sealed partial class Saml2Handler
{
    private static readonly TimeSpan LogoutRequestLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Ends the sign-in here, then at the identity provider: the browser is sent there with a signed LogoutRequest and
    /// comes back to <see cref="AuthenticationProperties.RedirectUri"/>, a path of this application. Where no single logout
    /// is possible, because there is no signing key, the identity provider offers none, or nobody is signed in by SAML,
    /// the browser goes to that path at once.
    /// </summary>
    public async Task SignOutAsync(AuthenticationProperties? properties)
    {
        if (Options.ForwardSignOut is { } target && target != Scheme.Name)
        {
            await Context.SignOutAsync(target, properties);
            return;
        }

        properties ??= new AuthenticationProperties();
        properties.RedirectUri = LocalAddress.ToPath(properties.RedirectUri, Origin) ?? HomePath;
        var session = await SessionAsync();
        // First here, whatever happens there.
        await Context.SignOutAsync(SignInScheme, new AuthenticationProperties());
        var source = Options.IdentityProviderSource!;
        var identityProvider = session is null
            ? null
            : await source.GetAsync(Context.RequestAborted);
        if (
            session?.NameId is not { } nameId
            || Options.SigningKey is null
            || identityProvider?.SingleLogoutUrl is not { } url
            || identityProvider.EntityId != session.IdentityProvider
        )
        {
            Logger.SignedOutHere(Scheme.Name);
            SendBrowser(properties.RedirectUri);
            return;
        }

        var now = TimeProvider.GetUtcNow();
        var context = new RedirectForSignOutContext(
            Context,
            Scheme,
            Options,
            properties,
            identityProvider,
            new LogoutRequest
            {
                Id = Options.IdSource.Next(),
                IssueInstant = now,
                Issuer = Options.EntityId!,
                Destination = url,
                NameId = nameId,
                SessionIndexes = session.SessionIndex is { } index ? [index] : [],
                Reason = LogoutReasons.User,
                NotOnOrAfter = now + LogoutRequestLifetime,
            }
        );
        await Events.RedirectForSignOut(context);
        var request = context.LogoutRequest;
        new PendingLogout(request.Id, identityProvider.EntityId, now).Write(properties);
        var handle = PendingLogouts.Write(properties, now, BrowserUsesHttps);
        Logger.RedirectForSignOut(Scheme.Name, url, request.Id);
        var address = MessageWriter.ToRedirectUrl(
            request,
            url,
            handle,
            Options.SigningKey,
            Options.SignatureAlgorithm
        );
        if (HttpMethods.IsPost(Request.Method))
        {
            await WriteGoingOnAsync(address);
        }
        else
        {
            SendBrowser(address);
        }
    }

    /// <summary>The sign-in of this browser, if it came from this scheme.</summary>
    private async Task<Saml2Session?> SessionAsync()
    {
        var result = await Context.AuthenticateAsync(SignInScheme);
        // Several schemes may share a cookie: a sign-in by another one is not ours to end.
        return
            result is { Succeeded: true, Principal.Identities: var identities }
            && identities.Any(i => i.AuthenticationType == Scheme.Name)
            ? Saml2Session.Read(result.Properties)
            : null;
    }

    private void SendBrowser(string address)
    {
        Response.Headers.CacheControl = "no-store";
        // See Other: a form that was posted here is not posted on.
        Response.StatusCode = HttpStatus.Status303SeeOther;
        Response.Headers.Location = address;
    }

    // A page with the policy form-action 'self' forbids that what its form is answered with leads to another site, over
    // any number of redirects; a page of its own may go on from here.
    private async Task WriteGoingOnAsync(string address)
    {
        Response.Headers.CacheControl = "no-store";
        Response.Headers["Refresh"] = $"0;url={address}";
        Response.ContentType = "text/html; charset=utf-8";
        await Response.WriteAsync(
            $"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>Signing out</title></head><body><main><h1>Signing out</h1><p><a href="{HtmlEncoder.Default.Encode(address)}">Continue</a></p></main></body></html>""",
            Context.RequestAborted
        );
    }
}
