using Latchkey.Server.Applications;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Storage;
using Latchkey.Server.Storage.Search;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Rules.Pages;

/// <summary>Of whom the organisation asks a second factor. Groups and applications are found by a search: there may be ten thousand.</summary>
internal sealed class SignInRulesModel(
    LatchkeyDbContext database,
    FactorRulesService rules,
    ITexts texts
) : PageModel
{
    private const int MostCandidates = 8;

    [BindProperty]
    public RulesInput Input { get; set; } = new();

    /// <summary>Searches the groups that are not asked.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Group { get; set; }

    /// <summary>Searches the applications that do not ask.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Application { get; set; }

    public IReadOnlyList<RuleTarget> Groups { get; private set; } = [];

    public IReadOnlyList<RuleTarget> OtherGroups { get; private set; } = [];

    public IReadOnlyList<RuleTarget> Applications { get; private set; } = [];

    public IReadOnlyList<RuleTarget> OtherApplications { get; private set; } = [];

    private CancellationToken Ct => HttpContext.RequestAborted;

    public async Task OnGetAsync()
    {
        var present = await LoadAsync();
        Input = new()
        {
            Everybody = present.Everybody,
            EnrolmentDays = present.EnrolmentDays,
            Version = FactorRulesService.VersionOf(present),
        };
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var present = await LoadAsync();
        if (!ModelState.IsValid)
            return Page();
        return After(
            await rules.SaveAsync(
                present with
                {
                    Everybody = Input.Everybody,
                    EnrolmentDays = Input.EnrolmentDays,
                },
                Ct,
                Input.Version
            )
        );
    }

    public Task<IActionResult> OnPostAskGroupAsync(Guid id) =>
        ChangeAsync(r => r with { Groups = [.. r.Groups.Except([id]), id] });

    public Task<IActionResult> OnPostLeaveGroupAsync(Guid id) =>
        ChangeAsync(r => r with { Groups = [.. r.Groups.Except([id])] });

    public Task<IActionResult> OnPostAskApplicationAsync(Guid id) =>
        ChangeAsync(r => r with { Applications = [.. r.Applications.Except([id]), id] });

    public Task<IActionResult> OnPostLeaveApplicationAsync(Guid id) =>
        ChangeAsync(r => r with { Applications = [.. r.Applications.Except([id])] });

    private async Task<IActionResult> ChangeAsync(Func<FactorRules, FactorRules> change)
    {
        ModelState.Clear();
        var changed = await rules.ChangeAsync(change, Ct);
        if (!changed.Ok)
            await OnGetAsync();
        return After(changed);
    }

    private IActionResult After(Outcome<FactorRules> saved)
    {
        if (saved.Ok)
        {
            this.Toast(texts["rules.saved"]);
            return Redirect(Request.Path);
        }
        this.AddProblems(
            saved.Problems.Select(p =>
                p.Where is "version" or "applications" ? p with { Where = "" } : p
            )
        );
        return Page();
    }

    private async Task<FactorRules> LoadAsync()
    {
        var present = await rules.ReadAsync(Ct);
        Groups = await database
            .Groups.Where(g => present.Groups.Contains(g.Id))
            .OrderBy(g => g.NormalizedName)
            .Select(g => new RuleTarget(g.Id, g.Name))
            .ToListAsync(Ct);
        Applications = await database
            .Applications.Where(a => present.Applications.Contains(a.Id))
            .OrderBy(a => a.Label)
            .Select(a => new RuleTarget(a.Id, a.Label))
            .ToListAsync(Ct);
        if (!string.IsNullOrWhiteSpace(Group))
        {
            var found = await SearchTables.Groups.FindAsync(database, Group, Ct);
            OtherGroups = await found
                .Rows.Where(g => !present.Groups.Contains(g.Id))
                .OrderBy(g => g.NormalizedName)
                .Select(g => new RuleTarget(g.Id, g.Name))
                .Take(MostCandidates)
                .ToListAsync(Ct);
        }
        if (!string.IsNullOrWhiteSpace(Application))
        {
            var found = await SearchTables.Applications.FindAsync(database, Application, Ct);
            OtherApplications = await found
                // A bookmark opens an address: nobody signs in to it.
                .Rows.Where(a =>
                    a.Kind == ApplicationKind.Saml && !present.Applications.Contains(a.Id)
                )
                .OrderBy(a => a.Label)
                .Select(a => new RuleTarget(a.Id, a.Label))
                .Take(MostCandidates)
                .ToListAsync(Ct);
        }
        return present;
    }
}

internal sealed class RulesInput
{
    public bool Everybody { get; set; }
    public int EnrolmentDays { get; set; }

    /// <summary>Of the rules that were looked at.</summary>
    public long Version { get; set; }
}

/// <summary>A group or an application that a rule can name.</summary>
internal sealed record RuleTarget(Guid Id, string Name);

/// <summary>Those that a rule names, and those that a search found to be named.</summary>
/// <param name="Kind">"group" or "application"; the search's name, and part of every id.</param>
/// <param name="Search">What is searched for.</param>
internal sealed record RuleTargets(
    string Kind,
    IReadOnlyList<RuleTarget> Named,
    IReadOnlyList<RuleTarget> Found,
    string? Search
)
{
    /// <summary>The handlers' names.</summary>
    public string Noun => Kind == "group" ? "Group" : "Application";
}
