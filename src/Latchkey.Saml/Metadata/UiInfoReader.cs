using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Reads mdui:UIInfo (sstc-saml-metadata-ui-v1.0 §2.1).</summary>
internal static class UiInfoReader
{
    public static UiInfo Read(XmlElement element)
    {
        List<LocalizedText> names = [];
        List<LocalizedText> descriptions = [];
        List<Logo> logos = [];
        foreach (XmlElement child in element.Children)
        {
            if (child.Is(XmlNamespace.MetadataUi, "DisplayName"u8))
                AddText(names, child);
            else if (child.Is(XmlNamespace.MetadataUi, "Description"u8))
                AddText(descriptions, child);
            else if (child.Is(XmlNamespace.MetadataUi, "Logo"u8) && ReadLogo(child) is { } logo)
                logos.Add(logo);
        }
        return new UiInfo
        {
            DisplayNames = names,
            Descriptions = descriptions,
            Logos = logos,
        };
    }

    private static void AddText(List<LocalizedText> texts, XmlElement element)
    {
        if (MetadataValues.Localized(element) is { } text)
            texts.Add(text);
    }

    // A logo is decoration: one that cannot be used is passed over. https or data only (SDP-MD10).
    private static Logo? ReadLogo(XmlElement element)
    {
        string? url = MetadataValues.Text(element);
        bool usable =
            url is not null
            && (
                url.StartsWith("https://", StringComparison.Ordinal)
                || url.StartsWith("data:image/", StringComparison.Ordinal)
            );
        if (
            !usable
            || !element.Attribute("width"u8).TryUnsignedShort(out int width)
            || !element.Attribute("height"u8).TryUnsignedShort(out int height)
        )
            return null;
        return new Logo(url!, width, height, element.Language.Text);
    }
}
