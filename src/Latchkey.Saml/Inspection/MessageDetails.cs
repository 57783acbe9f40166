using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Inspection;

/// <summary>What a message says in its own child elements, for people: names, sessions, artifacts, statuses.</summary>
internal static class MessageDetails
{
    /// <summary>The message that an element is or holds: the content of a SOAP body, or the element itself.</summary>
    public static XmlElement MessageIn(XmlElement root)
    {
        if (root.Is(XmlNamespace.Soap, "Envelope"u8))
            foreach (var part in root.Children)
                if (part.Is(XmlNamespace.Soap, "Body"u8))
                    foreach (var message in part.Children)
                        return message;
        return root;
    }

    /// <summary>The message behind an artifact; default when the element is no ArtifactResponse with one.</summary>
    public static XmlElement EmbeddedIn(XmlElement message)
    {
        if (message.Is(XmlNamespace.Protocol, "ArtifactResponse"u8))
            foreach (var child in message.Children)
                if (
                    child.Namespace == XmlNamespace.Protocol
                    && !child.Is(XmlNamespace.Protocol, "Status"u8)
                    && !child.Is(XmlNamespace.Protocol, "Extensions"u8)
                )
                    return child;
        return default;
    }

    /// <summary>The texts of child elements, and the status, in order.</summary>
    public static List<KeyValuePair<string, string>> Of(XmlElement message)
    {
        var details = new List<KeyValuePair<string, string>>();
        foreach (var child in message.Children)
            if (child.Is(XmlNamespace.Protocol, "Status"u8))
                AddStatus(child, details);
            else if (
                child.Namespace
                    is XmlNamespace.Protocol
                        or XmlNamespace.Assertion
                        or XmlNamespace.None
                && !child.Is(XmlNamespace.Assertion, "Issuer"u8)
                && child.TryText(out var text)
                && !text.Octets.IsEmpty
            )
                details.Add(new(LocalName(child), text.Text!));
            else if (child.Is(XmlNamespace.Protocol, "Extensions"u8))
                foreach (var extension in child.Children)
                    details.Add(new("Extension", LocalName(extension)));
        return details;
    }

    private static void AddStatus(XmlElement status, List<KeyValuePair<string, string>> details)
    {
        foreach (var child in status.Children)
            if (child.Is(XmlNamespace.Protocol, "StatusCode"u8))
            {
                details.Add(new("StatusCode", child.Attribute("Value"u8).Text ?? ""));
                foreach (var second in child.Children)
                    details.Add(new("StatusCode", second.Attribute("Value"u8).Text ?? ""));
            }
            else if (child.TryText(out var text))
                details.Add(new(LocalName(child), text.Text ?? ""));
    }

    private static string LocalName(XmlElement element) =>
        System.Text.Encoding.UTF8.GetString(element.LocalName);
}
