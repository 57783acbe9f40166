using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Latchkey.Saml.AspNetCore.Pending;

/// <summary>
/// The cookie that binds a pending sign-in or sign-out to the browser. RelayState carries only its random handle, 22 characters
/// that mean nothing to anybody else (rule P9); the state itself, protected, stays in this browser.
/// </summary>
/// <param name="context">The request.</param>
/// <param name="options">The scheme's.</param>
/// <param name="scheme">Its name.</param>
/// <param name="path">Where the answer arrives; null for the callback path.</param>
internal sealed class PendingCookie(
    HttpContext context,
    Saml2Options options,
    string scheme,
    string? path
)
{
    private const int HandleBytes = 16;
    private const int HandleCharacters = 22;

    /// <summary>Keeps the state and returns its handle.</summary>
    public string Write(AuthenticationProperties properties, DateTimeOffset now, bool https)
    {
        var handle = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(HandleBytes));
        context.Response.Cookies.Append(
            Name(handle),
            options.StateDataFormat!.Protect(properties, handle),
            Build(now, https)
        );
        return handle;
    }

    /// <summary>Takes the state that a handle stands for out of the browser; null when this browser does not hold it.</summary>
    public AuthenticationProperties? Take(string? handle, DateTimeOffset now, bool https)
    {
        if (
            handle is not { Length: HandleCharacters }
            || !handle.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            || context.Request.Cookies[Name(handle)] is not { } value
        )
        {
            return null;
        }

        context.Response.Cookies.Delete(Name(handle), Build(now, https));
        return options.StateDataFormat!.Unprotect(value, handle);
    }

    private string Name(string handle) =>
        $"{options.CorrelationCookie.Name}{Uri.EscapeDataString(scheme)}.{handle}";

    // The answer comes as a POST from the identity provider's page. SameSite=None is what lets a cookie come along
    // from another site, and browsers take it only with Secure. Over plain http, which is for development on loopback,
    // Secure cannot be promised; there the attribute is left out. A POST from 127.0.0.1:8080 to 127.0.0.1:8081 is
    // same-site (the port plays no part), so the cookie comes; from another site Chromium sends a cookie without the
    // attribute for two minutes, and Firefox always. SameSite=Lax would forbid even that.
    private CookieOptions Build(DateTimeOffset now, bool https)
    {
        var cookie = options.CorrelationCookie.Build(context, now);
        cookie.Path = path ?? cookie.Path;
        if (!https)
        {
            cookie.Secure = false;
            cookie.SameSite = SameSiteMode.Unspecified;
        }
        else
        {
            cookie.Secure = true;
        }

        return cookie;
    }
}
