using Latchkey.Server.Directory;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.SignIn.Account;

/// <summary>A page on which users change how they sign in themselves. Who only found the browser open must not: it asks for proof anew when the last is a while ago.</summary>
internal abstract class AccountPage(SignInStates states, SignInLimits limits, TimeProvider time)
    : PageModel
{
    protected CancellationToken Ct => HttpContext.RequestAborted;

    protected CurrentSession Current =>
        HttpContext.Features.Get<CurrentSession>()
        ?? throw new InvalidOperationException("The page is open to users who are signed in only.");

    protected DateTimeOffset Now => time.GetUtcNow();

    protected User Me => Current.User;

    /// <summary>Sends the browser to prove who it is, and back here; null when the proof is fresh.</summary>
    protected async Task<IActionResult?> ProveAsync()
    {
        if (Now - Current.Session.AuthnInstant < limits.FreshProof)
            return null;
        var state = await states.BeginAsync(HttpContext, Request.Path);
        return SeeOther($"/sign-in?s={state.Id}");
    }

    protected StatusCodeResult SeeOther(string path)
    {
        Response.Headers.Location = path;
        return StatusCode(StatusCodes.Status303SeeOther);
    }
}
