using Latchkey.Saml.Elements;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Artifacts;

/// <summary>The elements of the artifact messages, in the order of the schema (saml-core-2.0 §3.5).</summary>
internal static class ArtifactElements
{
    /// <summary>Writes the request, unsigned.</summary>
    /// <returns>The mark where an enveloped Signature belongs.</returns>
    public static int Write(CanonicalWriter writer, ArtifactResolve request)
    {
        writer.Start(Prefix.Samlp, "ArtifactResolve"u8);
        writer.Attribute("Destination"u8, request.Destination);
        writer.Attribute("ID"u8, request.Id);
        writer.Attribute("IssueInstant"u8, request.IssueInstant);
        writer.Attribute("Version"u8, "2.0");
        writer.Element(Prefix.Saml, "Issuer"u8, request.Issuer);
        int signatureAt = writer.Position;
        writer.Element(Prefix.Samlp, "Artifact"u8, request.Artifact.Value);
        writer.End();
        return signatureAt;
    }

    /// <summary>Writes the response, unsigned, with the message in it as it was made.</summary>
    /// <returns>The mark where an enveloped Signature belongs.</returns>
    public static int Write(CanonicalWriter writer, ArtifactResponse response)
    {
        writer.Start(Prefix.Samlp, "ArtifactResponse"u8);
        writer.Attribute("Destination"u8, response.Destination);
        writer.Attribute("ID"u8, response.Id);
        writer.Attribute("InResponseTo"u8, response.InResponseTo);
        writer.Attribute("IssueInstant"u8, response.IssueInstant);
        writer.Attribute("Version"u8, "2.0");
        writer.Element(Prefix.Saml, "Issuer"u8, response.Issuer);
        int signatureAt = writer.Position;
        StatusElement.Write(writer, response.Status);
        if (!response.Message.IsEmpty)
            writer.Embed(response.Message.Span);
        writer.End();
        return signatureAt;
    }

    /// <summary>Prefixes that values of the message in it use, which its signature kept and ours has to keep too.</summary>
    public static string? KeptPrefixes(ArtifactResponse response) =>
        response.Message.Span.IndexOf(Prefix.Xs.Declaration()) >= 0 ? "xs" : null;
}
