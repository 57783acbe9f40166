using Latchkey.Server.Certificates;

namespace Latchkey.Server.Applications;

/// <summary>An application as text, field by field under the API's names, for the events that tell what changed.</summary>
internal static class ApplicationChanges
{
    /// <summary>Every field, in a fixed order.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> Snapshot(Application application) =>
        [
            new("label", application.Label),
            new("description", application.Description),
            new("active", application.Active ? "true" : "false"),
            new("idp_entity_id", application.IdpEntityId),
            new("sp_entity_id", application.SpEntityId),
            new("acs_urls", Join(application.AcsEndpoints.Select(Text))),
            new("slo_urls", Join(application.SloEndpoints.Select(e => e.Location))),
            new("sp_signing_certificates", Join(application.SpSigningCertificates.Select(Text))),
            new(
                "sp_encryption_certificates",
                Join(application.SpEncryptionCertificates.Select(Text))
            ),
            new("require_signed_requests", application.RequireSignedRequests ? "true" : "false"),
            new("name_id.source", application.NameIdSource),
            new("name_id.format", application.NameIdFormat),
            new("sign", SignedPartsNames.Of(application.Sign)),
            new("signature_algorithm", SignatureAlgorithmNames.Of(application.SignatureAlgorithm)),
            new("attributes", Join(application.Attributes.Select(Text))),
            new("relay_state", application.DefaultRelayState),
            new("login_url", application.LoginUrl),
            new(
                "declare_redirect_endpoint",
                application.DeclareRedirectEndpoint ? "true" : "false"
            ),
            // A picture in an event would be noise; that it changed is enough.
            new("logo", application.Logo is { } logo ? $"{logo.Length} characters" : null),
        ];

    private static string Text(Saml.Metadata.IndexedEndpoint endpoint) =>
        endpoint.IsDefault == true
            ? $"[{endpoint.Index}, default] {endpoint.Location}"
            : $"[{endpoint.Index}] {endpoint.Location}";

    private static string Text(AttributeMapping row) =>
        row.Kind switch
        {
            AttributeKind.User => $"{row.Name} = {row.Value}",
            AttributeKind.Constant => $"{row.Name} = \"{row.Value}\"",
            _ => $"{row.Name} = groups",
        } + (row.NameFormat is null ? "" : $" ({row.NameFormat})");

    private static string Text(string certificate) =>
        "SHA-256 " + CertificateText.Sha256(Convert.FromBase64String(certificate));

    private static string? Join(IEnumerable<string> parts)
    {
        var text = string.Join("\n", parts);
        return text.Length == 0 ? null : text;
    }
}
