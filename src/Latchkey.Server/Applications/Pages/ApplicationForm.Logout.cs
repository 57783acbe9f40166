namespace Latchkey.Server.Applications.Pages;

/// <summary>One logout address of the form; a row without an address is none.</summary>
internal sealed class SloRow
{
    /// <summary>A word of <see cref="ApplicationWords.LogoutBindings"/>.</summary>
    public string? Binding { get; set; }
    public string? Location { get; set; }
    public string? ResponseLocation { get; set; }

    public bool IsBlank =>
        string.IsNullOrWhiteSpace(Location) && string.IsNullOrWhiteSpace(ResponseLocation);
}

/// <content>Single logout.</content>
internal sealed partial class ApplicationForm
{
    public List<SloRow> Slo { get; set; } = [];

    /// <summary>The logout addresses as the page shows them: with a row to write another one in.</summary>
    public List<SloRow> LogoutRows()
    {
        if (Slo.TrueForAll(row => !row.IsBlank))
            Slo.Add(new SloRow());
        return Slo;
    }

    private IReadOnlyList<Saml.Metadata.Endpoint> LogoutEndpoints =>
        [
            .. Slo.Where(row => !row.IsBlank)
                .Select(row => new Saml.Metadata.Endpoint(
                    ApplicationWords.LogoutBindings.TryParse(row.Binding, out var binding)
                        ? binding
                        : "",
                    row.Location?.Trim() ?? "",
                    string.IsNullOrWhiteSpace(row.ResponseLocation)
                        ? null
                        : row.ResponseLocation.Trim()
                )),
        ];

    private void SetLogout(IReadOnlyList<Saml.Metadata.Endpoint> endpoints) =>
        Slo = [
            .. endpoints.Select(e => new SloRow
            {
                Binding = ApplicationWords.LogoutBindings.Of(e.Binding),
                Location = e.Location,
                ResponseLocation = e.ResponseLocation,
            }),
        ];
}
