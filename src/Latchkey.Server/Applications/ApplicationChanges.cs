using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Server.Certificates;

namespace Latchkey.Server.Applications;

/// <summary>An application as text, field by field under the API's names, for the events that tell what changed.</summary>
internal static class ApplicationChanges
{
    /// <summary>Every field, in a fixed order.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> Snapshot(Application application) =>
        [
            new("kind", application.Kind == ApplicationKind.Bookmark ? "bookmark" : null),
            new("label", application.Label),
            new("description", application.Description),
            new("color", application.Color),
            new("categories", Join(application.Categories)),
            new("technical_contact", application.TechnicalContact),
            new("hidden", Text(application.Hidden)),
            new("active", Text(application.Active)),
            new("idp_entity_id", application.IdpEntityId),
            new("sp_entity_id", application.SpEntityId),
            new("acs_urls", Join(application.AcsEndpoints.Select(Text))),
            new("slo_urls", Join(application.SloEndpoints.Select(Text))),
            new("sp_signing_certificates", Join(application.SpSigningCertificates.Select(Text))),
            new(
                "sp_encryption_certificates",
                Join(application.SpEncryptionCertificates.Select(Text))
            ),
            new("encrypt_assertions", Text(application.EncryptAssertions)),
            new(
                "content_encryption",
                ApplicationWords.ContentEncryption.Of(application.ContentEncryption)
            ),
            new("key_encryption", ApplicationWords.KeyEncryption.Of(application.KeyEncryption)),
            new("want_assertions_signed", Text(application.WantAssertionsSigned)),
            new("required_attributes", Join(application.RequiredAttributes)),
            new("require_signed_requests", Text(application.RequireSignedRequests)),
            new("name_id.source", application.NameIdSource),
            new("name_id.format", application.NameIdFormat),
            new("sign", ApplicationWords.Sign.Of(application.Sign)),
            new(
                "signature_algorithm",
                ApplicationWords.SignatureAlgorithm.Of(application.SignatureAlgorithm)
            ),
            new("clock_skew", Text(application.ClockSkewSeconds)),
            new("assertion_lifetime", Text(application.AssertionLifetimeSeconds)),
            new("session_lifetime", Text(application.SessionLifetimeMinutes)),
            new("authn_context.always", application.AuthnContext.Always),
            new(
                "authn_context.mappings",
                Join(
                    (application.AuthnContext.Mappings ?? []).Select(m =>
                        $"{m.Method} = {m.ClassRef}"
                    )
                )
            ),
            new("answer_failures", Text(application.AnswerFailures)),
            new("attributes", Join(application.Attributes.Select(Text))),
            new("relay_state", application.DefaultRelayState),
            new("login_url", application.LoginUrl),
            new("declare_redirect_endpoint", Text(application.DeclareRedirectEndpoint)),
            new("connector", application.Connector),
            new(
                "connector_variables",
                Join(
                    application
                        .ConnectorVariables.OrderBy(v => v.Key, StringComparer.Ordinal)
                        .Select(v => $"{v.Key} = {v.Value}")
                )
            ),
            // A picture in an event would be noise; that it changed is enough.
            new("logo", application.Logo is { } logo ? Logo(logo) : null),
        ];

    private static string Logo(string logo)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(logo)));
        return $"{logo.Length} characters, SHA-256 {hash[..8]}";
    }

    private static string Text(Saml.Metadata.IndexedEndpoint endpoint)
    {
        var binding = ApplicationWords.Bindings.Of(endpoint.Binding);
        string?[] notes =
        [
            $"{endpoint.Index}",
            endpoint.IsDefault == true ? "default" : null,
            endpoint.Binding == Saml.Protocol.SamlBindings.Post ? null : binding,
        ];
        return $"[{string.Join(", ", notes.OfType<string>())}] {endpoint.Location}";
    }

    private static string Text(Saml.Metadata.Endpoint endpoint)
    {
        var place = $"[{ApplicationWords.LogoutBindings.Of(endpoint.Binding)}] {endpoint.Location}";
        return endpoint.ResponseLocation is { } answers ? $"{place}, answers {answers}" : place;
    }

    private static string Text(AttributeMapping row)
    {
        var value = row.Kind switch
        {
            AttributeKind.User => row.Value,
            AttributeKind.Constant => $"\"{row.Value}\"",
            AttributeKind.Expression => $"expression {row.Value}",
            AttributeKind.AuthnMethods => "amr",
            _ => "groups",
        };
        string?[] notes =
        [
            row.NameFormat,
            row.FriendlyName is null ? null : $"friendly name {row.FriendlyName}",
            row.Groups?.Attribute is { } attribute ? $"attribute {attribute} of each" : null,
            row.Groups?.Pattern is { } pattern ? $"only {pattern}" : null,
            row.Groups?.Separator is { } separator ? $"joined by \"{separator}\"" : null,
        ];
        var said = string.Join(", ", notes.OfType<string>());
        return said.Length == 0 ? $"{row.Name} = {value}" : $"{row.Name} = {value} ({said})";
    }

    private static string Text(bool flag) => flag ? "true" : "false";

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string Text(string certificate) =>
        "SHA-256 " + CertificateText.Sha256(Convert.FromBase64String(certificate));

    private static string? Join(IEnumerable<string> parts)
    {
        var text = string.Join("\n", parts);
        return text.Length == 0 ? null : text;
    }
}
