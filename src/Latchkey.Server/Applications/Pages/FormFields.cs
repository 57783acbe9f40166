namespace Latchkey.Server.Applications.Pages;

/// <summary>Which field of the form shows a problem: its API name to the form's name.</summary>
internal static class FormFields
{
    public static string Of(string where)
    {
        var (name, rest) = where.IndexOf('[', StringComparison.Ordinal) is var at and >= 0
            ? (where[..at], where[at..])
            : (where, "");
        return name switch
        {
            "label" => "Form.Label",
            "description" => "Form.Description",
            "slug" => "Form.Slug",
            "sp_entity_id" => "Form.SpEntityId",
            "idp_entity_id" => "Form.IdpEntityId",
            "acs_urls" => rest.Length == 0 ? "Form.Acs[0].Url" : $"Form.Acs{rest}.Url",
            "slo_urls" => $"Form.Slo{rest}.Location",
            "sp_signing_certificates" => "Form.SigningCertificates",
            "sp_encryption_certificates" => "Form.EncryptionCertificates",
            "encrypt_assertions" => "Form.EncryptAssertions",
            "content_encryption" => "Form.ContentEncryption",
            "clock_skew" => "Form.ClockSkew",
            "assertion_lifetime" => "Form.AssertionLifetime",
            "session_lifetime" => "Form.SessionMinutes",
            "authn_context.always" => "Form.ContextCustom",
            "authn_context.mappings" => "Form.Contexts" + ContextField(rest),
            "color" => "Form.Color",
            "categories" => "Form.Categories",
            "sign" => "Form.Sign",
            "users" => "Form.UserSearch",
            "name_id.expression" => "Form.NameIdCustom",
            "require_signed_requests" => "Form.RequireSignedRequests",
            "groups" => "Form.GroupSearch",
            "name_id.source" => "Form.NameIdSource",
            "name_id.format" => "Form.NameIdFormat",
            "attributes" => "Form.Attributes" + AttributeField(rest),
            "relay_state" => "Form.RelayState",
            "login_url" => "Form.LoginUrl",
            // The version, and what the form carries along unseen: said above the form.
            _ => "",
        };
    }

    private static string ContextField(string rest) =>
        rest.Replace(".method", ".Method", StringComparison.Ordinal)
            .Replace(".class", ".ClassRef", StringComparison.Ordinal);

    private static string AttributeField(string rest) =>
        rest.Replace(".group_pattern", ".GroupPattern", StringComparison.Ordinal)
            .Replace(".group_attribute", ".GroupAttribute", StringComparison.Ordinal)
            .Replace(".separator", ".Separator", StringComparison.Ordinal)
            .Replace(".friendly_name", ".FriendlyName", StringComparison.Ordinal)
            .Replace(".name_format", ".NameFormat", StringComparison.Ordinal)
            .Replace(".name", ".Name", StringComparison.Ordinal)
            .Replace(".value", ".Value", StringComparison.Ordinal);
}
