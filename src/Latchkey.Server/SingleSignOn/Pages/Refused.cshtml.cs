using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.SingleSignOn.Pages;

/// <summary>Says no: one sentence and a code. Shown in place of the address that was asked for, never by its own.</summary>
[AllowAnonymous]
internal sealed class RefusedModel : PageModel
{
    public Refusal Refusal { get; private set; } = null!;

    public IActionResult OnGet()
    {
        if (HttpContext.Features.Get<Refusal>() is not { } refusal)
            return NotFound();
        Refusal = refusal;
        return Page();
    }
}
