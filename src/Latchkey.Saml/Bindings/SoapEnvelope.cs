using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Bindings;

/// <summary>The envelope of SOAP 1.1 around one message (saml-bindings-2.0 §3.2.2, SOAP 1.1 §4).</summary>
internal static class SoapEnvelope
{
    /// <summary>The message in the body.</summary>
    /// <returns>Default when a finding was added: there is no message, or a fault in its place.</returns>
    public static XmlElement ReadBody(XmlElement envelope, FindingList findings)
    {
        if (!envelope.Is(XmlNamespace.Soap, "Envelope"u8))
        {
            findings.Add(
                FindingKinds.SoapExpected,
                "soap:Envelope of SOAP 1.1",
                envelope.Name,
                envelope.Place
            );
            return default;
        }
        var content = new ElementContent(envelope, findings);
        CheckHeader(content.Optional(XmlNamespace.Soap, "Header"u8), findings);
        var body = content.Required(XmlNamespace.Soap, "Body"u8);
        content.End();
        if (!body.Exists)
            return default;

        content = new ElementContent(body, findings);
        var message = content.Any();
        content.End();
        if (!message.Exists)
            findings.Add(FindingKinds.ElementMissing, "one message in soap:Body", at: body.Place);
        else if (message.Is(XmlNamespace.Soap, "Fault"u8))
        {
            findings.Add(FindingKinds.SoapFault, "a message", TextOfFault(message), message.Place);
            return default;
        }
        return message;
    }

    /// <summary>Opens envelope and body; the message follows.</summary>
    public static void Start(CanonicalWriter writer)
    {
        writer.Start(Prefix.Soap, "Envelope"u8);
        writer.Start(Prefix.Soap, "Body"u8);
    }

    /// <summary>Closes body and envelope.</summary>
    public static void End(CanonicalWriter writer)
    {
        writer.End();
        writer.End();
    }

    /// <summary>Writes a whole envelope with a fault (SOAP 1.1 §4.4).</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="ours">Whether the fault is ours; else the sender's.</param>
    /// <param name="text">What is wrong.</param>
    public static void WriteFault(CanonicalWriter writer, bool ours, string text)
    {
        Start(writer);
        writer.Start(Prefix.Soap, "Fault"u8);
        writer.ElementWithoutNamespace("faultcode"u8, ours ? "soap:Server" : "soap:Client");
        writer.ElementWithoutNamespace("faultstring"u8, text);
        writer.End();
        End(writer);
    }

    // A header may be passed over unless its sender says that it must not (SOAP 1.1 §4.2.3).
    private static void CheckHeader(XmlElement header, FindingList findings)
    {
        if (!header.Exists)
            return;
        foreach (var entry in header.Children)
            if (entry.Attribute(XmlNamespace.Soap, "mustUnderstand"u8).Is("1"))
                findings.Add(
                    FindingKinds.SoapHeaderUnknown,
                    "no header that has to be understood",
                    entry.Name,
                    entry.Place
                );
    }

    private static string? TextOfFault(XmlElement fault)
    {
        foreach (var child in fault.Children)
            if (child.Is(XmlNamespace.None, "faultstring"u8) && child.TryText(out var text))
                return text.Text;
        return null;
    }
}
