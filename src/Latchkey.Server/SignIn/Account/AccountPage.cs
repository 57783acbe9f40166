using Latchkey.Server.Directory;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.SignIn.Account;

/// <summary>A page on which users change how they sign in themselves. Who only found the browser open must not: it asks for proof anew, see <see cref="FreshProof"/>.</summary>
internal abstract class AccountPage(FreshProof proof, TimeProvider time) : PageModel
{
    protected CancellationToken Ct => HttpContext.RequestAborted;

    protected CurrentSession Current =>
        HttpContext.Features.Get<CurrentSession>()
        ?? throw new InvalidOperationException("The page is open to users who are signed in only.");

    protected DateTimeOffset Now => time.GetUtcNow();

    protected User Me => Current.User;

    /// <summary>Sends the browser to prove who it is, and back here; null when the proof is fresh.</summary>
    protected async Task<IActionResult?> ProveAsync() =>
        await proof.MissingAsync(HttpContext, Current) is { } where ? SeeOther(where) : null;

    protected Task ProvedAsync(IEnumerable<string> methods) =>
        proof.ProvedAsync(HttpContext, Current, methods);

    protected StatusCodeResult SeeOther(string path)
    {
        Response.Headers.Location = path;
        return StatusCode(StatusCodes.Status303SeeOther);
    }
}
