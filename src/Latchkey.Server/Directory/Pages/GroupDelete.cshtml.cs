using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Directory.Pages;

/// <summary>Asks before a group is deleted, and says who loses access to what.</summary>
internal sealed class GroupDeleteModel(
    GroupService groups,
    DirectoryQueries directory,
    ITexts texts
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public Group Found { get; private set; } = null!;

    public GroupLoss Loss { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await groups.FindAsync(Id, cancellationToken) is not { } found)
        {
            return NotFound();
        }
        Found = found;
        Loss = await directory.LossOfGroupAsync(Id, cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var outcome = await groups.DeleteAsync(Id, cancellationToken);
        if (!outcome.Ok)
        {
            // There are no fields here to stand beside.
            this.AddProblems(outcome.Problems.Select(p => p with { Where = "" }));
            return await OnGetAsync(cancellationToken);
        }
        this.Toast(texts["group.deleted", outcome.Value.Name]);
        return Redirect("/admin/groups");
    }
}
