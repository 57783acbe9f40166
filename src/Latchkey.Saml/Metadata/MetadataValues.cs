using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Reads single values of metadata.</summary>
internal static class MetadataValues
{
    /// <summary>An attribute that has to be there.</summary>
    /// <returns>Null, and a finding, when it is not there or empty.</returns>
    public static string? Required(XmlElement element, string name, FindingList findings)
    {
        string? value = element.Attribute(System.Text.Encoding.ASCII.GetBytes(name)).Text;
        if (!string.IsNullOrEmpty(value))
            return value;
        findings.Add(
            FindingKinds.AttributeMissing,
            expected: name,
            found: value,
            at: element.PlaceOf(name)
        );
        return null;
    }

    /// <summary>An xs:boolean attribute; null when it is not there.</summary>
    public static bool? Boolean(XmlElement element, ReadOnlySpan<byte> name, FindingList findings)
    {
        XmlValue value = element.Attribute(name);
        if (!value.Exists)
            return null;
        if (value.TryBoolean(out bool read))
            return read;
        findings.Add(
            FindingKinds.ValueMalformed,
            expected: "true or false",
            found: value.Text,
            at: value.Place
        );
        return null;
    }

    /// <summary>The text of an element without the white space around it, as indented files have it; null when there is none.</summary>
    public static string? Text(XmlElement element)
    {
        if (!element.TryText(out XmlValue value))
            return null;
        string text = Trimmed(value);
        return text.Length == 0 ? null : text;
    }

    /// <summary>A text in a language; null when it is empty.</summary>
    public static LocalizedText? Localized(XmlElement element) =>
        Text(element) is { } text
            ? new LocalizedText(element.Language.Text is { Length: > 0 } l ? l : "en", text)
            : null;

    /// <summary>Adds a text in a language; nothing when it is empty.</summary>
    public static void AddLocalized(List<LocalizedText> texts, XmlElement element)
    {
        if (Localized(element) is { } text)
            texts.Add(text);
    }

    /// <summary>The index of an indexed element. A missing one is harmless, since only registered things are ever chosen by it: the next free one is given.</summary>
    public static int Index(XmlElement element, int next, FindingList findings)
    {
        var index = element.Attribute("index"u8);
        if (!index.Exists)
            return next;
        if (index.TryUnsignedShort(out var number))
            return number;
        findings.Add(
            FindingKinds.ValueMalformed,
            expected: "index from 0 to 65535",
            found: index.Text,
            at: index.Place
        );
        return number;
    }

    /// <summary>
    /// The values of a saml:Attribute without the white space around them: categories and requirements are names and
    /// addresses, which indented files have on lines of their own. One that is an element is left out.
    /// </summary>
    public static IReadOnlyList<string> AttributeValues(XmlElement attribute)
    {
        List<string> values = [];
        foreach (var child in attribute.Children)
            if (
                child.Is(XmlNamespace.Assertion, "AttributeValue"u8) && child.TryText(out var value)
            )
                values.Add(Trimmed(value));
        return values;
    }

    private static string Trimmed(XmlValue value) => value.Text?.Trim(' ', '\t', '\n', '\r') ?? "";
}
