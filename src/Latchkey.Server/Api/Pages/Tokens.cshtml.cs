using Latchkey.Server.Problems;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Api.Pages;

/// <summary>Lists the API tokens and makes new ones. A token acts for the administrator who makes it.</summary>
internal sealed class TokensModel(ApiTokenService tokens) : PageModel
{
    private const string MadeKey = "token";

    [BindProperty]
    public TokenForm Input { get; set; } = new();

    public IReadOnlyList<ListedApiToken> Tokens { get; private set; } = [];

    /// <summary>The token just made. It travels to this one view in an encrypted cookie that is gone afterwards.</summary>
    public string? Made { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Made = TempData[MadeKey] as string;
        Tokens = await tokens.ListAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var userId = Guid.Parse(User.FindFirst("sub")!.Value);
        var created = await tokens.CreateAsync(Input.Name ?? "", userId, cancellationToken);
        if (!created.Ok)
        {
            this.AddProblems(created.Problems);
            Tokens = await tokens.ListAsync(cancellationToken);
            return Page();
        }
        TempData[MadeKey] = created.Value.Secret;
        return Redirect("/admin/settings/tokens");
    }
}

/// <summary>The form's field.</summary>
internal sealed class TokenForm
{
    public string? Name { get; set; }
}
