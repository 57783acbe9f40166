namespace Latchkey.Saml.Metadata;

/// <summary>Names and logos for people (sstc-saml-metadata-ui-v1.0).</summary>
public sealed record UiInfo
{
    /// <summary>Display names by language.</summary>
    public IReadOnlyList<LocalizedText> DisplayNames { get; init; } = [];

    /// <summary>Descriptions by language.</summary>
    public IReadOnlyList<LocalizedText> Descriptions { get; init; } = [];

    /// <summary>Search words by language.</summary>
    public IReadOnlyList<Keywords> Keywords { get; init; } = [];

    /// <summary>Logos.</summary>
    public IReadOnlyList<Logo> Logos { get; init; } = [];

    /// <summary>Addresses of pages about the service, by language.</summary>
    public IReadOnlyList<LocalizedText> InformationUrls { get; init; } = [];

    /// <summary>Addresses of privacy statements, by language.</summary>
    public IReadOnlyList<LocalizedText> PrivacyStatementUrls { get; init; } = [];
}

/// <summary>A text in one language.</summary>
/// <param name="Language">xml:lang.</param>
/// <param name="Text">The text.</param>
public sealed record LocalizedText(string Language, string Text);

/// <summary>Search words in one language.</summary>
/// <param name="Language">xml:lang.</param>
/// <param name="Words">Words or phrases; a phrase holds spaces, and no plus sign.</param>
public sealed record Keywords(string Language, IReadOnlyList<string> Words);

/// <summary>A logo's address and size in pixels.</summary>
/// <param name="Url">https or data.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
/// <param name="Language">xml:lang, if said.</param>
public sealed record Logo(string Url, int Width, int Height, string? Language = null);

/// <summary>A domain that an entity may speak for (shibmd:Scope, as federations register it).</summary>
/// <param name="Value">The domain, or a regular expression.</param>
/// <param name="IsRegularExpression">Which of them.</param>
public sealed record Scope(string Value, bool IsRegularExpression = false);
