using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Saml.AspNetCore.Pending;

/// <summary>
/// Notices a browser that signs in successfully and is sent to sign in again, over and over (U-19). A cookie that
/// lives for a minute counts finished sign-ins by the page they returned to, so that many tabs opened at once are not
/// taken for a loop.
/// </summary>
internal sealed class SignInLoop(HttpContext context, Saml2Options options, string scheme)
{
    public const int Limit = 6;

    private const int Kept = 12;
    private const string TimesKey = "times";
    private const string MissingKey = "missing";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private string Name => $"{options.CorrelationCookie.Name}{Uri.EscapeDataString(scheme)}.recent";

    /// <summary>How often this browser finished a sign-in for this page within the last minute, and what did not arrive.</summary>
    public (int Count, string Missing) Look(string returnPath, DateTimeOffset now)
    {
        var page = Page(returnPath);
        var (times, missing) = Read(now);
        return (times.Count(t => t.Page == page), missing);
    }

    /// <summary>Counts a finished sign-in.</summary>
    public void Add(string returnPath, IEnumerable<string> missing, DateTimeOffset now, bool https)
    {
        var (times, _) = Read(now);
        times.Add((now.ToUnixTimeSeconds(), Page(returnPath)));
        var state = new AuthenticationProperties();
        state.Items[TimesKey] = string.Join(
            ' ',
            times
                .TakeLast(Kept)
                .Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Second}.{t.Page}"))
        );
        state.Items[MissingKey] = string.Join(", ", missing.Take(10));
        context.Response.Cookies.Append(
            Name,
            options.StateDataFormat!.Protect(state, Name),
            new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = Window,
                Path = "/",
                SameSite = SameSiteMode.Lax,
                Secure = https,
            }
        );
    }

    private (List<(long Second, string Page)> Times, string Missing) Read(DateTimeOffset now)
    {
        var state = options.StateDataFormat!.Unprotect(context.Request.Cookies[Name], Name);
        var oldest = (now - Window).ToUnixTimeSeconds();
        var times = new List<(long, string)>();
        foreach (var entry in (state?.Items[TimesKey] ?? "").Split(' '))
        {
            var dot = entry.IndexOf('.', StringComparison.Ordinal);
            if (
                dot > 0
                && long.TryParse(entry.AsSpan(0, dot), CultureInfo.InvariantCulture, out var second)
                && second > oldest
            )
            {
                times.Add((second, entry[(dot + 1)..]));
            }
        }

        return (times, state?.Items[MissingKey] ?? "");
    }

    private static string Page(string returnPath) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(returnPath)).AsSpan(0, 4));
}
