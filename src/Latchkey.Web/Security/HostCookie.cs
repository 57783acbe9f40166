using Microsoft.AspNetCore.Http;

namespace Latchkey.Web.Security;

/// <summary>
/// How the shared pages' cookies are named and sent. Where the public address is https they carry the <c>__Host-</c> prefix, so that no neighbour can plant
/// one; the public address decides, since a request may have come through a proxy that nobody told us to trust.
/// </summary>
internal static class HostCookie
{
    public static string Name(WebOptions options, string name) =>
        options.IsHttps ? $"__Host-{name}" : name;

    /// <summary>For the framework's own cookies.</summary>
    public static CookieBuilder Build(WebOptions options, string name, CookieBuilder before) =>
        new Builder(options.IsHttps)
        {
            Name = Name(options, name),
            Path = "/",
            HttpOnly = before.HttpOnly,
            SameSite = before.SameSite,
            IsEssential = true,
        };

    /// <summary>The framework's own policy of this name refuses every request that did not reach this very program by https.</summary>
    private sealed class Builder(bool isHttps) : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure = isHttps;
            return options;
        }
    }
}
