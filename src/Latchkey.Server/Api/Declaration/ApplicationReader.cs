using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Mapping;
using Endpoint = Latchkey.Saml.Metadata.Endpoint;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Reads one application of a declaration file, or of a call: the keys are the same.</summary>
internal static class ApplicationReader
{
    /// <summary>An application of a file, which names it by its slug.</summary>
    public static DeclaredApplication Read(Section section) => Read(section, inCall: false);

    /// <summary>An application in a call's body: the slug may be left to the label, and a version can be said. What is only shown is passed over, so that what was shown can be sent back.</summary>
    public static DeclaredApplication ReadCall(Section section) => Read(section, inCall: true);

    private static DeclaredApplication Read(Section section, bool inCall)
    {
        var nameId = section.Map("name_id");
        var encryption = section.Map("encryption");
        var (mapped, constant) = AttributeReader.Read(section);
        var application = new DeclaredApplication
        {
            Line = section.Line,
            Lines = section.Lines,
            Slug = inCall ? section.Text("slug") ?? "" : section.Required("slug"),
            Kind = section.Word<ApplicationKind>(
                "kind",
                ApplicationWords.Kind.TryParse,
                ApplicationWords.Kind.All
            ),
            SpMetadata = section.Text("sp_metadata") is { Length: > 0 } metadata ? metadata : null,
            Following = inCall ? null : Following(section),
            KeyPair = inCall ? null : DeclaredKeyPair.Read(section, DeclaredKeyPair.Signing),
            NextKeyPair = inCall ? null : DeclaredKeyPair.Read(section, DeclaredKeyPair.Next),
            Groups = section.Texts("groups"),
            Users = section.Texts("users"),
            AcsUrls = section.Texts("acs_urls"),
            AcsEndpoints = EndpointReader.Acs(section),
            Mapped = mapped,
            Constant = constant,
            Version = inCall ? section.Number("version") : null,
            Plain = new ApplicationInput
            {
                Label = section.Text("label"),
                Description = section.Text("description"),
                Color = section.Text("color"),
                Categories = section.Texts("categories"),
                Hidden = section.Flag("hidden"),
                IdpEntityId = section.Text("idp_entity_id"),
                SpEntityId = section.Text("sp_entity_id"),
                SloEndpoints = EndpointReader.Slo(section),
                SpSigningCertificates = section.Texts("sp_signing_certificates"),
                SpEncryptionCertificates = section.Texts("sp_encryption_certificates"),
                EncryptAssertions = encryption?.Flag("assertions"),
                ContentEncryption = encryption?.Word<ContentEncryption>(
                    "content",
                    ApplicationWords.ContentEncryption.TryParse,
                    ApplicationWords.ContentEncryption.All
                ),
                KeyEncryption = encryption?.Word<KeyEncryption>(
                    "key",
                    ApplicationWords.KeyEncryption.TryParse,
                    ApplicationWords.KeyEncryption.All
                ),
                WantAssertionsSigned = section.Flag("want_assertions_signed"),
                RequiredAttributes = section.Texts("required_attributes"),
                RequireSignedRequests = section.Flag("require_signed_requests"),
                ClockSkewSeconds = section.Number("clock_skew"),
                AssertionLifetimeSeconds = section.Number("assertion_lifetime"),
                SessionLifetimeMinutes = SessionLifetime(section),
                AuthnContext = AuthnContext(section),
                AnswerFailures = section.Flag("answer_failures"),
                NameIdSource = nameId?.Text("expression") is { Length: > 0 } expression
                    ? AttributePlan.ExpressionPrefix + expression
                    : nameId?.Text("source"),
                NameIdFormat = AttributeReader.Uri(
                    nameId,
                    "format",
                    ApplicationWords.NameIdFormats
                ),
                Sign = section.Word<SignedParts>(
                    "sign",
                    ApplicationWords.Sign.TryParse,
                    ApplicationWords.Sign.All
                ),
                SignatureAlgorithm = section.Word<SignatureAlgorithm>(
                    "signature_algorithm",
                    ApplicationWords.SignatureAlgorithm.TryParse,
                    ApplicationWords.SignatureAlgorithm.All
                ),
                DefaultRelayState = section.Text("relay_state"),
                LoginUrl = section.Text("login_url"),
                TechnicalContact = section.Text("technical_contact"),
                DeclareRedirectEndpoint = section.Flag("declare_redirect_endpoint"),
                Logo = section.Text("logo"),
                Connector = section.Text("connector"),
                ConnectorVariables = section
                    .Open("connector_variables")
                    ?.ToDictionary(
                        v => v.Key,
                        v => string.Join(",", v.Value),
                        StringComparer.Ordinal
                    ),
                Active = section.Flag("active"),
            },
        };
        nameId?.End();
        encryption?.End();
        if (inCall)
        {
            section.Skip(
                "id",
                "certificate",
                "sp_metadata_url",
                "sp_metadata_certificates",
                "metadata_status",
                "created_at",
                "updated_at"
            );
        }
        section.End();
        return application;
    }

    private static DeclaredFollowing? Following(Section section)
    {
        var certificates = section.Texts("sp_metadata_certificates") ?? [];
        return section.Text("sp_metadata_url") is { } url ? new(url, certificates) : null;
    }

    /// <summary>Minutes, <c>session</c> for the end of the session here, or <c>none</c>.</summary>
    private static int? SessionLifetime(Section section) =>
        section.Text("session_lifetime") switch
        {
            null => null,
            "none" => ApplicationInput.NoSessionLifetime,
            "session" => 0,
            _ => section.Number("session_lifetime"),
        };

    private static AuthnContextSettings? AuthnContext(Section section)
    {
        if (section.Map("authn_context") is not { } context)
        {
            return null;
        }
        var always = context.Text("always") is { Length: > 0 } uri ? uri : null;
        var mappings = context
            .Sections("mappings", "mapping")
            ?.Select(row =>
            {
                var mapping = new AuthnContextMapping(
                    row.Required("method"),
                    row.Required("class")
                );
                row.End();
                return mapping;
            })
            .ToList();
        context.End();
        return new AuthnContextSettings(always, mappings is { Count: > 0 } ? mappings : null);
    }
}
