using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Problems.Pages;

/// <summary>What is shown in place of a page that cannot be: not there, not allowed, not understood, broken. It changes nothing, so a form that was refused for its token may end here.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
internal sealed class StatusModel : PageModel
{
    /// <summary>Which of the texts.</summary>
    public string TextKey =>
        Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "missing",
            StatusCodes.Status403Forbidden => "forbidden",
            StatusCodes.Status429TooManyRequests => "busy",
            >= StatusCodes.Status500InternalServerError => "broken",
            _ => "refused",
        };

    public IActionResult OnGet() =>
        StatusPages.IsInPlaceOfAnother(HttpContext) ? Page() : NotFound();

    public IActionResult OnPost() => OnGet();
}
