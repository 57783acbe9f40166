using System.Security.Cryptography;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Portal;

/// <summary>Serves an application's logo from our own origin: the pages' policy allows no data: pictures.</summary>
internal static class LogoEndpoint
{
    public static async Task<IResult> GetAsync(
        string app,
        HttpContext http,
        LatchkeyDbContext database
    )
    {
        var logo = await database
            .Applications.Where(a => a.Slug == app)
            .Select(a => a.Logo)
            .SingleOrDefaultAsync(http.RequestAborted);
        if (logo?.StartsWith("data:", StringComparison.Ordinal) != true)
            return Results.NotFound();
        var type = logo["data:".Length..logo.IndexOf(';', StringComparison.Ordinal)];
        var picture = Convert.FromBase64String(
            logo[(logo.IndexOf(',', StringComparison.Ordinal) + 1)..]
        );
        // The address carries the application's version: another picture has another address.
        http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return Results.Bytes(
            picture,
            type,
            entityTag: new($"\"{Convert.ToHexString(SHA256.HashData(picture))}\"")
        );
    }
}
