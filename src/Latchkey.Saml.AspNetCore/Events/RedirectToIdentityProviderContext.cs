using Latchkey.Saml.AspNetCore.IdentityProviders;
using Latchkey.Saml.Protocol;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Saml.AspNetCore.Events;

/// <summary>What is known before the browser is sent to the identity provider.</summary>
public sealed class RedirectToIdentityProviderContext : PropertiesContext<Saml2Options>
{
    internal RedirectToIdentityProviderContext(
        HttpContext context,
        AuthenticationScheme scheme,
        Saml2Options options,
        AuthenticationProperties properties,
        Saml2IdentityProvider identityProvider,
        AuthnRequest request
    )
        : base(context, scheme, options, properties)
    {
        IdentityProvider = identityProvider;
        AuthnRequest = request;
    }

    /// <summary>The identity provider.</summary>
    public Saml2IdentityProvider IdentityProvider { get; }

    /// <summary>The request; replace it with a changed copy: <c>context.AuthnRequest = context.AuthnRequest with { IsPassive = true }</c>.</summary>
    public AuthnRequest AuthnRequest { get; set; }

    /// <summary>Whether the application has answered the browser itself.</summary>
    public bool Handled { get; private set; }

    /// <summary>Says that the application has answered the browser itself: there will be no redirect, and no sign-in is pending.</summary>
    public void HandleResponse() => Handled = true;
}
