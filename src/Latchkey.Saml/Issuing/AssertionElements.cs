using Latchkey.Saml.Elements;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Issuing;

/// <summary>The elements of an Assertion, in the order of the schema (saml-core-2.0 §2.3.3).</summary>
internal static class AssertionElements
{
    private const string Bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

    /// <summary>Prefixes that attribute values use in their text only (<c>xsi:type="xs:string"</c>); null when there are none.</summary>
    public static string? KeptPrefixes(AssertionToIssue assertion)
    {
        foreach (SamlAttribute attribute in assertion.Attributes)
            if (attribute.Values.Count > 0)
                return "xs";
        return null;
    }

    /// <summary>Writes the Assertion, unsigned.</summary>
    /// <returns>The mark where its Signature belongs.</returns>
    public static int Write(CanonicalWriter writer, ResponseToIssue response)
    {
        AssertionToIssue assertion = response.Assertion;
        writer.Start(Prefix.Saml, "Assertion"u8);
        writer.Attribute("ID"u8, assertion.Id);
        writer.Attribute("IssueInstant"u8, response.IssueInstant);
        writer.Attribute("Version"u8, "2.0");
        writer.Element(Prefix.Saml, "Issuer"u8, response.Issuer);
        int signatureAt = writer.Position;

        WriteSubject(writer, response);
        WriteConditions(writer, assertion);
        WriteAuthnStatement(writer, assertion);
        WriteAttributeStatement(writer, assertion.Attributes);
        writer.End();
        return signatureAt;
    }

    /// <summary>saml-core-2.0 §2.4; the bearer confirmation as saml-profiles-2.0 §4.1.4.2 demands it.</summary>
    private static void WriteSubject(CanonicalWriter writer, ResponseToIssue response)
    {
        writer.Start(Prefix.Saml, "Subject"u8);
        if (response.Assertion.NameId is { } nameId)
            NameIdElement.Write(writer, nameId);

        writer.Start(Prefix.Saml, "SubjectConfirmation"u8);
        writer.Attribute("Method"u8, Bearer);
        writer.Start(Prefix.Saml, "SubjectConfirmationData"u8);
        writer.Attribute("InResponseTo"u8, response.InResponseTo);
        writer.Attribute("NotOnOrAfter"u8, response.Assertion.NotOnOrAfter);
        writer.Attribute("Recipient"u8, response.Destination);
        writer.End();
        writer.End();
        writer.End();
    }

    /// <summary>saml-core-2.0 §2.5.</summary>
    private static void WriteConditions(CanonicalWriter writer, AssertionToIssue assertion)
    {
        writer.Start(Prefix.Saml, "Conditions"u8);
        writer.Attribute("NotBefore"u8, assertion.NotBefore);
        writer.Attribute("NotOnOrAfter"u8, assertion.NotOnOrAfter);
        writer.Start(Prefix.Saml, "AudienceRestriction"u8);
        writer.Element(Prefix.Saml, "Audience"u8, assertion.Audience);
        writer.End();
        ConditionsElement.WriteRestrictions(
            writer,
            assertion.OneTimeUse,
            assertion.ProxyRestriction
        );
        writer.End();
    }

    /// <summary>saml-core-2.0 §2.7.2.</summary>
    private static void WriteAuthnStatement(CanonicalWriter writer, AssertionToIssue assertion)
    {
        writer.Start(Prefix.Saml, "AuthnStatement"u8);
        writer.Attribute("AuthnInstant"u8, assertion.AuthnInstant);
        writer.Attribute("SessionIndex"u8, assertion.SessionIndex);
        writer.Attribute("SessionNotOnOrAfter"u8, assertion.SessionNotOnOrAfter);
        if (assertion.SubjectLocality is { } locality)
        {
            writer.Start(Prefix.Saml, "SubjectLocality"u8);
            writer.Attribute("Address"u8, locality.Address);
            writer.Attribute("DNSName"u8, locality.DnsName);
            writer.End();
        }
        writer.Start(Prefix.Saml, "AuthnContext"u8);
        writer.Element(Prefix.Saml, "AuthnContextClassRef"u8, assertion.AuthnContextClassRef);
        foreach (string authority in assertion.AuthenticatingAuthorities)
            writer.Element(Prefix.Saml, "AuthenticatingAuthority"u8, authority);
        writer.End();
        writer.End();
    }

    /// <summary>saml-core-2.0 §2.7.3. The statement must not be empty, so none is written without attributes.</summary>
    private static void WriteAttributeStatement(
        CanonicalWriter writer,
        IReadOnlyList<SamlAttribute> attributes
    )
    {
        if (attributes.Count == 0)
            return;
        writer.Start(Prefix.Saml, "AttributeStatement"u8);
        foreach (SamlAttribute attribute in attributes)
        {
            writer.Start(Prefix.Saml, "Attribute"u8);
            writer.Attribute("FriendlyName"u8, attribute.FriendlyName);
            writer.Attribute("Name"u8, attribute.Name);
            writer.Attribute("NameFormat"u8, attribute.NameFormat);
            foreach (string value in attribute.Values)
                WriteAttributeValue(writer, value);
            writer.End();
        }
        writer.End();
    }

    private static void WriteAttributeValue(CanonicalWriter writer, string value)
    {
        // Declared on each value, because peers that take the element apart lose declarations from outside.
        writer.Start(Prefix.Saml, "AttributeValue"u8, alsoUsed: Prefix.Xs | Prefix.Xsi);
        writer.Attribute("xsi:type"u8, "xs:string");
        writer.Text(value);
        writer.End();
    }
}
