using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Requests;

/// <summary>Writes AuthnRequests for either binding.</summary>
public static class AuthnRequestWriter
{
    /// <summary>The address to send the browser to: DEFLATE, base64, and a query signature when a key is given (saml-bindings-2.0 §3.4).</summary>
    public static string ToRedirectUrl(
        AuthnRequest request,
        string singleSignOnServiceUrl,
        string? relayState = null,
        SigningKey? key = null,
        SignatureAlgorithm algorithm = SignatureAlgorithm.RsaSha256
    ) => throw new NotImplementedException();

    /// <summary>The value of the SAMLRequest form field: base64, with an enveloped signature when a key is given (saml-bindings-2.0 §3.5).</summary>
    public static string ToFormValue(
        AuthnRequest request,
        SigningKey? key = null,
        SignatureAlgorithm algorithm = SignatureAlgorithm.RsaSha256
    ) => throw new NotImplementedException();
}
