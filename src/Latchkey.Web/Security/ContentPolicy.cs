using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Web.Security;

/// <summary>Lets one page choose the policy that fits it.</summary>
public static class ContentPolicy
{
    internal const string ItemKey = "latchkey:content-policy";

    /// <summary>A value for <see cref="UseAutoPostPolicy"/>: 128 random bits, base64.</summary>
    public static string NewNonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    /// <summary>
    /// Marks the answer as the page that posts a message to a service provider by itself. It may run the one script
    /// with this nonce and nothing else. There is no form-action: a service provider may redirect what it receives
    /// to any origin, and browsers apply form-action to redirects too.
    /// </summary>
    public static void UseAutoPostPolicy(this HttpContext context, string nonce)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Items[ItemKey] =
            $"default-src 'none'; script-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "no-store";
    }
}
