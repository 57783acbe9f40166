using Latchkey.Server.Applications.Catalogue;

namespace Latchkey.Server.Applications.Pages;

/// <summary>A field that is shown and not asked for.</summary>
/// <param name="Why">The connector's reason.</param>
internal sealed record LockedField(string Label, string? Value, string Why, string Class = "");

/// <summary>What the form does not ask because the application's connector leaves no choice in it (J-26). The service holds to the same, see <see cref="ConnectorPolicy"/>.</summary>
internal sealed class FieldLocks(Connector? connector)
{
    public Connector? Connector => connector;

    /// <summary>Why a field is locked; null if it is not.</summary>
    /// <param name="field">By its API name.</param>
    public string? Why(string field) =>
        connector?.Field(field) is { State: FieldState.Locked } locked ? locked.Why : null;

    public bool Hides(string field) => connector?.Field(field)?.State == FieldState.Hidden;

    /// <summary>Why a field must not be empty; null if it may be.</summary>
    public string? Needs(string field) =>
        connector?.Field(field) is { State: FieldState.Required } required ? required.Why : null;

    /// <summary>What the connector knows of the attribute in a row.</summary>
    public ConnectorAttribute? Attribute(AttributeRow row) =>
        row.Name is null ? null : connector?.Attribute(row.Name.Trim());

    /// <summary>Attributes of the connector that no row sends.</summary>
    public IReadOnlyList<ConnectorAttribute> NotSent(ApplicationForm form) =>
        connector is null
            ? []
            :
            [
                .. connector.Attributes.Where(a =>
                    !a.Hidden && form.Attributes.TrueForAll(row => row.Name?.Trim() != a.Name)
                ),
            ];

    /// <summary>What the service provider needs to make an account at the first sign-in, and nothing else needs: it is left out by one switch (J-32).</summary>
    public IReadOnlyList<ConnectorAttribute> ForNewAccounts { get; } =
    [.. connector?.Attributes.Where(a => a is { RequiredForJit: true, Required: false }) ?? []];

    /// <summary>Whether all of it is sent.</summary>
    public bool MakesAccounts(ApplicationForm form) =>
        ForNewAccounts.All(a => form.Attributes.Exists(row => row.Name?.Trim() == a.Name));

    /// <summary>Puts back what cannot be changed: it is not part of the page that was sent.</summary>
    public void Keep(ApplicationForm form, ApplicationForm stored)
    {
        foreach (var field in connector?.Fields.Where(ConnectorPolicy.IsKept) ?? [])
        {
            switch (field.Name)
            {
                case "sp_entity_id":
                    form.SpEntityId = stored.SpEntityId;
                    break;
                case "acs_urls":
                    (form.Acs, form.AcsDefault) = (stored.Acs, stored.AcsDefault);
                    break;
                case "name_id.source":
                    (form.NameIdSource, form.NameIdCustom) = (
                        stored.NameIdSource,
                        stored.NameIdCustom
                    );
                    break;
                case "name_id.format":
                    form.NameIdFormat = stored.NameIdFormat;
                    break;
                case "sign":
                    form.Sign = stored.Sign;
                    break;
                case "signature_algorithm":
                    form.SignatureAlgorithm = stored.SignatureAlgorithm;
                    break;
                case "attributes":
                    form.Attributes = stored.Attributes;
                    break;
                case "relay_state":
                    form.RelayState = stored.RelayState;
                    break;
                case "login_url":
                    form.LoginUrl = stored.LoginUrl;
                    break;
                case "declare_redirect_endpoint":
                    form.DeclareRedirectEndpoint = stored.DeclareRedirectEndpoint;
                    break;
                default:
                    break;
            }
        }
    }
}
