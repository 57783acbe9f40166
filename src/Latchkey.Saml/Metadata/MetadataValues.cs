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
        string? text = value.Text?.Trim(' ', '\t', '\n', '\r');
        return string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>A text in a language; null when it is empty.</summary>
    public static LocalizedText? Localized(XmlElement element) =>
        Text(element) is { } text
            ? new LocalizedText(element.Language.Text is { Length: > 0 } l ? l : "en", text)
            : null;
}
