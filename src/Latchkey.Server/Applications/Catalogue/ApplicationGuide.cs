using Latchkey.Server.Applications.Pages;
using Latchkey.Server.Settings;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>A value to copy.</summary>
/// <param name="Label">The field at the other side.</param>
/// <param name="Value">Null for what exists only after the activation.</param>
/// <param name="Lines">The lines to show.</param>
internal sealed record GuideValueShown(string Label, string? Value, int Lines);

/// <param name="Text">What to do, marked up as connectors are.</param>
internal sealed record GuideStepShown(string Text, IReadOnlyList<GuideValueShown> Values);

/// <summary>
/// What the other side of one application has to be told, with this organization's real values: the connector's steps,
/// or those that hold for every service provider. Everything in it is public; a private key is nowhere near.
/// </summary>
internal sealed class ApplicationGuide
{
    private readonly Application _application;
    private readonly Connector? _connector;
    private readonly ShownCertificate? _certificate;
    private readonly ServerOptions _server;

    public ApplicationGuide(
        Application application,
        Connector? connector,
        ShownCertificate? certificate,
        ServerOptions server
    )
    {
        _application = application;
        _connector = connector;
        _certificate = certificate;
        _server = server;
        Steps = [.. (connector?.Guide.Steps ?? []).Select(Show)];
    }

    /// <summary>The connector's; empty for a custom application.</summary>
    public IReadOnlyList<GuideStepShown> Steps { get; }

    public Connector? Connector => _connector;

    public Application Application => _application;

    /// <summary>The form in which the other side wants the certificate; <see cref="CertificateForm.Unknown"/> without a connector.</summary>
    public CertificateForm CertificateForm =>
        _connector?.Certificate.Form ?? CertificateForm.Unknown;

    public ShownCertificate? Certificate => _certificate;

    /// <summary>The same with the certificate that signs next; null where no rotation was started.</summary>
    public ApplicationGuide? Next { get; init; }

    /// <summary>The certificate in the form that is wanted; PEM where nobody knows.</summary>
    public GuideValueShown CertificateWanted(string label) =>
        new(_connector?.Certificate.Label ?? label, Token("certificate"), LinesOf("certificate"));

    /// <summary>Whether a step shows that value already.</summary>
    public bool Shows(GuideValueShown shown) =>
        Steps.Any(step => step.Values.Any(value => value.Value == shown.Value));

    public string SignOnUrl => Token("sso_url")!;

    public string EntityId => Token("entity_id")!;

    public string? MetadataUrl => Token("metadata_url");

    private GuideStepShown Show(GuideStep step) => new(step.Text, [.. step.Values.Select(Show)]);

    private GuideValueShown Show(GuideValue value)
    {
        var missing = false;
        var lines = 1;
        var filled = CopyTokens.Replace(
            value.Value,
            token =>
            {
                lines = Math.Max(lines, LinesOf(token));
                var text = Token(token);
                missing |= text is null;
                return text ?? "";
            }
        );
        filled = ConnectorTemplate.Fill(filled, _application.ConnectorVariables) ?? filled;
        return new GuideValueShown(value.Label, missing ? null : filled, lines);
    }

    private int LinesOf(string token) =>
        token switch
        {
            "certificate_pem" or "certificate_base64" or "certificate_base64_of_pem" => 4,
            "certificate" => CertificateForm is CertificateForm.Sha1 or CertificateForm.Sha256
                ? 1
                : 4,
            _ => 1,
        };

    private string? Token(string token) =>
        token switch
        {
            "sso_url" => IdpMetadata.SignOnAddress(_server, _application.Slug),
            "entity_id" => _application.IdpEntityId,
            "metadata_url" => _certificate is null
                ? null
                : IdpMetadata.Address(_server, _application.Slug),
            "portal_url" => _server.Address("/"),
            "sp_entity_id" => _application.SpEntityId,
            "acs_url" => _application.AcsEndpoints.Select(e => e.Location).FirstOrDefault() ?? "",
            "name_id_format" => _application.NameIdFormat,
            "certificate_pem" => _certificate?.Pem,
            "certificate_base64" => _certificate?.Base64,
            "certificate_base64_of_pem" => _certificate?.Base64OfPem,
            "certificate_sha1" => _certificate?.Sha1,
            "certificate_sha256" => _certificate?.Sha256,
            "certificate" => CertificateForm switch
            {
                CertificateForm.Base64 => _certificate?.Base64,
                CertificateForm.Base64OfPem => _certificate?.Base64OfPem,
                CertificateForm.Sha1 => _certificate?.Sha1,
                CertificateForm.Sha256 => _certificate?.Sha256,
                _ => _certificate?.Pem,
            },
            _ => "",
        };
}
