using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Saml.AspNetCore.Events;

/// <summary>A message as it arrived. Nothing in it is verified.</summary>
public sealed class MessageReceivedContext : RemoteAuthenticationContext<Saml2Options>
{
    internal MessageReceivedContext(
        HttpContext context,
        AuthenticationScheme scheme,
        Saml2Options options,
        AuthenticationProperties? properties,
        string samlResponse,
        string? relayState
    )
        : base(context, scheme, options, properties)
    {
        SamlResponse = samlResponse;
        RelayState = relayState;
    }

    /// <summary>The form field SAMLResponse: base64.</summary>
    public string SamlResponse { get; }

    /// <summary>The form field RelayState, if there is one.</summary>
    public string? RelayState { get; }
}
