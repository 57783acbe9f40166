using Latchkey.Server.Portal.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Server.Portal.Brand;

/// <summary>The organisation's colours and logo, for pages before and after signing in: from our own origin, as their policy asks.</summary>
internal static class BrandEndpoints
{
    public static void MapBrand(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/brand/colors.css", ColorsAsync).AllowAnonymous();
        endpoints.MapGet("/brand/logo", LogoAsync).AllowAnonymous();
    }

    private static async Task<IResult> ColorsAsync(HttpContext http, LatchkeyDbContext db)
    {
        var settings = await PortalSettingsService.ReadAsync(db, http.RequestAborted);
        if (settings.Accent is null || AccentColor.Read(settings.Accent) is not { } color)
        {
            return Results.NotFound();
        }
        http.Response.Headers.CacheControl = "public, max-age=3600";
        return Results.File(
            System.Text.Encoding.ASCII.GetBytes(color.Css()),
            "text/css; charset=utf-8",
            entityTag: new EntityTagHeaderValue($"\"{settings.Accent[1..]}\"")
        );
    }

    private static async Task<IResult> LogoAsync(HttpContext http, LatchkeyDbContext db)
    {
        var logo = await db
            .BrandPictures.AsNoTracking()
            .SingleOrDefaultAsync(p => p.Name == BrandPicture.Logo, http.RequestAborted);
        if (logo is null)
        {
            return Results.NotFound();
        }
        http.Response.Headers.CacheControl = "public, max-age=3600";
        return Results.File(
            logo.Content,
            logo.ContentType,
            entityTag: new EntityTagHeaderValue($"\"{logo.Hash}\"")
        );
    }
}
