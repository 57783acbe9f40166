using Latchkey.Server.Applications.Catalogue;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Applications.Handover.Pages;

/// <summary>A hand-over page for whoever has its link, without an account. An unknown, expired or revoked link is simply not there.</summary>
[AllowAnonymous]
internal sealed class SharedModel(HandoverLinks links, ApplicationGuides guides) : PageModel
{
    private const int LongestToken = 64;

    public ApplicationGuide Guide { get; private set; } = null!;

    public DateTimeOffset ExpiresAt { get; private set; }

    public async Task<IActionResult> OnGetAsync(string token, CancellationToken cancellationToken)
    {
        if (
            token.Length > LongestToken
            || await links.FindAsync(token, cancellationToken) is not var (application, link)
        )
        {
            return NotFound();
        }
        // The address is the key: it must not stand in an index.
        Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        Response.Headers.CacheControl = "no-store";
        Guide = await guides.OfAsync(application, cancellationToken);
        ExpiresAt = link.ExpiresAt;
        return Page();
    }
}
