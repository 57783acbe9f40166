using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Elements;

/// <summary>samlp:Status (saml-core-2.0 §3.2.2.1).</summary>
internal static class StatusElement
{
    /// <summary>Reads the element; what it says, and its top-level code for findings.</summary>
    /// <returns>Null when a finding was added.</returns>
    public static SamlStatus? Read(XmlElement status, FindingList findings, out XmlValue code)
    {
        code = default;
        if (!status.Exists)
            return null;
        var content = new ElementContent(status, findings);
        var top = content.Required(XmlNamespace.Protocol, "StatusCode"u8);
        var message = content.Optional(XmlNamespace.Protocol, "StatusMessage"u8).TextOnly(findings);
        content.Optional(XmlNamespace.Protocol, "StatusDetail"u8);
        content.End();
        if (!top.Exists)
            return null;

        // Codes may be nested further; the second level says the reason, deeper ones are the issuer's own.
        XmlElement second = default;
        for (var level = top; level.Exists; )
        {
            content = new ElementContent(level, findings);
            level = content.Optional(XmlNamespace.Protocol, "StatusCode"u8);
            content.End();
            if (!second.Exists)
                second = level;
        }
        code = top.Required("Value"u8, findings);
        if (!code.Exists)
            return null;
        // The usual case costs nothing.
        if (!second.Exists && !message.Exists && code.Is(StatusCodes.Success))
            return SamlStatus.Success;
        return new SamlStatus(
            code.Text!,
            second.Exists ? second.Attribute("Value"u8).Text : null,
            message.Text
        );
    }

    /// <summary>What a status other than Success says, for findings.</summary>
    public static string Describe(SamlStatus status) =>
        (status.SubCode ?? status.Message) is null
            ? status.Code
            : $"{status.Code} ({string.Join(", ", new[] { status.SubCode, status.Message }.Where(part => part is not null))})";

    /// <summary>Writes the element.</summary>
    public static void Write(CanonicalWriter writer, SamlStatus status)
    {
        writer.Start(Prefix.Samlp, "Status"u8);
        writer.Start(Prefix.Samlp, "StatusCode"u8);
        writer.Attribute("Value"u8, status.Code);
        if (status.SubCode is not null)
        {
            writer.Start(Prefix.Samlp, "StatusCode"u8);
            writer.Attribute("Value"u8, status.SubCode);
            writer.End();
        }
        writer.End();
        if (status.Message is not null)
            writer.Element(Prefix.Samlp, "StatusMessage"u8, status.Message);
        writer.End();
    }
}
