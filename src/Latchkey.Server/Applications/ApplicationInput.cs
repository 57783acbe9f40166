using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;

namespace Latchkey.Server.Applications;

/// <summary>
/// What somebody wants an application to be, whether typed into the form, sent to the API or read from a file.
/// A null is "not said": it takes the default when creating and leaves the value alone when updating (J-27).
/// An empty text clears an optional field.
/// </summary>
internal sealed record ApplicationInput
{
    /// <summary>Says that no SessionNotOnOrAfter is to be sent.</summary>
    public const int NoSessionLifetime = -1;

    /// <summary>Counts when creating.</summary>
    public ApplicationKind Kind { get; init; }

    /// <summary>Made from the label when not said; cannot be changed later.</summary>
    public string? Slug { get; init; }

    public string? Label { get; init; }
    public string? Description { get; init; }

    /// <summary>A word of <see cref="ApplicationColors"/>; empty for the one made from the slug.</summary>
    public string? Color { get; init; }

    /// <summary>The whole set.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    public bool? Hidden { get; init; }

    /// <summary>Made from the public address and the slug when not said.</summary>
    public string? IdpEntityId { get; init; }

    public string? SpEntityId { get; init; }
    public IReadOnlyList<IndexedEndpoint>? AcsEndpoints { get; init; }
    public IReadOnlyList<Saml.Metadata.Endpoint>? SloEndpoints { get; init; }

    /// <summary>Each PEM, base64 of DER, or base64 of PEM (K-07); one text may hold several PEM blocks.</summary>
    public IReadOnlyList<string>? SpSigningCertificates { get; init; }

    /// <summary>As <see cref="SpSigningCertificates"/>.</summary>
    public IReadOnlyList<string>? SpEncryptionCertificates { get; init; }

    /// <summary>Not said when creating, it is whether there is a certificate to encrypt to.</summary>
    public bool? EncryptAssertions { get; init; }

    public ContentEncryption? ContentEncryption { get; init; }
    public KeyEncryption? KeyEncryption { get; init; }
    public bool? WantAssertionsSigned { get; init; }
    public IReadOnlyList<string>? RequiredAttributes { get; init; }
    public bool? RequireSignedRequests { get; init; }
    public int? ClockSkewSeconds { get; init; }
    public int? AssertionLifetimeSeconds { get; init; }

    /// <summary>Minutes; 0 for the end of the session here; <see cref="NoSessionLifetime"/> to send none.</summary>
    public int? SessionLifetimeMinutes { get; init; }

    public AuthnContextSettings? AuthnContext { get; init; }
    public bool? AnswerFailures { get; init; }

    /// <summary>As <see cref="Application.NameIdSource"/>.</summary>
    public string? NameIdSource { get; init; }

    /// <summary>A URI; short names are resolved by <see cref="ApplicationWords.NameIdFormats"/>.</summary>
    public string? NameIdFormat { get; init; }

    /// <summary>A mail address; empty for none.</summary>
    public string? TechnicalContact { get; init; }

    public SignedParts? Sign { get; init; }
    public SignatureAlgorithm? SignatureAlgorithm { get; init; }
    public IReadOnlyList<AttributeMapping>? Attributes { get; init; }
    public string? DefaultRelayState { get; init; }
    public string? LoginUrl { get; init; }
    public bool? DeclareRedirectEndpoint { get; init; }

    /// <summary>A data: URI of a picture, kept as PNG; empty for none.</summary>
    public string? Logo { get; init; }

    /// <summary>The groups whose members may sign in; the whole set.</summary>
    public IReadOnlyCollection<Guid>? GroupIds { get; init; }

    /// <summary>The users who may sign in without a group; the whole set (S4-12).</summary>
    public IReadOnlyCollection<Guid>? UserIds { get; init; }

    /// <summary>The slug of the connector it is made from; cannot be changed later.</summary>
    public string? Connector { get; init; }

    public IReadOnlyDictionary<string, string>? ConnectorVariables { get; init; }

    /// <summary>True makes a signing certificate where there is none yet.</summary>
    public bool? Active { get; init; }

    /// <summary>This, and what another says below it: what is not said here is taken from there.</summary>
    public ApplicationInput Over(ApplicationInput below) =>
        new()
        {
            Kind = Kind,
            Slug = Slug ?? below.Slug,
            Label = Label ?? below.Label,
            Description = Description ?? below.Description,
            Color = Color ?? below.Color,
            Categories = Categories ?? below.Categories,
            Hidden = Hidden ?? below.Hidden,
            IdpEntityId = IdpEntityId ?? below.IdpEntityId,
            SpEntityId = SpEntityId ?? below.SpEntityId,
            AcsEndpoints = AcsEndpoints ?? below.AcsEndpoints,
            SloEndpoints = SloEndpoints ?? below.SloEndpoints,
            SpSigningCertificates = SpSigningCertificates ?? below.SpSigningCertificates,
            SpEncryptionCertificates = SpEncryptionCertificates ?? below.SpEncryptionCertificates,
            EncryptAssertions = EncryptAssertions ?? below.EncryptAssertions,
            ContentEncryption = ContentEncryption ?? below.ContentEncryption,
            KeyEncryption = KeyEncryption ?? below.KeyEncryption,
            WantAssertionsSigned = WantAssertionsSigned ?? below.WantAssertionsSigned,
            RequiredAttributes = RequiredAttributes ?? below.RequiredAttributes,
            RequireSignedRequests = RequireSignedRequests ?? below.RequireSignedRequests,
            ClockSkewSeconds = ClockSkewSeconds ?? below.ClockSkewSeconds,
            AssertionLifetimeSeconds = AssertionLifetimeSeconds ?? below.AssertionLifetimeSeconds,
            SessionLifetimeMinutes = SessionLifetimeMinutes ?? below.SessionLifetimeMinutes,
            AuthnContext = AuthnContext ?? below.AuthnContext,
            AnswerFailures = AnswerFailures ?? below.AnswerFailures,
            NameIdSource = NameIdSource ?? below.NameIdSource,
            NameIdFormat = NameIdFormat ?? below.NameIdFormat,
            Sign = Sign ?? below.Sign,
            SignatureAlgorithm = SignatureAlgorithm ?? below.SignatureAlgorithm,
            Attributes = Attributes ?? below.Attributes,
            DefaultRelayState = DefaultRelayState ?? below.DefaultRelayState,
            LoginUrl = LoginUrl ?? below.LoginUrl,
            TechnicalContact = TechnicalContact ?? below.TechnicalContact,
            DeclareRedirectEndpoint = DeclareRedirectEndpoint ?? below.DeclareRedirectEndpoint,
            Logo = Logo ?? below.Logo,
            GroupIds = GroupIds ?? below.GroupIds,
            UserIds = UserIds ?? below.UserIds,
            Connector = Connector ?? below.Connector,
            ConnectorVariables = ConnectorVariables ?? below.ConnectorVariables,
            Active = Active ?? below.Active,
        };

    /// <summary>Assertion consumer services from plain addresses: HTTP-POST, the first one the default.</summary>
    public static IReadOnlyList<IndexedEndpoint> AcsFrom(IEnumerable<string> urls) =>
        [
            .. urls.Select(
                (url, index) =>
                    new IndexedEndpoint(SamlBindings.Post, url, index, index == 0 ? true : null)
            ),
        ];
}
