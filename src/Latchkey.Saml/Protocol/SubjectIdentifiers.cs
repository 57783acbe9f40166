using System.Buffers;

namespace Latchkey.Saml.Protocol;

/// <summary>The attributes subject-id and pairwise-id (saml-subject-id-attr-v1.0): <c>unique@scope</c>, compared without regard to case.</summary>
public static class SubjectIdentifiers
{
    private const int LongestPart = 127;

    private static readonly SearchValues<char> UniquePart = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789=-"
    );

    private static readonly SearchValues<char> ScopePart = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."
    );

    /// <summary>Whether a value has the form of the profile.</summary>
    public static bool IsValid(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        int at = value.IndexOf('@', StringComparison.Ordinal);
        return at > 0
            && IsPart(value.AsSpan(0, at), UniquePart)
            && IsPart(value.AsSpan(at + 1), ScopePart);
    }

    /// <summary>The attribute as it is to be issued.</summary>
    /// <param name="name"><see cref="AttributeNames.SubjectId"/> or <see cref="AttributeNames.PairwiseId"/>.</param>
    /// <param name="unique">Letters, digits, = and -; at most 127. Never given to somebody else.</param>
    /// <param name="scope">The issuer's domain.</param>
    /// <exception cref="ArgumentException">The value has not the form of the profile.</exception>
    public static SamlAttribute Create(string name, string unique, string scope)
    {
        string value = $"{unique}@{scope}";
        if (!IsValid(value))
            throw new ArgumentException(
                $"'{value}' is not of the form unique@scope (saml-subject-id-attr-v1.0 §3.3).",
                nameof(unique)
            );
        return new SamlAttribute(name, [value], AttributeNameFormats.Uri);
    }

    /// <summary>The value among received attributes; null when it is not there exactly once, in the form of the profile.</summary>
    /// <param name="attributes">The attributes of an assertion.</param>
    /// <param name="name"><see cref="AttributeNames.SubjectId"/> or <see cref="AttributeNames.PairwiseId"/>.</param>
    /// <remarks>Whether the identity provider may speak for the scope is the caller's to know.</remarks>
    public static string? Find(IReadOnlyList<SamlAttribute> attributes, string name)
    {
        string[] values =
        [
            .. attributes.Where(attribute => attribute.Name == name).SelectMany(a => a.Values),
        ];
        return values is [var only] && IsValid(only) ? only : null;
    }

    private static bool IsPart(ReadOnlySpan<char> part, SearchValues<char> allowed) =>
        part.Length is > 0 and <= LongestPart
        && char.IsAsciiLetterOrDigit(part[0])
        && !part.ContainsAnyExcept(allowed);
}
