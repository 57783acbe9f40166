using Latchkey.Saml.Elements;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Logout;

/// <summary>The elements of logout messages, in the order of the schema (saml-core-2.0 §3.7.1, §3.7.2).</summary>
internal static class LogoutElements
{
    /// <summary>Writes the request, unsigned.</summary>
    /// <returns>The mark where an enveloped Signature belongs.</returns>
    public static int Write(CanonicalWriter writer, LogoutRequest request)
    {
        writer.Start(Prefix.Samlp, "LogoutRequest"u8);
        writer.Attribute("Destination"u8, request.Destination);
        writer.Attribute("ID"u8, request.Id);
        writer.Attribute("IssueInstant"u8, request.IssueInstant);
        writer.Attribute("NotOnOrAfter"u8, request.NotOnOrAfter);
        writer.Attribute("Reason"u8, request.Reason);
        writer.Attribute("Version"u8, "2.0");
        writer.Element(Prefix.Saml, "Issuer"u8, request.Issuer);
        int signatureAt = writer.Position;
        if (request.Asynchronous)
        {
            writer.Start(Prefix.Samlp, "Extensions"u8);
            writer.Start(Prefix.Aslo, "Asynchronous"u8);
            writer.End();
            writer.End();
        }
        NameIdElement.Write(writer, request.NameId);
        foreach (string index in request.SessionIndexes)
            writer.Element(Prefix.Samlp, "SessionIndex"u8, index);
        writer.End();
        return signatureAt;
    }

    /// <summary>Writes the response, unsigned.</summary>
    /// <returns>The mark where an enveloped Signature belongs.</returns>
    public static int Write(CanonicalWriter writer, LogoutResponse response)
    {
        writer.Start(Prefix.Samlp, "LogoutResponse"u8);
        writer.Attribute("Destination"u8, response.Destination);
        writer.Attribute("ID"u8, response.Id);
        writer.Attribute("InResponseTo"u8, response.InResponseTo);
        writer.Attribute("IssueInstant"u8, response.IssueInstant);
        writer.Attribute("Version"u8, "2.0");
        writer.Element(Prefix.Saml, "Issuer"u8, response.Issuer);
        int signatureAt = writer.Position;
        StatusElement.Write(writer, response.Status);
        writer.End();
        return signatureAt;
    }
}
