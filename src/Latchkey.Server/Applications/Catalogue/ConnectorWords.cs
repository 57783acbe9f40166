using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>The words of a connector's file, as its schema lists them.</summary>
internal static class ConnectorWords
{
    public static IReadOnlyList<string> Categories { get; } =
    [
        "analytics",
        "cloud",
        "cms",
        "collaboration",
        "crm",
        "dev",
        "education",
        "finance",
        "hr",
        "identity",
        "monitoring",
        "network",
        "security",
        "storage",
        "support",
    ];

    public static IReadOnlyDictionary<string, Known> Known { get; } =
        new Dictionary<string, Known>
        {
            ["yes"] = Catalogue.Known.Yes,
            ["no"] = Catalogue.Known.No,
            ["unknown"] = Catalogue.Known.Unknown,
        };

    public static IReadOnlyDictionary<string, ConnectorStatus> Status { get; } =
        new Dictionary<string, ConnectorStatus>
        {
            ["stable"] = ConnectorStatus.Stable,
            ["beta"] = ConnectorStatus.Beta,
            ["end_of_support"] = ConnectorStatus.EndOfSupport,
            ["end_of_life"] = ConnectorStatus.EndOfLife,
        };

    public static IReadOnlyList<string> Statuses { get; } = [.. Status.Keys];

    public static string Of(ConnectorStatus status) =>
        Status.Single(entry => entry.Value == status).Key;

    public static IReadOnlyDictionary<string, AliasReason> AliasReasons { get; } =
        new Dictionary<string, AliasReason>
        {
            ["other_name"] = AliasReason.OtherName,
            ["shared_login"] = AliasReason.SharedLogin,
            ["part_of"] = AliasReason.PartOf,
        };

    public static IReadOnlyDictionary<string, SpMetadataSupport> MetadataSupport { get; } =
        new Dictionary<string, SpMetadataSupport>
        {
            ["url"] = SpMetadataSupport.Url,
            ["file"] = SpMetadataSupport.File,
            ["none"] = SpMetadataSupport.None,
            ["unknown"] = SpMetadataSupport.Unknown,
        };

    public static IReadOnlyDictionary<string, IdpMetadataSupport> TakesMetadata { get; } =
        new Dictionary<string, IdpMetadataSupport>
        {
            ["url"] = IdpMetadataSupport.Url,
            ["file"] = IdpMetadataSupport.File,
            ["url_or_file"] = IdpMetadataSupport.UrlOrFile,
            ["none"] = IdpMetadataSupport.None,
            ["unknown"] = IdpMetadataSupport.Unknown,
        };

    public static IReadOnlyDictionary<string, RequestBinding> RequestBindings { get; } =
        new Dictionary<string, RequestBinding>
        {
            ["redirect"] = RequestBinding.Redirect,
            ["post"] = RequestBinding.Post,
            ["unknown"] = RequestBinding.Unknown,
        };

    public static IReadOnlyDictionary<string, SignedParts> Sign { get; } =
        ApplicationWords.Sign.All.ToDictionary(
            name => name,
            name => ApplicationWords.Sign.TryParse(name, out var parts) ? parts : default
        );

    public static IReadOnlyDictionary<string, string> NameIdFormats { get; } =
        new Dictionary<string, string>
        {
            ["emailAddress"] = Saml.Protocol.NameIdFormats.EmailAddress,
            ["unspecified"] = Saml.Protocol.NameIdFormats.Unspecified,
            ["persistent"] = Saml.Protocol.NameIdFormats.Persistent,
            ["transient"] = Saml.Protocol.NameIdFormats.Transient,
        };

    public static IReadOnlyDictionary<string, string> AttributeNameFormats { get; } =
        new Dictionary<string, string>
        {
            ["unspecified"] = Saml.Protocol.AttributeNameFormats.Unspecified,
            ["basic"] = Saml.Protocol.AttributeNameFormats.Basic,
            ["uri"] = Saml.Protocol.AttributeNameFormats.Uri,
        };

    public static IReadOnlyDictionary<string, GroupValues> GroupValues { get; } =
        new Dictionary<string, GroupValues>
        {
            ["each"] = Catalogue.GroupValues.Each,
            ["joined"] = Catalogue.GroupValues.Joined,
        };

    public static IReadOnlyDictionary<string, FieldState> FieldStates { get; } =
        new Dictionary<string, FieldState>
        {
            ["locked"] = FieldState.Locked,
            ["hidden"] = FieldState.Hidden,
            ["required"] = FieldState.Required,
        };

    /// <summary>The fields of an application that a connector can speak of, by their API names.</summary>
    public static IReadOnlyDictionary<string, string> Fields { get; } =
        new[]
        {
            "sp_entity_id",
            "acs_urls",
            "name_id.source",
            "name_id.format",
            "sign",
            "signature_algorithm",
            "attributes",
            "relay_state",
            "login_url",
            "declare_redirect_endpoint",
        }.ToDictionary(name => name, name => name);

    public static IReadOnlyDictionary<string, CertificateForm> CertificateForms { get; } =
        new Dictionary<string, CertificateForm>
        {
            ["pem"] = CertificateForm.Pem,
            ["base64"] = CertificateForm.Base64,
            ["base64_of_pem"] = CertificateForm.Base64OfPem,
            ["sha1"] = CertificateForm.Sha1,
            ["sha256"] = CertificateForm.Sha256,
            ["metadata"] = CertificateForm.Metadata,
            ["unknown"] = CertificateForm.Unknown,
        };

    public static IReadOnlyDictionary<string, GuideBasis> GuideBases { get; } =
        new Dictionary<string, GuideBasis>
        {
            ["documented"] = GuideBasis.Documented,
            ["older_guides"] = GuideBasis.OlderGuides,
            ["general"] = GuideBasis.General,
        };
}
