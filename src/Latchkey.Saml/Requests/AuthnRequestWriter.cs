using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signing;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Requests;

/// <summary>Writes AuthnRequests for either binding (saml-core-2.0 §3.4.1).</summary>
public static class AuthnRequestWriter
{
    /// <summary>The address to send the browser to: DEFLATE, base64, and a query signature when a key is given (saml-bindings-2.0 §3.4).</summary>
    /// <param name="request">The request. Without a Destination it gets the address it is sent to, as a signed message needs.</param>
    /// <param name="singleSignOnServiceUrl">The identity provider's address; it may have a query of its own.</param>
    /// <param name="relayState">Comes back with the Response, byte for byte. Empty is the same as none.</param>
    /// <param name="key">Signs the query.</param>
    /// <param name="algorithm">How it signs; null for the default of the key.</param>
    /// <exception cref="ArgumentException">A value holds a character that XML 1.0 cannot carry (rule I4), or the request contradicts itself.</exception>
    public static string ToRedirectUrl(
        AuthnRequest request,
        string singleSignOnServiceUrl,
        string? relayState = null,
        SigningKey? key = null,
        SignatureAlgorithm? algorithm = null
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(singleSignOnServiceUrl);

        using CanonicalWriter writer = new();
        WriteRequest(
            writer,
            request with
            {
                Destination = request.Destination ?? singleSignOnServiceUrl,
            }
        );
        return RedirectQuery.AppendTo(
            singleSignOnServiceUrl,
            "SAMLRequest",
            writer.Finish(),
            relayState,
            key,
            algorithm
        );
    }

    /// <summary>The value of the SAMLRequest form field: base64, with an enveloped signature when a key is given (saml-bindings-2.0 §3.5).</summary>
    /// <param name="request">The request; when it is signed it must have a Destination (saml-bindings-2.0 §3.5.5.2).</param>
    /// <param name="key">Signs the request.</param>
    /// <param name="algorithm">How it signs; null for the default of the key.</param>
    /// <exception cref="ArgumentException">A value holds a character that XML 1.0 cannot carry (rule I4), or the request contradicts itself.</exception>
    public static string ToFormValue(
        AuthnRequest request,
        SigningKey? key = null,
        SignatureAlgorithm? algorithm = null
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        if (key is not null && request.Destination is null)
            throw new ArgumentException("A signed request needs a Destination.", nameof(request));

        using CanonicalWriter writer = new();
        int signatureAt = WriteRequest(writer, request);
        if (key is not null)
            EnvelopedSignature.Insert(
                writer,
                ElementMark.Document,
                signatureAt,
                request.Id,
                key,
                algorithm ?? key.DefaultAlgorithm,
                keptPrefixes: null
            );
        return Convert.ToBase64String(writer.Finish());
    }

    /// <summary>Writes the request, unsigned.</summary>
    /// <returns>The mark where an enveloped Signature belongs.</returns>
    private static int WriteRequest(CanonicalWriter writer, AuthnRequest request)
    {
        bool byIndex = request.AssertionConsumerServiceIndex is not null;
        bool byAddress =
            request.AssertionConsumerServiceUrl is not null || request.ProtocolBinding is not null;
        if (byIndex && byAddress)
            throw new ArgumentException(
                "AssertionConsumerServiceIndex excludes AssertionConsumerServiceURL and ProtocolBinding (saml-core-2.0 §3.4.1).",
                nameof(request)
            );

        writer.Start(Prefix.Samlp, "AuthnRequest"u8);
        writer.Attribute("AssertionConsumerServiceIndex"u8, request.AssertionConsumerServiceIndex);
        writer.Attribute("AssertionConsumerServiceURL"u8, request.AssertionConsumerServiceUrl);
        writer.Attribute("Destination"u8, request.Destination);
        writer.AttributeIfTrue("ForceAuthn"u8, request.ForceAuthn);
        writer.Attribute("ID"u8, request.Id);
        writer.AttributeIfTrue("IsPassive"u8, request.IsPassive);
        writer.Attribute("IssueInstant"u8, request.IssueInstant);
        writer.Attribute("ProtocolBinding"u8, request.ProtocolBinding);
        writer.Attribute("ProviderName"u8, request.ProviderName);
        writer.Attribute("Version"u8, "2.0");
        writer.Element(Prefix.Saml, "Issuer"u8, request.Issuer);
        int signatureAt = writer.Position;

        if (request.NameIdPolicy is { } policy)
        {
            writer.Start(Prefix.Samlp, "NameIDPolicy"u8);
            writer.AttributeIfTrue("AllowCreate"u8, policy.AllowCreate);
            writer.Attribute("Format"u8, policy.Format);
            writer.Attribute("SPNameQualifier"u8, policy.SpNameQualifier);
            writer.End();
        }
        if (request.RequestedAuthnContext is { } context)
            WriteRequestedAuthnContext(writer, context);
        writer.End();
        return signatureAt;
    }

    private static void WriteRequestedAuthnContext(
        CanonicalWriter writer,
        RequestedAuthnContext context
    )
    {
        if (context.ClassRefs.Count == 0)
            throw new ArgumentException(
                "A RequestedAuthnContext needs at least one class (saml-core-2.0 §3.3.2.2.1).",
                nameof(context)
            );
        writer.Start(Prefix.Samlp, "RequestedAuthnContext"u8);
        writer.Attribute(
            "Comparison"u8,
            context.Comparison switch
            {
                AuthnContextComparison.Exact => "exact",
                AuthnContextComparison.Minimum => "minimum",
                AuthnContextComparison.Maximum => "maximum",
                AuthnContextComparison.Better => "better",
                _ => throw new ArgumentOutOfRangeException(nameof(context)),
            }
        );
        foreach (string classRef in context.ClassRefs)
            writer.Element(Prefix.Saml, "AuthnContextClassRef"u8, classRef);
        writer.End();
    }
}
