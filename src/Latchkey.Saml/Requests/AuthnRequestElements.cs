using Latchkey.Saml.Elements;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Requests;

/// <summary>The elements of an AuthnRequest, in the order of the schema (saml-core-2.0 §3.4.1).</summary>
internal static class AuthnRequestElements
{
    /// <summary>Writes the request, unsigned.</summary>
    /// <returns>The mark where an enveloped Signature belongs.</returns>
    public static int Write(CanonicalWriter writer, AuthnRequest request)
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
        writer.Attribute(
            "AttributeConsumingServiceIndex"u8,
            request.AttributeConsumingServiceIndex
        );
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

        if (request.Subject is { } subject)
        {
            writer.Start(Prefix.Saml, "Subject"u8);
            NameIdElement.Write(writer, subject);
            writer.End();
        }
        if (request.NameIdPolicy is { } policy)
        {
            writer.Start(Prefix.Samlp, "NameIDPolicy"u8);
            writer.AttributeIfTrue("AllowCreate"u8, policy.AllowCreate);
            writer.Attribute("Format"u8, policy.Format);
            writer.Attribute("SPNameQualifier"u8, policy.SpNameQualifier);
            writer.End();
        }
        if (request.Conditions is { } conditions)
            ConditionsElement.Write(writer, conditions);
        if (request.RequestedAuthnContext is { } context)
            RequestedContextElement.Write(writer, context);
        if (request.Scoping is { } scoping)
            ScopingElement.Write(writer, scoping);
        writer.End();
        return signatureAt;
    }
}
