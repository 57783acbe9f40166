using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Inspection;

/// <summary>How a message was packed when it was inspected.</summary>
public enum MessageWrapping
{
    /// <summary>It was XML already.</summary>
    Xml,

    /// <summary>Base64: the form field of HTTP-POST (saml-bindings-2.0 §3.5.4).</summary>
    Base64,

    /// <summary>DEFLATE in base64: the query parameter of HTTP-Redirect (saml-bindings-2.0 §3.4.4.1).</summary>
    DeflatedBase64,

    /// <summary>An artifact: the message itself is elsewhere (saml-bindings-2.0 §3.6).</summary>
    Artifact,

    /// <summary>Nothing that could be unpacked.</summary>
    Unknown,
}

/// <summary>
/// What a message looks like, for people. Nothing in here was verified, all of it comes from a stranger, and nothing may
/// be decided by it: facts come from a validator only.
/// </summary>
public sealed record InspectedMessage
{
    /// <summary>How it was packed.</summary>
    public MessageWrapping Wrapping { get; init; } = MessageWrapping.Unknown;

    /// <summary>SAMLRequest, SAMLResponse or SAMLart, when the input was a URL, a query or a form body.</summary>
    public string? Parameter { get; init; }

    /// <summary>The RelayState beside it, decoded.</summary>
    public string? RelayState { get; init; }

    /// <summary>The algorithm of a signature in the query, beside the message (saml-bindings-2.0 §3.4.4.1).</summary>
    public string? QuerySignatureAlgorithm { get; init; }

    /// <summary>Whether the query has a Signature parameter.</summary>
    public bool HasQuerySignature { get; init; }

    /// <summary>The octets of the XML as they arrived; empty when nothing could be unpacked.</summary>
    public ReadOnlyMemory<byte> Xml { get; init; }

    /// <summary>The XML indented for reading; null when it is not well-formed. White space between elements was replaced, invisible characters are written as character references: it is no longer what was signed.</summary>
    public string? Indented { get; init; }

    /// <summary>The artifact, when it is one.</summary>
    public SamlArtifact? Artifact { get; init; }

    /// <summary>Whether the message stands in a SOAP envelope.</summary>
    public bool InSoap { get; init; }

    /// <summary>What the message says in child elements of its own, in order: NameID, SessionIndex, Artifact, StatusCode and the like.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];

    /// <summary>The name of the message behind an artifact, as it is written, when this is the answer that brings it.</summary>
    public string? Embedded { get; init; }

    /// <summary>The name of the message's element as it is written; in a SOAP envelope that of the element in its body.</summary>
    public string? Root { get; init; }

    /// <summary>The message's Issuer, as far as there is one.</summary>
    public string? Issuer { get; init; }

    /// <summary>The message's attributes without namespace, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> RootAttributes { get; init; } = [];

    /// <summary>Every ds:Signature, wherever it stands.</summary>
    public IReadOnlyList<InspectedSignature> Signatures { get; init; } = [];

    /// <summary>Every xenc:EncryptedData, wherever it stands.</summary>
    public IReadOnlyList<InspectedEncryption> Encryptions { get; init; } = [];

    /// <summary>Why it could not be unpacked or read; empty when it could.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}

/// <summary>A ds:Signature as it is written, not verified.</summary>
public sealed record InspectedSignature
{
    /// <summary>Where it stands.</summary>
    public required string At { get; init; }

    /// <summary>The name of the element it is a child of: the only one it can sign (rule S1).</summary>
    public string? Parent { get; init; }

    /// <summary>Whether a receiver of SAML looks for a signature here: at the root, or at an assertion directly in it.</summary>
    public bool StandsWhereItCounts { get; init; }

    /// <summary>The signature algorithm's URI.</summary>
    public string? Algorithm { get; init; }

    /// <summary>The canonicalization's URI.</summary>
    public string? Canonicalization { get; init; }

    /// <summary>Its references; a signature of SAML has one (saml-core-2.0 §5.4.2).</summary>
    public IReadOnlyList<InspectedReference> References { get; init; } = [];

    /// <summary>The certificates in its KeyInfo, DER. Whoever made the message chose them; they prove nothing (rule S4).</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; init; } = [];

    /// <summary>Where it leaves the profile of SAML signatures, before any cryptography.</summary>
    public IReadOnlyList<Finding> Objections { get; init; } = [];
}

/// <summary>A ds:Reference as it is written.</summary>
/// <param name="Uri">What it refers to.</param>
/// <param name="DigestAlgorithm">The digest algorithm's URI.</param>
/// <param name="Transforms">The transforms' URIs.</param>
/// <param name="IsToParent">Whether it refers to the ID of the element that the signature is a child of.</param>
public sealed record InspectedReference(
    string? Uri,
    string? DigestAlgorithm,
    IReadOnlyList<string> Transforms,
    bool IsToParent
);

/// <summary>An xenc:EncryptedData as it is written, not decrypted.</summary>
public sealed record InspectedEncryption
{
    /// <summary>Where it stands.</summary>
    public required string At { get; init; }

    /// <summary>The name of the element it stands in: EncryptedAssertion, EncryptedID, EncryptedAttribute.</summary>
    public string? Parent { get; init; }

    /// <summary>The URI of the algorithm that encrypts the data.</summary>
    public string? Algorithm { get; init; }

    /// <summary>The encrypted keys: one for each recipient.</summary>
    public IReadOnlyList<InspectedEncryptedKey> Keys { get; init; } = [];
}

/// <summary>An xenc:EncryptedKey as it is written.</summary>
/// <param name="Algorithm">The URI of the algorithm that encrypts the key.</param>
/// <param name="DigestAlgorithm">The URI of the digest of RSA-OAEP, if said.</param>
/// <param name="MaskGeneration">The URI of the mask generation function of RSA-OAEP, if said.</param>
/// <param name="Recipient">Whom it is for, if said.</param>
public sealed record InspectedEncryptedKey(
    string? Algorithm,
    string? DigestAlgorithm,
    string? MaskGeneration,
    string? Recipient
);
