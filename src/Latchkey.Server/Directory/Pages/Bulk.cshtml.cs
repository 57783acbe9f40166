using System.Globalization;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Directory.Pages;

/// <summary>One thing done to several users: those ticked in the list, or all that a search finds. Asks before it does anything.</summary>
internal sealed class BulkModel(
    BulkActions actions,
    DirectoryQueries directory,
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

    /// <summary>Whether all that the search finds are meant.</summary>
    [BindProperty(SupportsGet = true)]
    public bool All { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty]
    public BulkForm Input { get; set; } = new();

    public ChosenUsers Chosen { get; private set; } = null!;

    /// <summary>For whom it could not be done, and why.</summary>
    public IReadOnlyList<(string Username, string Why)> Failed { get; private set; } = [];

    public IEnumerable<SelectListItem> Groups { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!BulkActions.Names.Contains(Do) || !await LoadAsync(cancellationToken))
        {
            return Redirect("/admin/users");
        }
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        if (!BulkActions.Names.Contains(Do) || !await LoadAsync(cancellationToken))
        {
            return Redirect("/admin/users");
        }
        if (Read() is not { } order)
        {
            return Page();
        }
        var results = await actions.RunAsync(order, Chosen.Ids, cancellationToken);
        var failed = results.Where(r => r.Problem is not null).ToList();
        if (failed.Count > 0)
        {
            // Whoever it worked for is done; the rest stay chosen.
            Users = [.. failed.Select(r => r.Id)];
            All = false;
            Failed = [.. failed.Select(r => (r.Username, texts.Say(r.Problem!)))];
            await LoadAsync(cancellationToken);
            return Page();
        }
        this.Toast(texts["bulk.done." + Do, results.Count]);
        return Redirect(
            Users.Count == 1 && Do != "delete" ? $"/admin/users/{Users[0]}" : "/admin/users"
        );
    }

    private BulkOrder? Read()
    {
        if (Chosen.Total > BulkActions.Most)
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
        if (Do is "join" or "leave" && Input.Group is null)
        {
            this.AddProblems([new Problem("group-missing", "group")]);
            return null;
        }
        var to = string.IsNullOrWhiteSpace(Input.MailTo) ? null : Input.MailTo.Trim();
        var mail = Do == "mail" || Input.Mail ? new ActivationMail(to) : null;
        return new BulkOrder(Do, at, mail, Input.Group);
    }

    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        Chosen = All
            ? await actions.FindAsync(UsersModel.Query(Q, State), cancellationToken)
            : await actions.FindAsync([.. Users], cancellationToken);
        Groups = (await directory.AllGroupsAsync(cancellationToken)).Select(g => new SelectListItem(
            g.Name,
            g.Id.ToString()
        ));
        return Chosen.Total > 0;
    }

    /// <summary>The form.</summary>
    public sealed class BulkForm
    {
        /// <summary>When, in UTC; empty for now.</summary>
        public string? At { get; set; }

        public bool Mail { get; set; }
        public string? MailTo { get; set; }
        public Guid? Group { get; set; }
        public bool Confirm { get; set; }
    }
}
