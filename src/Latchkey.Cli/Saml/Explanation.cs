using Latchkey.Saml.Inspection;
using Latchkey.Saml.Protocol;

namespace Latchkey.Cli.Saml;

/// <summary>Says in plain words how a message is packed, signed and encrypted.</summary>
internal static class Explanation
{
    private static readonly Dictionary<string, string> s_messages = new(StringComparer.Ordinal)
    {
        ["Response"] = "the identity provider's answer",
        ["AuthnRequest"] = "the service provider's request for a sign-in",
        ["LogoutRequest"] = "a request to end a session",
        ["LogoutResponse"] = "the answer to a request to end a session",
        ["ArtifactResolve"] = "a request for the message behind an artifact",
        ["ArtifactResponse"] = "the message behind an artifact",
        ["Assertion"] = "an assertion by itself; in a sign-in it comes inside a Response",
        ["EntityDescriptor"] = "metadata of one entity; latchkey saml metadata tells more",
        ["EntitiesDescriptor"] = "metadata of several entities; latchkey saml metadata tells more",
    };

    public static IEnumerable<string> Of(InspectedMessage message)
    {
        if (message.Wrapping != MessageWrapping.Unknown)
        {
            yield return Field("packed as", Packing(message));
        }
        if (message.RelayState is not null)
        {
            yield return Field("RelayState", TerminalText.Show(message.RelayState));
        }
        if (message.Artifact is { } artifact)
        {
            foreach (var line in Artifact(artifact))
            {
                yield return line;
            }
        }
        if (message.Root is null)
        {
            yield break;
        }
        var local = message.Root[(message.Root.IndexOf(':', StringComparison.Ordinal) + 1)..];
        yield return Field(
            "message",
            s_messages.TryGetValue(local, out var words)
                ? $"{message.Root}, {words}"
                : $"{message.Root}, no message of SAML that is known here"
        );
        if (message.Issuer is not null)
        {
            yield return Field("from", TerminalText.Show(message.Issuer));
        }
        foreach (var (name, value) in message.RootAttributes)
        {
            yield return Field(name, TerminalText.Show(value));
        }
        foreach (var (name, value) in message.Details)
        {
            yield return Field(name, TerminalText.Show(value) + Meaning(name, value));
        }
        if (message.Embedded is not null)
        {
            yield return Field("brings", TerminalText.Show(message.Embedded));
        }
        foreach (var line in Signatures(message))
        {
            yield return line;
        }
        foreach (var line in message.Encryptions.SelectMany(Encryption))
        {
            yield return line;
        }
        yield return "";
        yield return "Nothing of this was verified. latchkey saml verify checks a Response.";
    }

    private static IEnumerable<string> Artifact(SamlArtifact artifact)
    {
        yield return Field("artifact", artifact.Value);
        yield return Field("type", "4");
        yield return Field("SourceID", $"{artifact.SourceId}: the SHA-1 of its sender's entity ID");
        yield return Field(
            "endpoint",
            $"index {artifact.EndpointIndex} of the sender's ArtifactResolutionService"
        );
        yield return "";
        yield return "The message itself is with its sender, who gives it out once, by SOAP, for an ArtifactResolve.";
    }

    // What a value means in words; what is plain is left alone.
    private static string Meaning(string name, string value) =>
        (name, value) switch
        {
            ("StatusCode", StatusCodes.Success) => " (it went well)",
            ("StatusCode", StatusCodes.PartialLogout) =>
                " (not every application could be signed out)",
            ("StatusCode", StatusCodes.UnknownPrincipal) => " (nobody is known by that name)",
            ("StatusCode", StatusCodes.Requester) => " (the fault is the sender's of the request)",
            ("StatusCode", StatusCodes.Responder) => " (the fault is the sender's of this answer)",
            ("Extension", "Asynchronous") => " (the sender waits for no answer)",
            _ => "",
        };

