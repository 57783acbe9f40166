using Latchkey.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Portal.Pages;

/// <summary>Some tiles under one heading.</summary>
/// <param name="Key">The end of the heading's text key: <c>favorites</c>, <c>recent</c> or <c>all</c>.</param>
internal sealed record Shelf(string Key, IReadOnlyList<PortalTile> Tiles);

/// <summary>The user portal: what the user may open, one click each.</summary>
internal sealed class PortalModel(PortalTiles tiles, PortalFavorites favorites) : PageModel
{
    /// <summary>Fewer are found faster with the eye.</summary>
    private const int WorthSearching = 6;

    private const int RecentShown = 4;

    /// <summary>What is searched for.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    /// <summary>The category that is shown; null for all.</summary>
    [BindProperty(SupportsGet = true)]
    public string? C { get; set; }

    public string Name { get; private set; } = "";

    public IReadOnlyList<Shelf> Shelves { get; private set; } = [];

    /// <summary>The categories of what the user may open; none where there is nothing to choose.</summary>
    public IReadOnlyList<string> Categories { get; private set; } = [];

    public bool HasAny { get; private set; }

    public bool NeedsSearch { get; private set; }

    private Guid Me => HttpContext.Features.Get<CurrentSession>()!.User.Id;

    public async Task OnGetAsync()
    {
        var ct = HttpContext.RequestAborted;
        var user = HttpContext.Features.Get<CurrentSession>()!.User;
        Name = user.FirstName is { Length: > 0 } first ? first : user.Username;
        var all = await tiles.ForAsync(user.Id, ct);
        HasAny = all.Count > 0;
        Q = string.IsNullOrWhiteSpace(Q) ? null : Q.Trim();
        C = string.IsNullOrWhiteSpace(C) ? null : C;
        NeedsSearch = all.Count > WorthSearching || Q is not null;
        Categories =
        [
            .. all.SelectMany(t => t.Categories)
                .Distinct(StringComparer.CurrentCultureIgnoreCase)
                .Order(StringComparer.CurrentCultureIgnoreCase),
        ];
        if (Categories.Count < 2)
        {
            Categories = [];
        }
        var shown = all.Where(t =>
                (Q is null || t.Matches(Q))
                && (C is null || t.Categories.Contains(C, StringComparer.CurrentCultureIgnoreCase))
            )
            .ToList();
        Shelves = [.. (await ShelvesAsync(all, shown, ct)).Where(s => s.Tiles.Count > 0)];
    }

    /// <summary>Marks a tile, or takes the mark away.</summary>
    public async Task<IActionResult> OnPostStarAsync(Guid application, bool wanted)
    {
        var ct = HttpContext.RequestAborted;
        if ((await tiles.ForAsync(Me, ct)).Any(t => t.Id == application))
        {
            await favorites.SetAsync(Me, application, wanted, ct);
        }
        Response.Headers.Location = Address(C);
        return StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>This page with another category, the search kept.</summary>
    public string Address(string? category)
    {
        var query = new QueryString();
        if (!string.IsNullOrWhiteSpace(Q))
        {
            query = query.Add("q", Q);
        }
        if (!string.IsNullOrWhiteSpace(category))
        {
            query = query.Add("c", category);
        }
        return "/" + query;
    }

    /// <summary>Who searches wants one list; who does not finds first what is used most.</summary>
    private async Task<IReadOnlyList<Shelf>> ShelvesAsync(
        IReadOnlyList<PortalTile> all,
        IReadOnlyList<PortalTile> shown,
        CancellationToken ct
    )
    {
        if (Q is not null || C is not null)
        {
            return [new Shelf("all", shown)];
        }
        IReadOnlyList<PortalTile> recent = [];
        if (all.Count > WorthSearching)
        {
            var last = await tiles.RecentAsync(Me, RecentShown, ct);
            recent =
            [
                .. last.Select(id => shown.FirstOrDefault(t => t.Id == id)).OfType<PortalTile>(),
            ];
        }
        return
        [
            new Shelf("favorites", [.. shown.Where(t => t.IsFavorite)]),
            new Shelf("recent", [.. recent.Where(t => !t.IsFavorite)]),
            new Shelf("all", [.. shown.Where(t => !t.IsFavorite)]),
        ];
    }
}
