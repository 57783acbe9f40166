using Latchkey.Saml.Issuing;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>
/// What is known about one service provider, read from its file <c>connectors/{slug}.json</c>: it fills the form of a
/// new application, locks or hides what must not be changed, and holds the guide for the other side (J-26, J-56).
/// </summary>
internal sealed record Connector
{
    /// <summary>The file's name without its ending.</summary>
    public required string Slug { get; init; }

    public required string Name { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    public IReadOnlyList<ConnectorAlias> Aliases { get; init; } = [];

    public ConnectorStatus Status { get; init; }

    public bool Beta => Status == ConnectorStatus.Beta;

    /// <summary>Whether the service goes or has gone: to be moved away from.</summary>
    public bool Ends => Status is ConnectorStatus.EndOfSupport or ConnectorStatus.EndOfLife;

    /// <summary>In use nearly everywhere: shown first while nobody searches.</summary>
    public bool Common { get; init; }

    /// <summary>The vendor's own page on its SSO settings, an https address (S0-09).</summary>
    public string? VendorPage { get; init; }

    /// <summary>The colour of the logo or of the letter that stands in for it, as <c>#rrggbb</c>.</summary>
    public string? Color { get; init; }

    /// <summary>The outline of the logo as the data of an SVG path in a square of 24; null for a letter.</summary>
    public string? LogoPath { get; init; }

    public required ConnectorModes Modes { get; init; }

    /// <summary>What only the administrator knows, such as the name of the tenant.</summary>
    public IReadOnlyList<ConnectorVariable> Variables { get; init; } = [];

    public required ConnectorServiceProvider ServiceProvider { get; init; }

    /// <summary>Null where the service provider's wish is not known; our default is then sent.</summary>
    public ConnectorNameId? NameId { get; init; }

    /// <summary>What has to be signed; null where the wish is not known (K-04).</summary>
    public SignedParts? Sign { get; init; }

    /// <summary>Whether it can read encrypted assertions.</summary>
    public Known EncryptedAssertions { get; init; }

    /// <summary>How its AuthnRequests come.</summary>
    public RequestBinding RequestBinding { get; init; }

    /// <summary>Whether our metadata has to offer HTTP-Redirect; null where it does not matter (J-18).</summary>
    public bool? DeclareRedirectEndpoint { get; init; }

    public IReadOnlyList<ConnectorAttribute> Attributes { get; init; } = [];

    /// <summary>Fields of the application that this service provider leaves no choice in.</summary>
    public IReadOnlyList<ConnectorField> Fields { get; init; } = [];

    public required ConnectorCertificate Certificate { get; init; }

    public required ConnectorGuide Guide { get; init; }

    public required ConnectorEvidence Evidence { get; init; }

    /// <summary>What the connector says about a field of the application by its API name, such as <c>sign</c>.</summary>
    public ConnectorField? Field(string name) => Fields.FirstOrDefault(f => f.Name == name);

    /// <summary>What the connector says about the attribute of this name.</summary>
    public ConnectorAttribute? Attribute(string name) =>
        Attributes.FirstOrDefault(a => a.Name == name);
}

/// <summary>How far a connector can be relied on, the most first (J-56).</summary>
internal enum ConnectorStatus
{
    Stable,

    /// <summary>Rests only on older guides: still being tried in the field (S1-04).</summary>
    Beta,

    /// <summary>The vendor still runs the service and mends it no more.</summary>
    EndOfSupport,

    /// <summary>The vendor has ended the service or its SAML sign-on.</summary>
    EndOfLife,
}

/// <summary>A fact that nobody may have checked.</summary>
internal enum Known
{
    Unknown,
    Yes,
    No,
}

/// <summary>What the service provider can do (S0-21, S0-23).</summary>
/// <param name="SpInitiated">It starts sign-ins itself.</param>
/// <param name="IdpInitiated">It takes a Response that it did not ask for.</param>
/// <param name="Jit">It makes accounts at the first sign-in (S1-05).</param>
/// <param name="Scim">It takes accounts by SCIM.</param>
/// <param name="Slo">It takes part in single logout.</param>
internal sealed record ConnectorModes(
    Known SpInitiated,
    Known IdpInitiated,
    Known Jit,
    Known Scim,
    Known Slo
);

/// <summary>Another name under which people look for it, and why it leads here (S1-07, J-60).</summary>
internal sealed record ConnectorAlias(string Name, AliasReason Reason);

internal enum AliasReason
{
    /// <summary>The same product under another name.</summary>
    OtherName,

    /// <summary>Another product that signs in through this one.</summary>
    SharedLogin,

    /// <summary>A part of this product.</summary>
    PartOf,
}

/// <summary>A value that fills the templates of a connector wherever <c>{name}</c> stands.</summary>
internal sealed record ConnectorVariable
{
    /// <summary>Lower-case letters, digits and underscores.</summary>
    public required string Name { get; init; }

    public required string Label { get; init; }

