using System.Diagnostics.CodeAnalysis;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;

namespace Latchkey.Server.Applications;

/// <summary>The words that files, forms and events use for what is signed (J-15).</summary>
internal static class SignedPartsNames
{
    public static IReadOnlyList<string> All { get; } =
    ["assertion_and_response", "assertion", "response"];

    public static string Of(SignedParts parts) =>
        parts switch
        {
            SignedParts.Assertion => "assertion",
            SignedParts.Response => "response",
            SignedParts.AssertionAndResponse => "assertion_and_response",
            _ => throw new ArgumentOutOfRangeException(nameof(parts), parts, null),
        };

    public static bool TryParse(string? text, out SignedParts parts)
    {
        (var known, parts) = text switch
        {
            "assertion" => (true, SignedParts.Assertion),
            "response" => (true, SignedParts.Response),
            "assertion_and_response" => (true, SignedParts.AssertionAndResponse),
            _ => (false, default),
        };
        return known;
    }
}

/// <summary>The words that files, forms and events use for signature algorithms (J-14).</summary>
internal static class SignatureAlgorithmNames
{
    public static IReadOnlyList<string> All { get; } = ["rsa-sha256", "rsa-sha384", "rsa-sha512"];

    public static string Of(SignatureAlgorithm algorithm) =>
        algorithm switch
        {
            SignatureAlgorithm.RsaSha256 => "rsa-sha256",
            SignatureAlgorithm.RsaSha384 => "rsa-sha384",
            SignatureAlgorithm.RsaSha512 => "rsa-sha512",
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, null),
        };

    public static bool TryParse(string? text, out SignatureAlgorithm algorithm)
    {
        (var known, algorithm) = text switch
        {
            "rsa-sha256" => (true, SignatureAlgorithm.RsaSha256),
            "rsa-sha384" => (true, SignatureAlgorithm.RsaSha384),
            "rsa-sha512" => (true, SignatureAlgorithm.RsaSha512),
            _ => (false, default),
        };
        return known;
    }
}

/// <summary>Short names of the NameID formats, as the specification ends their URIs (J-13).</summary>
internal static class NameIdFormatNames
{
    private static readonly Dictionary<string, string> Uris = new(StringComparer.Ordinal)
    {
        ["emailAddress"] = NameIdFormats.EmailAddress,
        ["unspecified"] = NameIdFormats.Unspecified,
        ["persistent"] = NameIdFormats.Persistent,
        ["transient"] = NameIdFormats.Transient,
    };

    /// <summary>Short names, the most common first.</summary>
    public static IReadOnlyCollection<string> All => Uris.Keys;

    /// <summary>The URI of a short name, or the text itself when it is a URI already.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? uri)
    {
        if (text is not null && Uris.TryGetValue(text, out uri))
        {
            return true;
        }
        uri = Uri.TryCreate(text, UriKind.Absolute, out _) ? text : null;
        return uri is not null;
    }
}

/// <summary>Short names of the attribute name formats.</summary>
internal static class AttributeNameFormatNames
{
    private static readonly Dictionary<string, string> Uris = new(StringComparer.Ordinal)
    {
        ["unspecified"] = AttributeNameFormats.Unspecified,
        ["basic"] = AttributeNameFormats.Basic,
        ["uri"] = AttributeNameFormats.Uri,
    };

    public static IReadOnlyCollection<string> All => Uris.Keys;

    /// <summary>The URI of a short name, or the text itself when it is a URI already.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? uri)
    {
        if (text is not null && Uris.TryGetValue(text, out uri))
        {
            return true;
        }
        uri = Uri.TryCreate(text, UriKind.Absolute, out _) ? text : null;
        return uri is not null;
    }
}
