using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Reads mdui:UIInfo (sstc-saml-metadata-ui-v1.0 §2.1).</summary>
internal static class UiInfoReader
{
    public static UiInfo Read(XmlElement element)
    {
        List<LocalizedText> names = [];
        List<LocalizedText> descriptions = [];
        List<Keywords> keywords = [];
        List<Logo> logos = [];
        List<LocalizedText> information = [];
        List<LocalizedText> privacy = [];
        foreach (var child in element.Children)
        {
            if (child.Is(XmlNamespace.MetadataUi, "DisplayName"u8))
                MetadataValues.AddLocalized(names, child);
            else if (child.Is(XmlNamespace.MetadataUi, "Description"u8))
                MetadataValues.AddLocalized(descriptions, child);
            else if (child.Is(XmlNamespace.MetadataUi, "Keywords"u8))
            {
                if (MetadataValues.Localized(child) is { } words)
                    keywords.Add(ReadKeywords(words));
            }
            else if (child.Is(XmlNamespace.MetadataUi, "Logo"u8))
            {
                if (ReadLogo(child) is { } logo)
                    logos.Add(logo);
            }
            else if (child.Is(XmlNamespace.MetadataUi, "InformationURL"u8))
                AddLink(information, child);
            else if (child.Is(XmlNamespace.MetadataUi, "PrivacyStatementURL"u8))
                AddLink(privacy, child);
        }
        return new UiInfo
        {
            DisplayNames = names,
            Descriptions = descriptions,
            Keywords = keywords,
            Logos = logos,
            InformationUrls = information,
            PrivacyStatementUrls = privacy,
        };
    }

    // A plus sign stands for a space inside a phrase.
    private static Keywords ReadKeywords(LocalizedText words) =>
        new(
            words.Language,
            [
                .. words
                    .Text.Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
                    .Select(word => word.Replace('+', ' ')),
            ]
        );

    // People are sent there, so what is no web address is passed over: javascript: and data: above all.
    private static void AddLink(List<LocalizedText> links, XmlElement element)
    {
        if (
            MetadataValues.Localized(element) is { } link
            && Uri.TryCreate(link.Text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        )
            links.Add(link);
    }

    // A logo is decoration: one that cannot be used is passed over. https or data only (SDP-MD10).
    private static Logo? ReadLogo(XmlElement element)
    {
        var url = MetadataValues.Text(element);
        var usable =
            url is not null
            && (
                url.StartsWith("https://", StringComparison.Ordinal)
                || url.StartsWith("data:image/", StringComparison.Ordinal)
            );
        if (
            !usable
            || !element.Attribute("width"u8).TryUnsignedShort(out var width)
            || !element.Attribute("height"u8).TryUnsignedShort(out var height)
        )
            return null;
        return new Logo(url!, width, height, element.Language.Text);
    }
}
