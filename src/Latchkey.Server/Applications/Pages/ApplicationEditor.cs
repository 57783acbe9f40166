using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Server.Certificates;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Applications.Pages;

/// <summary>
/// The one page of flow A, new or existing. Every button posts the whole form with its name as the command and gets
/// the whole page back, so nothing needs a script; where scripts run, htmx swaps the part that changed.
/// </summary>
internal abstract class ApplicationEditor(
    ApplicationQueries queries,
    AccessQueries access,
    MetadataImport import,
    ServerOptions server,
    ITexts texts
) : PageModel
{
    /// <summary>Groups shown before the list asks to be searched.</summary>
    private const int MostGroups = 50;

    [BindProperty]
    public ApplicationForm Form { get; set; } = new();

    /// <summary>Which button was pressed; "enter" for the Enter key in a field.</summary>
    [BindProperty]
    public string? Command { get; set; }

    public abstract bool Creating { get; }

    /// <summary>The groups to show: ticked ones first, then what matches the search.</summary>
    public IReadOnlyList<GroupChoice> Groups { get; private set; } = [];

    /// <summary>Whether the search leaves groups out.</summary>
    public int GroupsHidden { get; private set; }

    public int GroupsInAll { get; private set; }

    /// <summary>How many users the ticked groups let in.</summary>
    public int UsersLetIn { get; private set; }

    /// <summary>The service providers of a file with several.</summary>
    public IReadOnlyList<ImportedServiceProvider> Choices { get; private set; } = [];

    /// <summary>What was just read from metadata; null when nothing was.</summary>
    public ImportedServiceProvider? Imported { get; private set; }

    /// <summary>Answers for "Check a person"; null when not asked.</summary>
    public IReadOnlyList<AccessAnswer>? People { get; protected set; }

    /// <summary>The row that was just added and takes the focus.</summary>
    public string? FocusOn { get; private set; }

    public IReadOnlyList<X509Certificate2> SpCertificates { get; private set; } = [];

    public ServerOptions Server => server;

    protected ApplicationQueries Queries => queries;

    protected AccessQueries Access => access;

    protected ITexts Texts => texts;

    public string ShownSlug =>
        string.IsNullOrWhiteSpace(Form.Slug) ? ApplicationSlug.From(Form.Label) : Form.Slug.Trim();

    public FormLists Lists { get; } = new(texts);

    /// <summary>What "IdP entity ID" says of itself while it is typed; empty unless asked.</summary>
    public string EntityIdCheck { get; private set; } = "";

    /// <summary>What an ACS URL says of itself while it is typed; empty unless asked.</summary>
    public string CheckUrl(string? url)
    {
        if (Command != "check" || string.IsNullOrWhiteSpace(url))
        {
            return "";
        }
        return EndpointUrl.Fault(url.Trim()) is { } fault
            ? texts[$"problem.{fault}", url.Trim()]
            : texts["applications.acs.ok"];
    }

    /// <summary>A problem's text, for notices that stand outside of the form's errors.</summary>
    public string Text(Problem problem) => texts[$"problem.{problem.Code}", problem.Args];

    /// <summary>The commands that only change the form. False: the page has to save, or knows the command itself.</summary>
    protected async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        // The form is shown as it is now, not as it was typed: rows move, and metadata fills fields.
        ModelState.Clear();
        var (name, row) = ParseCommand();
        switch (name)
        {
            case "read" when Creating:
                await ReadAsync(cancellationToken);
                return true;
            case "enter" or "save" or "activate" when Creating && Form.Metadata.Any:
                // Nobody saves what they have not seen: it is read, shown, and saved by the next press.
                await ReadAsync(cancellationToken);
                return true;
            case "groups":
            case "enter" when (Form.GroupSearch ?? "") != (Form.GroupsShownFor ?? ""):
                return true;
            case "check":
                return true;
            case "add-acs":
                Form.Acs.Add(new AcsRow());
                FocusOn = $"Form_Acs_{Form.Acs.Count - 1}__Url";
                return true;
            case "remove-acs" when row >= 0 && row < Form.Acs.Count:
                Form.Acs.RemoveAt(row);
                Form.AcsDefault =
                    row < Form.AcsDefault ? Form.AcsDefault - 1
                    : row == Form.AcsDefault ? 0
                    : Form.AcsDefault;
                return true;
            case "add-attribute":
                Form.Attributes.Add(new AttributeRow { Source = "email" });
                FocusOn = $"Form_Attributes_{Form.Attributes.Count - 1}__Name";
                return true;
            case "remove-attribute" when row >= 0 && row < Form.Attributes.Count:
                Form.Attributes.RemoveAt(row);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Everything the page shows beside the form.</summary>
    protected async Task ShowAsync(CancellationToken cancellationToken)
    {
        if (Form.Acs.Count == 0)
        {
            Form.Acs.Add(new AcsRow());
        }
        Form.GroupsShownFor = Form.GroupSearch;
        var groups = await access.GroupsAsync(cancellationToken);
        var ticked = Form.Groups.ToHashSet();
        var matching = groups
            .Where(g =>
                !ticked.Contains(g.Id)
                && g.Name.Contains(
                    Form.GroupSearch?.Trim() ?? "",
                    StringComparison.OrdinalIgnoreCase
                )
            )
            .ToList();
        GroupsInAll = groups.Count;
        Groups = [.. groups.Where(g => ticked.Contains(g.Id)), .. matching.Take(MostGroups)];
        GroupsHidden = Math.Max(0, matching.Count - MostGroups);
        Form.Groups = [.. groups.Select(g => g.Id).Where(ticked.Contains)];
        UsersLetIn = await access.LetInAsync(Form.Groups, [], cancellationToken);
        EntityIdCheck = await CheckEntityIdAsync(cancellationToken);
        SpCertificates = CertificateText.TryParse(
            Form.SigningCertificates ?? "",
            out var certificates,
            out _
        )
            ?
            [
                .. certificates.Select(c =>
                    X509CertificateLoader.LoadCertificate(Convert.FromBase64String(c))
                ),
            ]
            : [];
    }

    /// <summary>Puts problems beside their fields.</summary>
    protected void Show(IEnumerable<Problem> problems)
    {
        foreach (var problem in problems)
        {
            ModelState.AddModelError(FormFields.Of(problem.Where), Text(problem));
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var read = await Form.Metadata.ReadAsync(import, cancellationToken);
        var chosen = read.Metadata.Ok
            ? read.Metadata.Value.Choose(Form.Entity)
            : Outcome<ImportedServiceProvider>.Failed(read.Metadata.Problems);
        if (read.Metadata.Ok && !chosen.Ok)
        {
            // Several in one file: the text stays, the page asks which.
            Choices = read.Metadata.Value.ServiceProviders;
            Form.MetadataText = read.Url is null ? read.AsText : Form.MetadataText;
        }
        if (chosen.Ok)
        {
            Imported = chosen.Value;
            Form.Take(chosen.Value);
            Form.Entity = null;
            await SuggestAddressAsync(cancellationToken);
            return;
        }
        foreach (var problem in chosen.Problems)
        {
            ModelState.AddModelError($"Form.{read.Field}", Text(problem));
        }
    }

    /// <summary>Fills slug and IdP entity ID where nobody typed any.</summary>
    protected virtual Task SuggestAddressAsync(CancellationToken cancellationToken) =>
        Task.CompletedTask;

    private async Task<string> CheckEntityIdAsync(CancellationToken cancellationToken)
    {
        if (Command != "check" || string.IsNullOrWhiteSpace(Form.IdpEntityId))
        {
            return "";
        }
        var owner = await queries.EntityIdOwnerAsync(
            Form.IdpEntityId.Trim(),
            Form.Slug,
            cancellationToken
        );
        return owner is null
            ? texts["applications.idp-entity-id.free"]
            : texts["applications.idp-entity-id.taken", owner];
    }

    private (string Name, int Row) ParseCommand()
    {
        var parts = (Command ?? "save").Split(':', 2);
        return
            parts.Length == 2
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var row)
            ? (parts[0], row)
            : (parts[0], -1);
    }
}
