using Latchkey.Saml.Artifacts;
using Latchkey.Saml.Bindings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Logout;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Signing;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Messages;

/// <summary>Writes messages for any binding straight into canonical UTF-8. <see cref="Issuing.ResponseWriter"/> writes Responses.</summary>
/// <remarks>Logout messages and ArtifactResponses have to be given a key: they are never sent unsigned (rule B3).</remarks>
public static class MessageWriter
{
    /// <summary>The address to send the browser to: DEFLATE, base64, and a query signature when a key is given (saml-bindings-2.0 §3.4).</summary>
    /// <param name="message">The message. Without a Destination it gets the address it is sent to, as a signed message needs.</param>
    /// <param name="url">The peer's address; it may have a query of its own.</param>
    /// <param name="relayState">Comes back with the answer, byte for byte. Empty is the same as none.</param>
    /// <param name="key">Signs the query.</param>
    /// <param name="algorithm">How it signs; null for the default of the key.</param>
    /// <exception cref="ArgumentException">A value holds a character that XML 1.0 cannot carry (rule I4), the message contradicts itself, or the binding cannot carry it.</exception>
    public static string ToRedirectUrl(
        SamlMessage message,
        string url,
        string? relayState = null,
        SigningKey? key = null,
        SignatureAlgorithm? algorithm = null
    )
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(url);
        Demand(message, key, byBrowser: true);

        using CanonicalWriter writer = new();
        Write(writer, message with { Destination = message.Destination ?? url });
        return RedirectQuery.AppendTo(
            url,
            ParameterOf(message),
            writer.Finish(),
            relayState,
            key,
            algorithm
        );
    }

    /// <summary>The value of the form field SAMLRequest or SAMLResponse: base64, with an enveloped signature when a key is given (saml-bindings-2.0 §3.5).</summary>
    /// <param name="message">The message; when it is signed it must have a Destination (saml-bindings-2.0 §3.5.5.2).</param>
    /// <param name="key">Signs the message.</param>
    /// <param name="algorithm">How it signs; null for the default of the key.</param>
    /// <exception cref="ArgumentException">A value holds a character that XML 1.0 cannot carry (rule I4), the message contradicts itself, or the binding cannot carry it.</exception>
    public static string ToFormValue(
        SamlMessage message,
        SigningKey? key = null,
        SignatureAlgorithm? algorithm = null
    )
    {
        ArgumentNullException.ThrowIfNull(message);
        Demand(message, key, byBrowser: true);
        if (key is not null && message.Destination is null)
            throw new ArgumentException("A signed message needs a Destination.", nameof(message));

        using CanonicalWriter writer = new();
        WriteSigned(writer, message, key, algorithm);
        return Convert.ToBase64String(writer.Finish());
    }

    /// <summary>The message in an envelope of SOAP 1.1, with a signature of its own when a key is given (saml-bindings-2.0 §3.2).</summary>
    /// <param name="message">The message.</param>
    /// <param name="key">Signs the message.</param>
    /// <param name="algorithm">How it signs; null for the default of the key.</param>
    /// <returns>The octets of the envelope, to be sent as <c>text/xml</c>.</returns>
    /// <exception cref="ArgumentException">A value holds a character that XML 1.0 cannot carry (rule I4), or the message contradicts itself.</exception>
    public static byte[] ToSoap(
        SamlMessage message,
        SigningKey? key = null,
        SignatureAlgorithm? algorithm = null
    )
    {
        ArgumentNullException.ThrowIfNull(message);
        Demand(message, key, byBrowser: false);
        using CanonicalWriter writer = new();
        SoapEnvelope.Start(writer);
        WriteSigned(writer, message, key, algorithm);
        SoapEnvelope.End(writer);
        return writer.Finish(KeptPrefixes(message)).ToArray();
    }

    /// <summary>A SOAP fault: what answers a body that is no message at all (saml-bindings-2.0 §3.2.3.3).</summary>
    /// <param name="text">What is wrong; never what was found.</param>
    /// <param name="ours">Whether the fault is ours; else it is the sender's.</param>
    /// <returns>The octets of the envelope, to be sent as <c>text/xml</c> with status 500.</returns>
    public static byte[] ToSoapFault(string text, bool ours = false)
    {
        using CanonicalWriter writer = new();
        SoapEnvelope.WriteFault(writer, ours, text);
        return writer.Finish().ToArray();
    }

    private static void WriteSigned(
        CanonicalWriter writer,
        SamlMessage message,
        SigningKey? key,
        SignatureAlgorithm? algorithm
    )
    {
        ElementMark element = writer.Mark();
        int signatureAt = Write(writer, message);
        if (key is not null)
            EnvelopedSignature.Insert(
                writer,
                element,
                signatureAt,
                message.Id,
                key,
                algorithm ?? key.DefaultAlgorithm,
                KeptPrefixes(message)
            );
    }

    /// <summary>Writes the message, unsigned.</summary>
    /// <returns>The mark where an enveloped Signature belongs.</returns>
    private static int Write(CanonicalWriter writer, SamlMessage message) =>
        message switch
        {
            AuthnRequest request => AuthnRequestElements.Write(writer, request),
            LogoutRequest request => LogoutElements.Write(writer, request),
            LogoutResponse response => LogoutElements.Write(writer, response),
            ArtifactResolve request => ArtifactElements.Write(writer, request),
            ArtifactResponse response => ArtifactElements.Write(writer, response),
            _ => throw new ArgumentOutOfRangeException(nameof(message)),
        };

    private static string ParameterOf(SamlMessage message) =>
        message is LogoutResponse ? "SAMLResponse" : "SAMLRequest";

    private static string? KeptPrefixes(SamlMessage message) =>
        message is ArtifactResponse response ? ArtifactElements.KeptPrefixes(response) : null;

    private static void Demand(SamlMessage message, SigningKey? key, bool byBrowser)
    {
        if (byBrowser && message is (ArtifactResolve or ArtifactResponse))
            throw new ArgumentException("Artifacts are resolved by SOAP only.", nameof(message));
        if (key is null && message is (LogoutRequest or LogoutResponse or ArtifactResponse))
            throw new ArgumentException(
                $"A {message.GetType().Name} is always signed (rule B3).",
                nameof(key)
            );
    }
}
