using Latchkey.Server.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Pages;

/// <summary>Asks for one click before a sign-in that nobody seen by us asked for: a link on a foreign page may have started it (rule I7).</summary>
internal sealed class ContinueModel(LatchkeyDbContext database) : PageModel
{
    public string Label { get; private set; } = "";

    public string Address { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(string? to)
    {
        var application = await database
            .Applications.Where(a => a.Slug == to && a.Active)
            .Select(a => new { a.Slug, a.Label })
            .SingleOrDefaultAsync(HttpContext.RequestAborted);
        if (application is null)
            return NotFound();
        Label = application.Label;
        Address = $"/saml2/{application.Slug}";
        return Page();
    }
}
