using Microsoft.AspNetCore.Http;

namespace Latchkey.Web.Security;

/// <summary>Sets the headers that limit what a page may do, and keeps pages out of caches.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>For every page but the auto-post page: only what this server itself serves, no frames, forms only to ourselves.</summary>
    internal const string PagePolicy =
        "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

    private const string NoFeatures =
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state => Set((HttpContext)state), context);
        return next(context);
    }

    private static Task Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Items.TryGetValue(
            ContentPolicy.ItemKey,
            out var policy
        )
            ? (string?)policy
            : PagePolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Permissions-Policy"] = NoFeatures;
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // The origin and nothing more: a service provider may check the Origin of what is posted to it,
        // and a stricter value would make that "null".
        headers["Referrer-Policy"] = "strict-origin";
        // For a year; a browser takes it by https only (RFC 6797 §7.2).
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }
        return Task.CompletedTask;
    }
}
