using Latchkey.Saml.Bindings;
using Latchkey.Saml.Findings;

namespace Latchkey.Saml.Messages;

/// <summary>A message as it arrived, by one of the bindings. Nothing of it was looked at yet; a validator does that.</summary>
public abstract class IncomingMessage
{
    private protected IncomingMessage() { }

    /// <summary>By HTTP-Redirect. The signature is checked over the octets of the query as they arrived (rule B1).</summary>
    /// <param name="rawQuery">The query string undecoded, with or without its question mark.</param>
    public static IncomingMessage FromRedirect(string rawQuery)
    {
        ArgumentNullException.ThrowIfNull(rawQuery);
        return new RedirectMessage(rawQuery);
    }

    /// <summary>By HTTP-POST (rule B2).</summary>
    /// <param name="message">The form field SAMLRequest or SAMLResponse.</param>
    /// <param name="relayState">The form field RelayState, if present.</param>
    public static IncomingMessage FromForm(string message, string? relayState = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new FormMessage(message, relayState);
    }

    /// <summary>By HTTP-POST (rule B2): the whole form, so that fields that are missing, repeated or of another binding are findings.</summary>
    /// <param name="fields">Every field in order, decoded; a name may come more than once.</param>
    public static IncomingMessage FromForm(IEnumerable<KeyValuePair<string, string>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return new FormMessage([.. fields]);
    }

    /// <summary>By SOAP 1.1 (saml-bindings-2.0 §3.2): the body of a request to us, or of the answer to one of ours.</summary>
    /// <param name="envelope">The octets, UTF-8.</param>
    public static IncomingMessage FromSoap(ReadOnlyMemory<byte> envelope) =>
        new SoapMessage(envelope);

    /// <summary>By HTTP-Artifact: the answer to an ArtifactResolve that we sent to the issuer's registered endpoint (rule B4).</summary>
    /// <param name="envelope">The octets that the endpoint answered.</param>
    /// <param name="resolveId">The ID of our ArtifactResolve.</param>
    /// <param name="relayState">The RelayState that came beside the artifact, if present.</param>
    public static IncomingMessage FromArtifact(
        ReadOnlyMemory<byte> envelope,
        string resolveId,
        string? relayState = null
    )
    {
        ArgumentNullException.ThrowIfNull(resolveId);
        return new ArtifactMessage(envelope, resolveId, relayState);
    }

    /// <summary>Unpacks the message and verifies its signature.</summary>
    /// <returns>The message, to be disposed of by the caller; null when a finding was added.</returns>
    internal abstract OpenedMessage? Open(
        MessageKind kind,
        MessageRules rules,
        FindingList findings
    );
}

/// <summary>Which message is expected.</summary>
/// <param name="Parameter">The parameter it travels in: SAMLRequest or SAMLResponse.</param>
/// <param name="Name">The local name of its element.</param>
/// <param name="AlwaysSigned">Whether it is refused unsigned, whatever the rules say (rule B3).</param>
internal sealed record MessageKind(string Parameter, string Name, bool AlwaysSigned)
{
    public static MessageKind AuthnRequest { get; } = new("SAMLRequest", "AuthnRequest", false);

    public static MessageKind LogoutRequest { get; } = new("SAMLRequest", "LogoutRequest", true);

    public static MessageKind LogoutResponse { get; } = new("SAMLResponse", "LogoutResponse", true);

    public static MessageKind ArtifactResolve { get; } =
        new("SAMLRequest", "ArtifactResolve", false);
}
