namespace Latchkey.Saml.Metadata;

/// <summary>The organization behind an entity, in each language it speaks (saml-metadata-2.0 §2.3.2.1).</summary>
public sealed record Organization
{
    /// <summary>An organization without texts yet.</summary>
    public Organization() { }

    /// <summary>An organization in one language.</summary>
    public Organization(string name, string displayName, string url, string language = "en")
    {
        Names = [new LocalizedText(language, name)];
        DisplayNames = [new LocalizedText(language, displayName)];
        Urls = [new LocalizedText(language, url)];
    }

    /// <summary>Its names.</summary>
    public IReadOnlyList<LocalizedText> Names { get; init; } = [];

    /// <summary>Its names for people.</summary>
    public IReadOnlyList<LocalizedText> DisplayNames { get; init; } = [];

    /// <summary>Where people learn more.</summary>
    public IReadOnlyList<LocalizedText> Urls { get; init; } = [];

    /// <summary>The first name; empty when there is none.</summary>
    public string Name => First(Names);

    /// <summary>The first name for people; empty when there is none.</summary>
    public string DisplayName => First(DisplayNames);

    /// <summary>The first address; empty when there is none.</summary>
    public string Url => First(Urls);

    private static string First(IReadOnlyList<LocalizedText> texts) =>
        texts.Count == 0 ? "" : texts[0].Text;
}

/// <summary>What a contact is for (saml-metadata-2.0 §2.3.2.2).</summary>
public enum ContactType
{
    /// <summary>Anything else.</summary>
    Other,

    /// <summary>Technical questions.</summary>
    Technical,

    /// <summary>Help for people.</summary>
    Support,

    /// <summary>Administrative questions.</summary>
    Administrative,

    /// <summary>Bills.</summary>
    Billing,
}

/// <summary>Somebody to turn to (saml-metadata-2.0 §2.3.2.2).</summary>
/// <param name="Type">What for.</param>
public sealed record ContactPerson(ContactType Type)
{
    /// <summary>The company.</summary>
    public string? Company { get; init; }

    /// <summary>The first name.</summary>
    public string? GivenName { get; init; }

    /// <summary>The family name.</summary>
    public string? SurName { get; init; }

    /// <summary>Addresses, with or without mailto:, as written.</summary>
    public IReadOnlyList<string> EmailAddresses { get; init; } = [];

    /// <summary>Telephone numbers.</summary>
    public IReadOnlyList<string> TelephoneNumbers { get; init; } = [];
}
