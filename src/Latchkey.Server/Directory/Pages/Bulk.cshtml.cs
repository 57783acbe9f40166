using System.Globalization;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Directory.Pages;

/// <summary>
/// One thing done to several users: those ticked in the list, or all that a search finds. Asks before it does anything, and
/// then does it to those it asked about: whom the search would find meanwhile nobody has seen.
/// </summary>
internal sealed class BulkModel(
    BulkActions actions,
    GroupService groups,
    ITexts texts,
    TimeProvider time
) : PageModel
{
    /// <summary><c>activate</c>, <c>suspend</c>, <c>mail</c>, <c>join</c>, <c>leave</c> or <c>delete</c>.</summary>
    [BindProperty(SupportsGet = true)]
    public string Do { get; set; } = "";

    /// <summary>Those ticked.</summary>
    [BindProperty(SupportsGet = true, Name = "user")]
    public IList<Guid> Users { get; set; } = [];

    /// <summary>Whether all that the search finds now are meant.</summary>
    [BindProperty(SupportsGet = true)]
    public bool All { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty]
    public BulkForm Input { get; set; } = new();

    public ChosenUsers Chosen { get; private set; } = null!;

    public bool IsTooMany => Chosen.Total > BulkActions.Most;

    /// <summary>For whom it could not be done, and why.</summary>
    public IReadOnlyList<(string Username, string Why)> Failed { get; private set; } = [];

    public IEnumerable<SelectListItem> Groups { get; private set; } = [];

    /// <summary>Whether the group is typed because there are too many to list.</summary>
    public bool NamesGroup { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var chosen = All
            ? await actions.FindAsync(UsersModel.Query(Q, State), cancellationToken)
            : await actions.FindAsync([.. Users], cancellationToken);
        if (!await LoadAsync(chosen, cancellationToken))
        {
            return Redirect("/admin/users");
        }
        if (IsTooMany)
        {
            this.AddProblems([new Problem("bulk-too-many", "", BulkActions.Most)]);
        }
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var asked = await actions.FindAsync(Input.Ids(), cancellationToken);
        if (!await LoadAsync(asked, cancellationToken))
        {
            return Redirect("/admin/users");
        }
        if (await ReadAsync(cancellationToken) is not { } order)
        {
            return Page();
        }
        var results = await actions.RunAsync(order, Chosen.Ids, cancellationToken);
        var failed = results.Where(r => r.Problem is not null).ToList();
        if (failed.Count > 0)
        {
            // Whoever it worked for is done; the rest stay chosen.
            var rest = failed.Select(r => r.Id).ToList();
            Failed = [.. failed.Select(r => (r.Username, texts.Say(r.Problem!)))];
            await LoadAsync(await actions.FindAsync(rest, cancellationToken), cancellationToken);
            return Page();
        }
        this.Toast(texts["bulk.done." + Do, results.Count]);
        return Redirect(
            Chosen.Ids is [var only] && Do != "delete" ? $"/admin/users/{only}" : "/admin/users"
        );
    }

    private async Task<BulkOrder?> ReadAsync(CancellationToken cancellationToken)
    {
        if (IsTooMany)
        {
            this.AddProblems([new Problem("bulk-too-many", "", BulkActions.Most)]);
            return null;
        }
        DateTimeOffset? at = null;
        if (!string.IsNullOrWhiteSpace(Input.At))
        {
            if (
                !DateTime.TryParse(
                    Input.At,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                    out var read
                )
                || read <= time.GetUtcNow().UtcDateTime
            )
            {
                this.AddProblems([new Problem("schedule-past", "at")]);
                return null;
            }
            at = new DateTimeOffset(read, TimeSpan.Zero);
        }
        if (Do == "delete" && !Input.Confirm)
        {
            this.AddProblems([new Problem("bulk-not-confirmed", "confirm")]);
            return null;
        }
        var group = Input.Group;
        if (Do is "join" or "leave" && group is null)
        {
            var field = NamesGroup ? "group_name" : "group";
            var named = await GroupNames.ResolveOneAsync(
                groups,
                Input.GroupName,
                field,
                cancellationToken
            );
            if (named.Problem is { } problem)
            {
                this.AddProblems([problem]);
                return null;
            }
            group = named.Id;
        }
        var to = string.IsNullOrWhiteSpace(Input.MailTo) ? null : Input.MailTo.Trim();
        var mail = Do == "mail" || Input.Mail ? new ActivationMail(to) : null;
        return new BulkOrder(Do, at, mail, group);
    }

    private async Task<bool> LoadAsync(ChosenUsers chosen, CancellationToken cancellationToken)
    {
        Chosen = chosen;
        if (Do is "join" or "leave")
        {
            var choices = await groups.ChoicesAsync(cancellationToken);
            NamesGroup = choices.AreTooMany;
            Groups = choices.All.Select(g => new SelectListItem(g.Name, g.Id.ToString()));
        }
        return Chosen.Total > 0 && BulkActions.Names.Contains(Do);
    }

    /// <summary>The form.</summary>
    public sealed class BulkForm
    {
        /// <summary>Whom the page asked about: their ids with spaces between, one field however many they are.</summary>
        public string? Users { get; set; }

        /// <summary>When, in UTC; empty for now.</summary>
        public string? At { get; set; }

        public bool Mail { get; set; }
        public string? MailTo { get; set; }
        public Guid? Group { get; set; }

        /// <summary>Where there are too many to choose from.</summary>
        public string? GroupName { get; set; }

        public bool Confirm { get; set; }

        public IReadOnlyCollection<Guid> Ids() =>
            [
                .. (Users ?? "")
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(id => Guid.TryParse(id, out var read) ? read : Guid.Empty),
            ];
    }
}
