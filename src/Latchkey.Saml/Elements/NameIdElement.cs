using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Elements;

/// <summary>saml:NameID (saml-core-2.0 §2.2.3).</summary>
internal static class NameIdElement
{
    /// <summary>Plain data of an element whose text was required before.</summary>
    public static NameId Read(XmlElement element) =>
        new(
            element.TryText(out var text) ? text.Text! : "",
            KnownTexts.Or(element.Attribute("Format"u8)),
            element.Attribute("NameQualifier"u8).Text,
            element.Attribute("SPNameQualifier"u8).Text
        );

    /// <summary>Writes the element.</summary>
    public static void Write(CanonicalWriter writer, NameId nameId)
    {
        writer.Start(Prefix.Saml, "NameID"u8);
        writer.Attribute("Format"u8, nameId.Format);
        writer.Attribute("NameQualifier"u8, nameId.NameQualifier);
        writer.Attribute("SPNameQualifier"u8, nameId.SpNameQualifier);
        writer.Text(nameId.Value);
        writer.End();
    }
}
