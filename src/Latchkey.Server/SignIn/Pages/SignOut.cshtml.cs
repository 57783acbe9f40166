using Latchkey.Server.SingleLogout;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.SignIn.Pages;

/// <summary>Ends the session here and at the applications opened in it, on a press of a button only; then says that it is over.</summary>
[AllowAnonymous]
// Checked by hand: whoever is signed out already, in another tab, is told just that.
[IgnoreAntiforgeryToken]
internal sealed class SignOutModel(PortalLogout logout, Logouts logouts, IAntiforgery antiforgery)
    : PageModel
{
    /// <summary>A logout of this browser that an application has not answered.</summary>
    public Guid? Unfinished { get; private set; }

    public async Task OnGetAsync()
    {
        if (HttpContext.Features.Get<CurrentSession>() is null)
            Unfinished = await logouts.OpenInBrowserAsync(HttpContext);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Response.Headers.Location =
            await antiforgery.IsRequestValidAsync(HttpContext)
            && HttpContext.Features.Get<CurrentSession>() is { } current
                ? await logout.RunAsync(HttpContext, current)
                : "/sign-out";
        return StatusCode(StatusCodes.Status303SeeOther);
    }
}
