using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Mapping;
using Endpoint = Latchkey.Saml.Metadata.Endpoint;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Reads one application of a declaration file.</summary>
internal static class ApplicationReader
{
    public static DeclaredApplication Read(Section section, DeclarationProblems problems)
    {
        var nameId = section.Map("name_id");
        var encryption = section.Map("encryption");
        var application = new DeclaredApplication
        {
            Line = section.Line,
            Lines = section.Lines,
            Slug = section.Required("slug"),
            SpMetadata = section.Text("sp_metadata"),
            Following = Following(section),
            Groups = section.Texts("groups"),
            Users = section.Texts("users"),
            Said = new ApplicationInput
            {
                Label = section.Text("label"),
                Description = section.Text("description"),
                Color = section.Text("color"),
                Categories = section.Texts("categories"),
                Hidden = section.Flag("hidden"),
                IdpEntityId = section.Text("idp_entity_id"),
                SpEntityId = section.Text("sp_entity_id"),
                AcsEndpoints = section.Texts("acs_urls") is { } urls
                    ? ApplicationInput.AcsFrom(urls)
                    : null,
                SloEndpoints = LogoutAddresses(section, problems),
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
                NameIdSource = nameId?.Text("expression") is { } expression
                    ? AttributePlan.ExpressionPrefix + expression
                    : nameId?.Text("source"),
                NameIdFormat = Uri(nameId, "format", ApplicationWords.NameIdFormats, problems),
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
                Attributes = Attributes(section, problems),
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
        section.End();
        return application;
    }

    /// <summary>Rows of binding, url and, if answers go elsewhere, response_url.</summary>
    private static List<Endpoint>? LogoutAddresses(Section section, DeclarationProblems problems)
    {
        if (section.Sections("slo_urls", "logout address") is not { } rows)
        {
            return null;
        }
        var endpoints = new List<Endpoint>();
        foreach (var row in rows)
        {
            row.Required("binding");
            endpoints.Add(
                new(
                    Uri(row, "binding", ApplicationWords.LogoutBindings, problems) ?? "",
                    row.Required("url"),
                    row.Text("response_url")
                )
            );
            row.End();
        }
        return endpoints;
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
        var always = context.Text("always");
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
        return new AuthnContextSettings(always, mappings);
    }

    /// <summary>Both lists as the one that an application has; null if the file has neither.</summary>
    private static List<AttributeMapping>? Attributes(Section section, DeclarationProblems problems)
    {
        var mapped = section.Sections("attributes", "attribute");
        var constant = section.Sections("constant_attributes", "constant attribute");
        if (mapped is null && constant is null)
        {
            return null;
        }
        var rows = new List<AttributeMapping>();
        foreach (var row in mapped ?? [])
        {
            rows.Add(Mapped(row, problems));
            row.End();
        }
        foreach (var row in constant ?? [])
        {
            rows.Add(
                Named(row, problems) with
                {
                    Kind = AttributeKind.Constant,
                    Value = row.Required("value"),
                }
            );
            row.End();
        }
        return rows;
    }

    private static AttributeMapping Mapped(Section row, DeclarationProblems problems)
    {
        var named = Named(row, problems);
        if (row.Text("expression") is { } expression)
        {
            return named with { Kind = AttributeKind.Expression, Value = expression };
        }
        var source = row.Required("source");
        var (pattern, separator) = (row.Text("group_pattern"), row.Text("separator"));
        return source switch
        {
            "groups" => named with
            {
                Kind = AttributeKind.Groups,
                Groups = pattern is null && separator is null ? null : new(pattern, separator),
            },
            "amr" => named with { Kind = AttributeKind.AuthnMethods },
            _ => named with { Kind = AttributeKind.User, Value = source },
        };
    }

    private static AttributeMapping Named(Section row, DeclarationProblems problems) =>
        new(
            row.Required("name"),
            AttributeKind.User,
            null,
            Uri(row, "name_format", ApplicationWords.AttributeNameFormats, problems),
            row.Text("friendly_name")
        );

    private static string? Uri(
        Section? section,
        string key,
        UriWords words,
        DeclarationProblems problems
    )
    {
        if (section?.Text(key) is not { } text)
        {
            return null;
        }
        if (words.TryParse(text, out var uri))
        {
            return uri;
        }
        var known = string.Join(", ", words.All);
        problems.Add(section.LineOf(key), "declaration-not-word", key, text, known);
        return null;
    }
}
