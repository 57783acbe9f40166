using Latchkey.Saml.AspNetCore.IdentityProviders;
using Latchkey.Saml.Protocol;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Saml.AspNetCore.Events;

/// <summary>What is known before the browser is sent to the identity provider to sign out there. The sign-in here is over already.</summary>
public sealed class RedirectForSignOutContext : PropertiesContext<Saml2Options>
{
    internal RedirectForSignOutContext(
        HttpContext context,
        AuthenticationScheme scheme,
        Saml2Options options,
        AuthenticationProperties properties,
        Saml2IdentityProvider identityProvider,
        LogoutRequest request
    )
        : base(context, scheme, options, properties)
    {
        IdentityProvider = identityProvider;
        LogoutRequest = request;
    }

    /// <summary>The identity provider.</summary>
    public Saml2IdentityProvider IdentityProvider { get; }

    /// <summary>The request; replace it with a changed copy.</summary>
    public LogoutRequest LogoutRequest { get; set; }
}

/// <summary>The identity provider asks that a user be signed out. The request is verified.</summary>
public sealed class RemoteSignOutContext : BaseContext<Saml2Options>
{
    internal RemoteSignOutContext(
        HttpContext context,
        AuthenticationScheme scheme,
        Saml2Options options,
        LogoutRequest request,
        Saml2Session? session
    )
        : base(context, scheme, options)
    {
        LogoutRequest = request;
        Session = session;
    }

    /// <summary>Whom it names, and which sessions; none means all of theirs.</summary>
    public LogoutRequest LogoutRequest { get; }

    /// <summary>The sign-in of this browser that it means; null when this browser has none.</summary>
    public Saml2Session? Session { get; }
}

/// <summary>The identity provider's answer to a sign-out that began here. It is verified.</summary>
public sealed class SignedOutContext : PropertiesContext<Saml2Options>
{
    internal SignedOutContext(
        HttpContext context,
        AuthenticationScheme scheme,
        Saml2Options options,
        AuthenticationProperties properties,
        SamlStatus status
    )
        : base(context, scheme, options, properties) => Status = status;

    /// <summary>How it went there; <see cref="SamlStatus.IsPartialLogout"/> when some other application is still signed in.</summary>
    public SamlStatus Status { get; }
}
