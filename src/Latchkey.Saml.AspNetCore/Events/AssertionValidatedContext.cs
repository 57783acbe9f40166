using System.Security.Claims;
using Latchkey.Saml.Responses;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Saml.AspNetCore.Events;

/// <summary>A verified assertion and the principal made of it.</summary>
public sealed class AssertionValidatedContext : RemoteAuthenticationContext<Saml2Options>
{
    internal AssertionValidatedContext(
        HttpContext context,
        AuthenticationScheme scheme,
        Saml2Options options,
        AuthenticationProperties properties,
        VerifiedAssertion assertion,
        ClaimsPrincipal principal
    )
        : base(context, scheme, options, properties)
    {
        Assertion = assertion;
        Principal = principal;
    }

    /// <summary>The facts, read from bytes whose signature verified.</summary>
    public VerifiedAssertion Assertion { get; }
}
