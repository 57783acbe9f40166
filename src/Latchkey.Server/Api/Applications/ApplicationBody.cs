using System.ComponentModel;
using System.Text.Json.Serialization;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;

namespace Latchkey.Server.Api.Applications;

/// <summary>An application as the API shows it and takes it, in the words of the declaration file. Of its signing key there is only what its certificate says.</summary>
internal sealed record ApplicationBody
{
    [ReadOnly(true)]
    public required Guid Id { get; init; }

    [WordsOf(typeof(ApplicationWords), nameof(ApplicationWords.Kind))]
    public required string Kind { get; init; }

    [Description("The last part of its address /saml2/{slug}; fixed after creation.")]
    public required string Slug { get; init; }

    public required string Label { get; init; }
    public required string? Description { get; init; }

    [Description("Behind the letter of a tile without logo.")]
    public required string? Color { get; init; }
    public required IReadOnlyList<string> Categories { get; init; }

    [Description("The mail address that is told before the signing certificate ends.")]
    public required string? TechnicalContact { get; init; }

    [Description("Whether the portal shows no tile.")]
    public required bool Hidden { get; init; }

    [Description(
        "Whether anybody can sign in. The first activation makes the signing certificate."
    )]
    public required bool Active { get; init; }
    public required string IdpEntityId { get; init; }
    public required string SpEntityId { get; init; }

    [Description("Assertion consumer services: HTTP-POST, the first one the default.")]
    public required IReadOnlyList<string> AcsUrls { get; init; }

    [Description("The same with everything that metadata can say about them.")]
    public required IReadOnlyList<AcsBody> AcsEndpoints { get; init; }

    [Description("Where logout messages may go.")]
    public required IReadOnlyList<SloBody> SloUrls { get; init; }

    [Description("Base64 of DER when shown; PEM is taken too.")]
    public required IReadOnlyList<string> SpSigningCertificates { get; init; }

    [Description("Base64 of DER when shown; PEM is taken too.")]
    public required IReadOnlyList<string> SpEncryptionCertificates { get; init; }
    public required EncryptionBody Encryption { get; init; }
    public required bool WantAssertionsSigned { get; init; }
    public required IReadOnlyList<string> RequiredAttributes { get; init; }
    public required bool RequireSignedRequests { get; init; }

    [Description("Seconds.")]
    public required int ClockSkew { get; init; }

    [Description("Seconds.")]
    public required int AssertionLifetime { get; init; }

    [Description("Minutes, session for as long as the session here, or none.")]
    [JsonConverter(typeof(SessionLifetimeConverter))]
    public required string SessionLifetime { get; init; }
    public required AuthnContextBody AuthnContext { get; init; }
    public required bool AnswerFailures { get; init; }
    public required NameIdBody NameId { get; init; }

    [WordsOf(typeof(ApplicationWords), nameof(ApplicationWords.Sign))]
    public required string Sign { get; init; }

    [WordsOf(typeof(ApplicationWords), nameof(ApplicationWords.SignatureAlgorithm))]
    public required string SignatureAlgorithm { get; init; }
    public required IReadOnlyList<AttributeBody> Attributes { get; init; }
    public required IReadOnlyList<ConstantBody> ConstantAttributes { get; init; }
    public required string? RelayState { get; init; }

    [Description(
        "Where the tile leads, if the application starts the sign-in itself; a bookmark's address."
    )]
    public required string? LoginUrl { get; init; }
    public required bool DeclareRedirectEndpoint { get; init; }

    [Description("A data: URI of a picture.")]
    public required string? Logo { get; init; }

    [Description("The connector it is made from, by slug.")]
    public required string? Connector { get; init; }
    public required IReadOnlyDictionary<string, string> ConnectorVariables { get; init; }

    [Description("Whose members may sign in, by name.")]
    public required IReadOnlyList<string> Groups { get; init; }

    [Description("Who may sign in without a group, by user name.")]
    public required IReadOnlyList<string> Users { get; init; }

    [ReadOnly(true)]
    [Description("The one that signs now; null before the first activation.")]
    public required SigningCertificateBody? Certificate { get; init; }

    [ReadOnly(true)]
    [Description("The address at which its metadata is followed.")]
    public required string? SpMetadataUrl { get; init; }

    [ReadOnly(true)]
    [Description("Of which one must have signed what is there.")]
    public required IReadOnlyList<string>? SpMetadataCertificates { get; init; }

    [ReadOnly(true)]
    public required MetadataStatusBody? MetadataStatus { get; init; }

    [WriteOnly]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The service provider's metadata, XML or an https address; when created only.")]
    public string? SpMetadata { get; init; }

    [Description("Counts changes. Sent back, the change is made only to this version.")]
    public required long Version { get; init; }

    [ReadOnly(true)]
    public required DateTimeOffset CreatedAt { get; init; }

    [ReadOnly(true)]
    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed record AcsBody(
    string Url,
    [property: WordsOf(typeof(ApplicationWords), nameof(ApplicationWords.Bindings), Open = true)]
        string Binding,
    int Index,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Default
);

internal sealed record SloBody(
    string Url,
    [property: WordsOf(typeof(ApplicationWords), nameof(ApplicationWords.LogoutBindings))]
        string Binding,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ResponseUrl
);

internal sealed record EncryptionBody(
    bool Assertions,
    [property: WordsOf(typeof(ApplicationWords), nameof(ApplicationWords.ContentEncryption))]
        string Content,
    [property: WordsOf(typeof(ApplicationWords), nameof(ApplicationWords.KeyEncryption))] string Key
);

/// <param name="Always">A class URI stated for every sign-in.</param>
internal sealed record AuthnContextBody(string? Always, IReadOnlyList<AuthnMappingBody> Mappings);

internal sealed record AuthnMappingBody(string Method, string Class);

/// <summary>One of source and expression.</summary>
internal sealed record NameIdBody(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Expression,
    [property: WordsOf(
        typeof(ApplicationWords),
        nameof(ApplicationWords.NameIdFormats),
        Open = true
    )]
        string Format
);

/// <summary>One of source and expression.</summary>
internal sealed record AttributeBody
{
    public required string Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Expression { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NameFormat { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FriendlyName { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GroupPattern { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GroupAttribute { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Separator { get; init; }
}

internal sealed record ConstantBody(
    string Name,
    string Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NameFormat,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FriendlyName
);

internal sealed record SigningCertificateBody(
    string Sha256,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter
);

/// <summary>How it stands with followed metadata.</summary>
internal sealed record MetadataStatusBody(
    DateTimeOffset? SucceededAt,
    DateTimeOffset? NextAt,
    DateTimeOffset? ValidUntil,
    DateTimeOffset? FailingSince,
    string? Problem,
    string? Alarm
)
{
    public static MetadataStatusBody Of(FollowedMetadata followed) =>
        new(
            followed.SucceededAt,
            followed.NextAt,
            followed.ValidUntil,
            followed.FailingSince,
            followed.ProblemCode,
            followed.Alarm == MetadataAlarm.None ? null : FollowingAlarms.Word(followed.Alarm)
        );
}

/// <summary>A row of the list.</summary>
internal sealed record ApplicationRowBody(
    Guid Id,
    [property: WordsOf(typeof(ApplicationWords), nameof(ApplicationWords.Kind))] string Kind,
    string Slug,
    string Label,
    string SpEntityId,
    bool Active,
    int Groups,
    int Users,
    DateTimeOffset? CertificateNotAfter
);
