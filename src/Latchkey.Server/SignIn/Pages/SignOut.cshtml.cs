using Latchkey.Server.Insights;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.SignIn.Pages;

/// <summary>Ends the session, on a press of a button only; then says that it is over.</summary>
[AllowAnonymous]
// Checked by hand: whoever is signed out already, in another tab, is told just that.
[IgnoreAntiforgeryToken]
internal sealed class SignOutModel(
    SessionService sessions,
    SignInCookies cookies,
    EventRecorder events,
    IAntiforgery antiforgery
) : PageModel
{
    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (
            await antiforgery.IsRequestValidAsync(HttpContext)
            && HttpContext.Features.Get<CurrentSession>() is { } current
        )
        {
            await sessions.EndAsync(current.Session.Id, HttpContext.RequestAborted);
            cookies.ClearSession(HttpContext);
            await events.RecordAsync(
                EventTypes.UserLogout,
                success: true,
                new("user", current.User.Id, current.User.Username),
                new { session_id = current.Session.Id }
            );
        }
        Response.Headers.Location = "/sign-out";
        return StatusCode(StatusCodes.Status303SeeOther);
    }
}
