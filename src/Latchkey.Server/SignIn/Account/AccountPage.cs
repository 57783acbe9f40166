using Latchkey.Server.Directory;
using Latchkey.Server.SignIn.Sessions;
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

    /// <summary>A page of where the user is signed in.</summary>
    protected async Task<ShownSessions> SessionsAsync(SessionList sessions, int page, int size) =>
        new(await sessions.OfAsync(Me.Id, Current.Session.Id, page, size, Ct), Current.Session.Id);

    /// <summary>A page of where the user signed in before.</summary>
    protected async Task<ShownBrowsers> BrowsersAsync(KnownBrowsers browsers, int page, int size)
    {
        var known = await browsers.OfAsync(Me.Id, page, size, Ct);
        var letOff = known.Rows.Where(b =>
            b.RememberedUntil > Now && b.RememberedStamp == Me.SecurityStamp
        );
        return new(known, letOff.Select(b => b.Id).ToHashSet());
    }

    protected StatusCodeResult SeeOther(string path)
    {
        Response.Headers.Location = path;
        return StatusCode(StatusCodes.Status303SeeOther);
    }
}

/// <param name="This">The one that looks at it.</param>
internal sealed record ShownSessions(PageOf<OpenSession> List, Guid This);

/// <param name="LetOff">Those that are let off the second step now.</param>
internal sealed record ShownBrowsers(PageOf<KnownBrowser> List, IReadOnlySet<Guid> LetOff);
