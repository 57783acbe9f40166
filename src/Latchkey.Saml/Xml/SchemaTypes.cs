using System.Text;
using Latchkey.Saml.Findings;

namespace Latchkey.Saml.Xml;

/// <summary>Reads attributes and texts as the types that the schema gives them; what does not fit is a finding.</summary>
internal static class SchemaTypes
{
    /// <summary>An attribute that has to be there.</summary>
    public static XmlValue Required(
        this XmlElement element,
        ReadOnlySpan<byte> attribute,
        FindingList findings
    )
    {
        var value = element.Attribute(attribute);
        if (!value.Exists)
            findings.Add(
                FindingKinds.AttributeMissing,
                expected: Encoding.UTF8.GetString(attribute),
                at: element.Place
            );
        return value;
    }

    /// <summary>The attribute ID: an NCName, the only thing that is an ID (rule X3).</summary>
    public static XmlValue RequiredId(this XmlElement element, FindingList findings)
    {
        var id = element.Required("ID"u8, findings);
        if (id.Exists && !NameCharacters.IsName(id.Octets))
            findings.Add(FindingKinds.IdMalformed, "an NCName", id.Text, id.Place);
        return id;
    }

    /// <summary>An attribute that has to be there and is a time.</summary>
    public static DateTimeOffset? RequiredTime(
        this XmlElement element,
        ReadOnlySpan<byte> attribute,
        FindingList findings
    ) => Time(element.Required(attribute, findings), findings);

    /// <summary>An attribute that is a time, if it is there.</summary>
    public static DateTimeOffset? OptionalTime(
        this XmlElement element,
        ReadOnlySpan<byte> attribute,
        FindingList findings
    ) => Time(element.Attribute(attribute), findings);

    /// <summary>An attribute that is true or false; false when it is not there.</summary>
    public static bool OptionalBoolean(
        this XmlElement element,
        ReadOnlySpan<byte> attribute,
        FindingList findings
    )
    {
        var value = element.Attribute(attribute);
        if (!value.Exists)
            return false;
        if (!value.TryBoolean(out var boolean))
            findings.Add(FindingKinds.ValueMalformed, "true or false", value.Text, value.Place);
        return boolean;
    }

    /// <summary>An attribute that is a number from 0 to 65535, if it is there.</summary>
    public static int? OptionalIndex(
        this XmlElement element,
        ReadOnlySpan<byte> attribute,
        FindingList findings
    )
    {
        var value = element.Attribute(attribute);
        if (!value.Exists)
            return null;
        if (value.TryUnsignedShort(out var number))
            return number;
        findings.Add(
            FindingKinds.ValueMalformed,
            "a number from 0 to 65535",
            value.Text,
            value.Place
        );
        return null;
    }

    /// <summary>An attribute that is a whole number, not negative, if it is there.</summary>
    public static int? OptionalCount(
        this XmlElement element,
        ReadOnlySpan<byte> attribute,
        FindingList findings
    )
    {
        var value = element.Attribute(attribute);
        if (!value.Exists)
            return null;
        if (value.TryCount(out var number))
            return number;
        findings.Add(
            FindingKinds.ValueMalformed,
            "a whole number that is not negative",
            value.Text,
            value.Place
        );
        return null;
    }

    /// <summary>The text of an element that may hold text only; default when the element is not there.</summary>
    public static XmlValue TextOnly(this XmlElement element, FindingList findings)
    {
        if (!element.Exists)
            return default;
        if (!element.TryText(out var text))
            findings.Add(
                FindingKinds.ElementInText,
                $"text only in {element.Name}",
                at: element.Place
            );
        return text;
    }

    /// <summary>The text of an element that may hold text only, and has to hold some.</summary>
    public static XmlValue RequiredText(this XmlElement element, FindingList findings)
    {
        var text = element.TextOnly(findings);
        if (text.Exists && text.Octets.IsEmpty)
            findings.Add(
                FindingKinds.ValueMalformed,
                $"a value in {element.Name}",
                at: element.Place
            );
        return text;
    }

    private static DateTimeOffset? Time(XmlValue value, FindingList findings)
    {
        if (!value.Exists)
            return null;
        if (value.TryTime(out var instant))
            return instant;
        findings.Add(FindingKinds.TimeMalformed, "YYYY-MM-DDThh:mm:ssZ", value.Text, value.Place);
        return null;
    }
}
