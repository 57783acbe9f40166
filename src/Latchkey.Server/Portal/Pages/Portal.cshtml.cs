using Latchkey.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Portal.Pages;

/// <summary>The user portal: what the user may open, one click each.</summary>
internal sealed class PortalModel(PortalTiles tiles) : PageModel
{
    /// <summary>Fewer are found faster with the eye.</summary>
    private const int WorthSearching = 6;

    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    public string Name { get; private set; } = "";

    public IReadOnlyList<PortalTile> Tiles { get; private set; } = [];

    public bool HasAny { get; private set; }

    public bool NeedsSearch { get; private set; }

    public async Task OnGetAsync()
    {
        var user = HttpContext.Features.Get<CurrentSession>()!.User;
        Name = user.FirstName is { Length: > 0 } first ? first : user.Username;
        var all = await tiles.ForAsync(user.Id, HttpContext.RequestAborted);
        HasAny = all.Count > 0;
        NeedsSearch = all.Count > WorthSearching || !string.IsNullOrEmpty(Q);
        Tiles = string.IsNullOrWhiteSpace(Q) ? all : [.. all.Where(t => t.Matches(Q.Trim()))];
    }
}
