using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Api.Pages;

/// <summary>Asks before an API token is deleted.</summary>
internal sealed class TokenDeleteModel(ApiTokenService tokens, ITexts texts) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public ListedApiToken Found { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } found)
        {
            return NotFound();
        }
        Found = found;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is { } found)
        {
            var deleted = await tokens.DeleteAsync(Id, cancellationToken);
            if (!deleted.Ok)
            {
                Found = found;
                this.AddProblems(deleted.Problems);
                return Page();
            }
            this.Toast(texts["tokens.deleted", found.Token.Name]);
        }
        return Redirect("/admin/settings/tokens");
    }

    private async Task<ListedApiToken?> FindAsync(CancellationToken cancellationToken) =>
        (await tokens.ListAsync(cancellationToken)).FirstOrDefault(t => t.Token.Id == Id);
}
