using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Protocol;

/// <summary>What every SAML message and assertion has in common.</summary>
internal static class MessageReading
{
    /// <summary>Whether the root is the message that is expected here (rule S9); SAML 1.1 gets a sentence of its own (S0-03).</summary>
    public static bool IsMessage(XmlElement root, ReadOnlySpan<byte> name, FindingList findings)
    {
        if (root.Is(XmlNamespace.Protocol, name))
            return true;
        findings.Add(
            root.Namespace == XmlNamespace.Saml1Protocol
                ? FindingKinds.Saml1Message
                : FindingKinds.MessageTypeUnexpected,
            "samlp:" + Encoding.UTF8.GetString(name),
            root.Name,
            root.Place
        );
        return false;
    }

    /// <summary>Version has to be 2.0 (saml-core-2.0 §4.1).</summary>
    public static void CheckVersion(XmlElement element, FindingList findings)
    {
        var version = element.Required("Version"u8, findings);
        if (version.Exists && !version.Octets.SequenceEqual("2.0"u8))
            findings.Add(FindingKinds.VersionUnsupported, "2.0", version.Text, version.Place);
    }

    /// <summary>Issuer has to be the expected entity, exactly, and of the format of an entity (rule P2).</summary>
    public static void CheckIssuer(XmlElement issuer, string expected, FindingList findings)
    {
        var value = issuer.RequiredText(findings);
        if (value.Exists && !value.Octets.IsEmpty && !value.Is(expected))
            findings.Add(FindingKinds.IssuerMismatch, expected, value.Text, value.Place);
        var format = issuer.Attribute("Format"u8);
        if (format.Exists && !format.Is(NameIdFormats.Entity))
            findings.Add(
                FindingKinds.IssuerFormat,
                NameIdFormats.Entity,
                format.Text,
                format.Place
            );
    }

    /// <summary>Destination has to be where the message arrived, exactly; a signed message has to have one (rule P3).</summary>
    public static void CheckDestination(
        XmlElement message,
        string expected,
        bool signed,
        FindingList findings
    )
    {
        var destination = message.Attribute("Destination"u8);
        if (destination.Exists && !destination.Is(expected))
            findings.Add(
                FindingKinds.DestinationMismatch,
                expected,
                destination.Text,
                destination.Place
            );
        else if (!destination.Exists && signed)
            findings.Add(FindingKinds.DestinationMissing, expected, at: message.Place);
    }

    /// <summary>Nothing can have been issued in the future, the difference of clocks allowed for.</summary>
    public static void CheckIssuedBy(
        XmlElement element,
        DateTimeOffset? issued,
        DateTimeOffset latest,
        FindingList findings
    )
    {
        if (issued > latest)
            findings.Add(
                FindingKinds.IssuedInFuture,
                $"at the latest {latest:u}",
                $"{issued:u}",
                element.Place
            );
    }
}
