using System.Globalization;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Server.SignIn;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Applications.Pages;

/// <summary>
/// The one page of flow A, new or existing. Every button posts the whole form with its name as the command and gets
/// the whole page back, so nothing needs a script; where scripts run, htmx swaps the part that changed.
/// </summary>
internal abstract class ApplicationEditor(
    AccessQueries access,
    MetadataImport import,
    FormChecks checks,
    ServerOptions server,
    ITexts texts
) : PageModel
{
    [BindProperty]
    public ApplicationForm Form { get; set; } = new();

    /// <summary>Which button was pressed; "enter" for the Enter key in a field.</summary>
    [BindProperty]
    public string? Command { get; set; }

    public abstract bool Creating { get; }

    /// <summary>The groups to tick, and whom they let in.</summary>
    public GrantedGroups Groups { get; private set; } = null!;

    /// <summary>The people who are let in by name.</summary>
    public IReadOnlyList<UserChoice> Users { get; private set; } = [];

    /// <summary>Who matches the search for people to let in; null when nobody searched.</summary>
    public IReadOnlyList<UserChoice>? UserCandidates { get; private set; }

    /// <summary>What the connector leaves no choice in.</summary>
    public FieldLocks Locks { get; protected set; } = new(null);

    /// <summary>The service providers of a file with several.</summary>
    public IReadOnlyList<ImportedServiceProvider> Choices { get; private set; } = [];

    /// <summary>What was just read from metadata; null when nothing was.</summary>
    public ImportedServiceProvider? Imported { get; private set; }

    /// <summary>Answers for "Check a person"; null when not asked.</summary>
    public IReadOnlyList<AccessAnswer>? People { get; protected set; }

    /// <summary>The row that was just added and takes the focus.</summary>
    public string? FocusOn { get; private set; }

    public ServerOptions Server => server;

    protected AccessQueries Access => access;

    protected ITexts Texts => texts;

    public string ShownSlug =>
        string.IsNullOrWhiteSpace(Form.Slug) ? ApplicationSlug.From(Form.Label) : Form.Slug.Trim();

    public FormLists Lists { get; } = new(texts);

    /// <summary>What the fields say of themselves while they are filled in.</summary>
    public FormNotes Notes { get; private set; } = FormNotes.None;

    public FormChecks Checks => checks;

    /// <summary>A problem's text, for notices that stand outside of the form's errors.</summary>
    public string Text(Problem problem) => texts[$"problem.{problem.Code}", problem.Args];

    /// <summary>The commands that only change the form. False: the page has to save, or knows the command itself.</summary>
    protected async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        // The form is shown as it is now, not as it was typed: rows move, and metadata fills fields.
        ModelState.Clear();
        var (name, row, text) = ParseCommand();
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
            case "check" or "check-acs" or "users":
            case "enter" when !string.IsNullOrWhiteSpace(Form.UserSearch):
                return true;
            case "add-user" when Guid.TryParse(text, out var user):
                Form.Users.Add(user);
                Form.UserSearch = null;
                return true;
            case "remove-user" when Guid.TryParse(text, out var user):
                Form.Users.Remove(user);
                return true;
            case "add-context":
                Form.Contexts.Add(new ContextRow());
                FocusOn = $"Form_Contexts_{Form.Contexts.Count - 1}__ClassRef";
                return true;
            case "remove-context" when row >= 0 && row < Form.Contexts.Count:
                Form.Contexts.RemoveAt(row);
                return true;
            case "add-known" when row >= 0 && row < Locks.NotSent(Form).Count:
                AddKnown(Locks.NotSent(Form)[row]);
                return true;
            case "jit" when Locks.ForNewAccounts.Count > 0:
                SwitchNewAccounts();
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
        Users = await access.UsersAsync(Form.Users, cancellationToken);
        Form.Users = [.. Users.Select(u => u.Id)];
        Groups = await GrantedGroups.LoadAsync(
            access,
            Form.Groups,
            Form.GroupSearch,
            cancellationToken,
            Form.Users
        );
        Form.Groups = [.. Groups.Ticked];
        if (!string.IsNullOrWhiteSpace(Form.UserSearch))
        {
            var found = await access.FindUsersAsync(Form.UserSearch, cancellationToken);
            UserCandidates =
            [
                .. found
                    .Where(u => !Form.Users.Contains(u.Id))
                    .Select(u => new UserChoice(u.Id, u.Username, u.Email, u.State)),
            ];
        }
        var (name, row, _) = ParseCommand();
        if (name is "check" or "check-acs" || !string.IsNullOrWhiteSpace(Form.Sample))
        {
            Notes = await checks.RunAsync(
                Form,
                name == "check-acs" ? row : -1,
                HttpContext.Features.Get<CurrentSession>()!.User,
                cancellationToken
            );
        }
    }

    /// <summary>What is wrong with the form before anything is asked of the service; shown already.</summary>
    protected bool HasFaults()
    {
        var faults = Form.NumberFaults().ToList();
        Show(faults);
        return faults.Count > 0;
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

    /// <summary>Leaves out what only new accounts need, or adds what is missing of it.</summary>
    private void SwitchNewAccounts()
    {
        var missing = Locks
            .ForNewAccounts.Where(a => !Form.Attributes.Exists(row => row.Name?.Trim() == a.Name))
            .ToList();
        if (missing.Count > 0)
        {
            missing.ForEach(AddKnown);
            FocusOn = null;
            return;
        }
        Form.Attributes.RemoveAll(row =>
            Locks.Attribute(row) is { } known && Locks.ForNewAccounts.Contains(known)
        );
    }

    private void AddKnown(Catalogue.ConnectorAttribute attribute)
    {
        if (Catalogue.ConnectorVariables.Row(attribute, Variables) is { } known)
        {
            Form.Attributes.Add(AttributeRow.From(known));
            FocusOn = $"Form_Attributes_{Form.Attributes.Count - 1}__Name";
        }
    }

    /// <summary>What the connector asked for when the application was made.</summary>
    protected virtual IReadOnlyDictionary<string, string> Variables =>
        new Dictionary<string, string>(StringComparer.Ordinal);

    private (string Name, int Row, string Text) ParseCommand()
    {
        var parts = (Command ?? "save").Split(':', 2);
        if (parts.Length < 2)
        {
            return (parts[0], -1, "");
        }
        var counts = int.TryParse(
            parts[1],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var row
        );
        return (parts[0], counts ? row : -1, parts[1]);
    }
}