    private static string Packing(InspectedMessage message) =>
        message.Wrapping switch
        {
            MessageWrapping.Base64 => "base64: HTTP-POST",
            MessageWrapping.DeflatedBase64 => "DEFLATE in base64: HTTP-Redirect",
            MessageWrapping.Artifact => "an artifact: HTTP-Artifact",
            _ => message.InSoap ? "XML in a SOAP 1.1 envelope" : "plain XML",
        } + (message.Parameter is null ? "" : $", parameter {message.Parameter}");

    private static IEnumerable<string> Signatures(InspectedMessage message)
    {
        if (message.HasQuerySignature || message.QuerySignatureAlgorithm is not null)
        {
            yield return "";
            yield return message.HasQuerySignature
                ? $"Signature in the query, beside the message: {AlgorithmWords.Of(message.QuerySignatureAlgorithm)}."
                : "SigAlg without Signature in the query: half a signature, refused.";
        }
        else if (message.Signatures.Count == 0)
        {
            yield return "";
            yield return "No signature: anybody can have written this.";
        }
        foreach (var line in message.Signatures.SelectMany(Signature))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Signature(InspectedSignature signature)
    {
        yield return "";
        yield return $"Signature in {signature.Parent ?? "no element"}: {AlgorithmWords.Of(signature.Algorithm)}";
        yield return Inner("at", signature.At);
        yield return Inner(
            "position",
            signature.StandsWhereItCounts
                ? "where a receiver looks for it"
                : "where no receiver may look: it protects nothing, and is the mark of a wrapping attack"
        );
        foreach (var reference in signature.References)
        {
            yield return Inner("reference", Reference(reference));
        }
        if (signature.References.Count == 0)
        {
            yield return Inner("reference", "none: it covers nothing");
        }
        yield return Inner("SignedInfo", AlgorithmWords.Of(signature.Canonicalization));
        foreach (var certificate in signature.Certificates)
        {
            yield return Inner("certificate", CertificateWords.Of(certificate));
        }
        yield return Inner(
            "",
            signature.Certificates.Count == 0
                ? "It carries no certificate; the key has to be known from metadata anyway."
                : "A certificate in the message proves nothing: compare the fingerprint with the metadata."
        );
        foreach (var objection in signature.Objections)
        {
            yield return Inner(
                "objection",
                $"{objection.Kind.Title} ({objection.Code}"
                    + (objection.Expected is null ? "" : $", expected {objection.Expected}")
                    + (objection.Found is null ? "" : $", found {objection.Found}")
                    + ")"
            );
        }
    }

    private static string Reference(InspectedReference reference)
    {
        var target =
            reference.IsToParent ? "the element it stands in"
            : string.IsNullOrEmpty(reference.Uri) ? "the whole document, which SAML does not allow"
            : "another element than the one it stands in: refused";
        var transforms =
            reference.Transforms.Count == 0
                ? "no transforms"
                : string.Join(", then ", reference.Transforms.Select(AlgorithmWords.Of));
        return $"{reference.Uri ?? "(none)"}, {target}; {transforms}; digest {AlgorithmWords.Of(reference.DigestAlgorithm)}";
    }

    private static IEnumerable<string> Encryption(InspectedEncryption encryption)
    {
        yield return "";
        yield return $"Encrypted data in {encryption.Parent ?? "no element"}: {AlgorithmWords.Of(encryption.Algorithm)}";
        yield return Inner("at", encryption.At);
        foreach (var key in encryption.Keys)
        {
            yield return Inner("key", Key(key));
        }
        if (encryption.Keys.Count == 0)
        {
            yield return Inner(
                "key",
                "none with it: it cannot be decrypted from the message alone"
            );
        }
    }

    private static string Key(InspectedEncryptedKey key) =>
        $"encrypted with {AlgorithmWords.Of(key.Algorithm)}"
        + (key.DigestAlgorithm is null ? "" : $", digest {AlgorithmWords.Of(key.DigestAlgorithm)}")
        + (key.MaskGeneration is null ? "" : $", {AlgorithmWords.Of(key.MaskGeneration)}")
        + (key.Recipient is null ? "" : $", for {key.Recipient}");

    private static string Field(string name, string text) => $"{name, -15} {text}";

    private static string Inner(string name, string text) =>
        $"    {name, -11} {TerminalText.Show(text)}";
}
