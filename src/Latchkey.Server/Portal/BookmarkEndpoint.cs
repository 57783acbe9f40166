using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;

namespace Latchkey.Server.Portal;

/// <summary>Opens a bookmark (J-54): notes that it was used, then leads to its address.</summary>
internal static class BookmarkEndpoint
{
    public static string AddressOf(string slug) => $"/apps/{slug}/open";

    public static async Task<IResult> OpenAsync(
        string app,
        HttpContext http,
        PortalTiles tiles,
        EventRecorder events
    )
    {
        http.Response.Headers.CacheControl = "no-store";
        var me = http.Features.Get<CurrentSession>()!.User.Id;
        var tile = (await tiles.ForAsync(me, http.RequestAborted)).FirstOrDefault(t =>
            t.Slug == app
        );
        if (tile is not { IsBookmark: true, LoginUrl: { } address })
        {
            return Results.NotFound();
        }
        await events.RecordAsync(
            EventTypes.BookmarkOpen,
            success: true,
            new EventSubject("application", tile.Id, tile.Label)
        );
        return Results.Redirect(new Uri(address).AbsoluteUri);
    }
}
