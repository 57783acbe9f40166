using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Portal.Pages;

/// <summary>What an application is for, in the administrator's words (J-45). Only of what the user may open.</summary>
internal sealed class DetailsModel(PortalTiles tiles, EventQueries events) : PageModel
{
    public PortalTile Tile { get; private set; } = null!;

    /// <summary>When the user opened it last, as far as events go back.</summary>
    public DateTimeOffset? LastOpened { get; private set; }

    public async Task<IActionResult> OnGetAsync(string slug)
    {
        var ct = HttpContext.RequestAborted;
        var me = HttpContext.Features.Get<CurrentSession>()!.User.Id;
        if ((await tiles.ForAsync(me, ct)).FirstOrDefault(t => t.Slug == slug) is not { } tile)
        {
            return NotFound();
        }
        Tile = tile;
        var query = new EventQuery
        {
            UserId = me,
            ApplicationId = tile.Id,
            Types = [.. PortalTiles.Uses],
            Success = true,
        };
        LastOpened = (await events.ListAsync(query, null, 1, ct)).Rows.FirstOrDefault()?.At;
        return Page();
    }
}
