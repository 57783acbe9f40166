using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Web.Assets;

/// <summary>Serves the assets: compressed, and kept by browsers for as long as their content is the same.</summary>
internal static class AssetEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapMethods(
                WebAssets.Prefix + "{**path}",
                [HttpMethods.Get, HttpMethods.Head],
                (RequestDelegate)ServeAsync
            )
            .AllowAnonymous();

    private static async Task ServeAsync(HttpContext context)
    {
        var assets = (WebAssets)context.RequestServices.GetService(typeof(WebAssets))!;
        var asset = assets.Find((string?)context.GetRouteValue("path") ?? "");
        var response = context.Response;
        if (asset is null)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var tag = $"\"{asset.Version}\"";
        response.Headers.ETag = tag;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        // A stylesheet names its pictures without a version; those are asked for again after a day.
        response.Headers.CacheControl =
            context.Request.Query["v"] == asset.Version
                ? "public, max-age=31536000, immutable"
                : "public, max-age=86400";
        if (context.Request.Headers.IfNoneMatch.Contains(tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (body, encoding) = Choose(asset, context.Request.Headers.AcceptEncoding.ToString());
        response.ContentType = asset.ContentType;
        response.ContentLength = body.Length;
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
        }
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private static (byte[] Body, string? Encoding) Choose(WebAsset asset, string accepted)
    {
        if (asset.ContentType == "image/png" || asset.Content.Length < 512)
        {
            return (asset.Content, null);
        }
        var codings = accepted.Split(',', StringSplitOptions.TrimEntries);
        return codings.Contains("br") ? (asset.Brotli, "br")
            : codings.Contains("gzip") ? (asset.Gzip, "gzip")
            : (asset.Content, null);
    }
}
