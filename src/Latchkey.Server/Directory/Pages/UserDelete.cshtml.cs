using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Directory.Pages;

/// <summary>Asks before a user is deleted, and says what goes with them.</summary>
internal sealed class UserDeleteModel(UserService users, DirectoryQueries directory, ITexts texts)
    : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public User Found { get; private set; } = null!;

    public UserLoss Loss { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await users.FindAsync(Id, cancellationToken) is not { } found)
        {
            return NotFound();
        }
        Found = found;
        Loss = await directory.LossOfUserAsync(Id, cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var outcome = await users.DeleteAsync(Id, cancellationToken);
        if (!outcome.Ok)
        {
            // There are no fields here to stand beside.
            this.AddProblems(outcome.Problems.Select(p => p with { Where = "" }));
            return await OnGetAsync(cancellationToken);
        }
        this.Toast(texts["user.deleted", outcome.Value.Username]);
        return Redirect("/admin/users");
    }
}
