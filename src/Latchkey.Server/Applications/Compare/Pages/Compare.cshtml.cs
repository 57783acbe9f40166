using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Settings;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Applications.Compare.Pages;

/// <summary>What the other side shows, as it was copied from there.</summary>
internal sealed class ComparedForm
{
    public string? SpEntityId { get; set; }
    public string? AcsUrl { get; set; }
    public string? IdpEntityId { get; set; }
    public string? SignOnUrl { get; set; }
    public string? Certificate { get; set; }
}

/// <summary>A setting beside what its connector recommends.</summary>
internal sealed record Recommended(string Label, string? Here, string? There, bool Same);

/// <summary>The first step of looking for a fault: what is set here against what the service provider wants and shows (S0-10).</summary>
internal sealed class CompareModel(
    ApplicationService applications,
    ApplicationQueries queries,
    ConnectorCatalogue catalogue,
    ServerOptions server,
    ITexts texts
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public ComparedForm Form { get; set; } = new();

    public Application Application { get; private set; } = null!;

    public Connector? Connector { get; private set; }

    public IReadOnlyList<Recommended> Rows { get; private set; } = [];

    /// <summary>The address to give to the other side.</summary>
    public string SignOnUrl => IdpMetadata.SignOnAddress(server, Application.Slug);

    /// <summary>What each field of the form says, by its name; empty for those left blank.</summary>
    public IReadOnlyDictionary<string, Difference> Found { get; private set; } =
        new Dictionary<string, Difference>(StringComparer.Ordinal);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        await LoadAsync(cancellationToken) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!await LoadAsync(cancellationToken))
        {
            return NotFound();
        }
        var found = new Dictionary<string, Difference>(StringComparer.Ordinal);
        void Compare(string name, string? there, params IEnumerable<string> here)
        {
            if (!string.IsNullOrWhiteSpace(there))
            {
                var differences = here.Select(h => Difference.Between(h, there)).ToList();
                found[name] = differences.Find(d => d.Same) ?? differences[0];
            }
        }
        Compare(nameof(Form.SpEntityId), Form.SpEntityId, Application.SpEntityId);
        Compare(nameof(Form.AcsUrl), Form.AcsUrl, Application.AcsEndpoints.Select(e => e.Location));
        Compare(nameof(Form.IdpEntityId), Form.IdpEntityId, Application.IdpEntityId);
        Compare(nameof(Form.SignOnUrl), Form.SignOnUrl, SignOnUrl);
        if (!string.IsNullOrWhiteSpace(Form.Certificate))
        {
            var signs = await queries.ActiveCertificateAsync(Id, cancellationToken);
            found[nameof(Form.Certificate)] = signs is null
                ? new Difference(false, "compare.certificate.none")
                : ComparedCertificate.Between(signs.Certificate, Form.Certificate);
        }
        Found = found;
        return Page();
    }

    /// <summary>The sentence of a field; empty where nothing was compared.</summary>
    public string Say(string field) =>
        Found.TryGetValue(field, out var difference) ? texts[difference.Key, difference.Args] : "";

    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        if (
            await applications.FindAsync(Id, cancellationToken)
            is not { Kind: ApplicationKind.Saml } application
        )
        {
            return false;
        }
        Application = application;
        Connector = catalogue.Find(application.Connector);
        Rows = Connector is null ? [] : [.. Recommend(Connector)];
        return true;
    }

    private IEnumerable<Recommended> Recommend(Connector connector)
    {
        var wanted = ConnectorPolicy.Recommended(connector, Application.ConnectorVariables);
        var here = ApplicationChanges.Snapshot(Application);
        foreach (var (field, there) in wanted)
        {
            var now = here.First(f => f.Key == field).Value;
            yield return new Recommended(texts[$"compare.field.{field}"], now, there, now == there);
        }
    }
}
