using System.Text;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Elements;

/// <summary>What most messages say: known texts need no string of their own.</summary>
internal static class KnownTexts
{
    private static readonly string[] All =
    [
        NameIdFormats.EmailAddress,
        NameIdFormats.Persistent,
        NameIdFormats.Transient,
        NameIdFormats.Unspecified,
        AttributeNameFormats.Basic,
        AttributeNameFormats.Uri,
        AttributeNameFormats.Unspecified,
        AuthnContextClasses.PasswordProtectedTransport,
        AuthnContextClasses.Password,
        AuthnContextClasses.Unspecified,
    ];

    /// <summary>The value as a string; null when there is none.</summary>
    public static string? Or(XmlValue value)
    {
        if (!value.Exists)
            return null;
        var octets = value.Octets;
        foreach (var known in All)
            if (known.Length == octets.Length && Ascii.Equals(octets, known))
                return known;
        return value.Text;
    }
}
