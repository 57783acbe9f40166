namespace Latchkey.Saml.Protocol;

/// <summary>A subject's identifier (saml-core-2.0 §2.2.3). Compared exactly, never trimmed or folded (rule P8).</summary>
/// <param name="Value">The identifier.</param>
/// <param name="Format">One of <see cref="NameIdFormats"/>, or another URI; null when the message has none.</param>
/// <param name="NameQualifier">The identity provider's domain of names, if given.</param>
/// <param name="SpNameQualifier">The service provider's domain of names, if given.</param>
public sealed record NameId(
    string Value,
    string? Format = null,
    string? NameQualifier = null,
    string? SpNameQualifier = null
);