    /// <summary>Where to find it.</summary>
    public string? Hint { get; init; }

    /// <summary>A value that the pattern takes; the tests fill the connector with it.</summary>
    public required string Example { get; init; }

    /// <summary>A regular expression for the whole value.</summary>
    public required string Pattern { get; init; }

    /// <summary>What the pattern means in words, for the error.</summary>
    public required string Expected { get; init; }

    /// <summary>Whether the application cannot be made without it. Templates that need a missing one are left out.</summary>
    public bool Required { get; init; } = true;

    /// <summary>A host name as a template: looked up while the value is typed.</summary>
    public string? Host { get; init; }
}

/// <summary>Templates of the other side's addresses.</summary>
internal sealed record ConnectorServiceProvider
{
    /// <summary>Compared exactly once filled: never normalized (K-01).</summary>
    public required string EntityId { get; init; }

    /// <summary>Other shapes it may have, to be shown; their variables are not asked for.</summary>
    public IReadOnlyList<string> EntityIdAlternatives { get; init; } = [];

    /// <summary>At least one; the first is the default.</summary>
    public required IReadOnlyList<string> AcsUrls { get; init; }

    /// <summary>Like <see cref="EntityIdAlternatives"/>.</summary>
    public IReadOnlyList<string> AcsUrlAlternatives { get; init; } = [];

    /// <summary>Where the service provider starts a sign-in.</summary>
    public string? LoginUrl { get; init; }

    public string? LogoutUrl { get; init; }

    /// <summary>Sent as RelayState when we start; null for none.</summary>
    public string? RelayState { get; init; }

    public SpMetadataSupport Metadata { get; init; }

    /// <summary>Where its metadata lies.</summary>
    public string? MetadataUrl { get; init; }

    public IdpMetadataSupport TakesMetadata { get; init; }
}

internal enum RequestBinding
{
    Unknown,
    Redirect,
    Post,
}

/// <summary>How the service provider takes our metadata (K-08).</summary>
internal enum IdpMetadataSupport
{
    Unknown,
    Url,
    File,
    UrlOrFile,

    /// <summary>Every value is entered by hand.</summary>
    None,
}

/// <summary>How the service provider gives its metadata (K-08).</summary>
internal enum SpMetadataSupport
{
    Unknown,
    Url,
    File,
    None,
}

/// <param name="Source">A source such as <c>email</c>.</param>
/// <param name="Format">The URN.</param>
internal sealed record ConnectorNameId(string Source, string Format);

/// <summary>One attribute that the service provider knows (J-31, J-32).</summary>
internal sealed record ConnectorAttribute
{
    public required string Name { get; init; }
    public string? FriendlyName { get; init; }

    /// <summary>The NameFormat's URI; null to state none.</summary>
    public string? NameFormat { get; init; }

    public required AttributeKind Kind { get; init; }

    /// <summary>For <see cref="AttributeKind.User"/> a source, for <see cref="AttributeKind.Constant"/> a template.</summary>
    public string? Value { get; init; }

    /// <summary>For <see cref="AttributeKind.Groups"/>: how several names travel (K-06).</summary>
    public GroupValues Groups { get; init; }

    /// <summary>For <see cref="AttributeKind.Groups"/>: the attribute of each group that is sent in place of its name.</summary>
    public string? GroupAttribute { get; init; }

    /// <summary>Sign-in fails without it.</summary>
    public bool Required { get; init; }

    /// <summary>New accounts are not made without it.</summary>
    public bool RequiredForJit { get; init; }

    /// <summary>Whether a new application sends it unless the administrator says otherwise.</summary>
    public bool Sent { get; init; } = true;

    /// <summary>The service provider reads exactly this name.</summary>
    public bool NameLocked { get; init; }

    /// <summary>What is sent must stay as it is.</summary>
    public bool ValueLocked { get; init; }

    /// <summary>Not worth showing: a constant that nobody has reason to look at.</summary>
    public bool Hidden { get; init; }

    /// <summary>A regular expression that every value has to match, such as AWS's pair of role and provider.</summary>
    public string? ValuePattern { get; init; }

    public string? Note { get; init; }
}

/// <summary>How the names of groups travel.</summary>
internal enum GroupValues
{
    /// <summary>One AttributeValue for each group.</summary>
    Each,

    /// <summary>All in one AttributeValue, with commas and no spaces between them.</summary>
    Joined,
}

/// <param name="Name">The API name: <c>sign</c>, <c>name_id.source</c>, <c>acs_urls</c>, …</param>
/// <param name="State">What the form does with it.</param>
/// <param name="Why">The reason, shown beside the field.</param>
internal sealed record ConnectorField(string Name, FieldState State, string Why);

internal enum FieldState
{
    /// <summary>Shown, but not to be changed.</summary>
    Locked,

    /// <summary>Not shown; keeps the connector's value.</summary>
    Hidden,

    /// <summary>Must not be empty.</summary>
    Required,
}
