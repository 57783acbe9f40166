using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Rules.Pages;

/// <summary>Of whom the organisation asks a second factor.</summary>
internal sealed class SignInRulesModel(
    LatchkeyDbContext database,
    FactorRulesService rules,
    ITexts texts
) : PageModel
{
    [BindProperty]
    public RulesInput Input { get; set; } = new();

    public IReadOnlyList<(Guid Id, string Name)> Groups { get; private set; } = [];

    public IReadOnlyList<(Guid Id, string Name)> Applications { get; private set; } = [];

    public async Task OnGetAsync()
    {
        var present = await rules.ReadAsync(HttpContext.RequestAborted);
        Input = new()
        {
            Everybody = present.Everybody,
            EnrolmentDays = present.EnrolmentDays,
            Groups = [.. present.Groups],
            Applications = [.. present.Applications],
        };
        await LoadAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var saved = await rules.SaveAsync(
            new(Input.Everybody, Input.EnrolmentDays, Input.Groups, Input.Applications),
            HttpContext.RequestAborted
        );
        if (saved.Ok && ModelState.IsValid)
        {
            this.Toast(texts["rules.saved"]);
            return Redirect(Request.Path);
        }
        this.AddProblems(saved.Problems);
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync()
    {
        var ct = HttpContext.RequestAborted;
        var groups = await database
            .Groups.OrderBy(g => g.NormalizedName)
            .Select(g => new { g.Id, g.Name })
            .ToListAsync(ct);
        Groups = groups.ConvertAll(g => (g.Id, g.Name));
        var applications = await database
            .Applications.OrderBy(a => a.Label)
            .Select(a => new { a.Id, a.Label })
            .ToListAsync(ct);
        Applications = applications.ConvertAll(a => (a.Id, a.Label));
    }
}

internal sealed class RulesInput
{
    public bool Everybody { get; set; }
    public int EnrolmentDays { get; set; }
    public List<Guid> Groups { get; set; } = [];
    public List<Guid> Applications { get; set; } = [];
}
