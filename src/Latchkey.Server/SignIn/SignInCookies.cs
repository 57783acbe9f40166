using Latchkey.Server.Settings;

namespace Latchkey.Server.SignIn;

/// <summary>
/// The three cookies of a sign-in: the session's, the one that binds a sign-in under way to its browser, and the one by which a browser is known again. Where the
/// public address is https they carry the <c>__Host-</c> prefix, so that no neighbour can plant one. They are Lax: a
/// service provider's plain link or redirect finds the session, a form posted from elsewhere does not.
/// </summary>
internal sealed class SignInCookies(ServerOptions server, SignInLimits options)
{
    public string SessionName => server.IsHttps ? "__Host-latchkey" : "latchkey";

    public string BrowserName => server.IsHttps ? "__Host-latchkey-signin" : "latchkey-signin";

    public string KnownBrowserName => server.IsHttps ? "__Host-latchkey-known" : "latchkey-known";

    public string? KnownBrowser(HttpContext http) => http.Request.Cookies[KnownBrowserName];

    public string? Session(HttpContext http) => http.Request.Cookies[SessionName];

    public string? Browser(HttpContext http) => http.Request.Cookies[BrowserName];

    /// <summary>The row says when it ends, whatever the browser keeps.</summary>
    public void WriteSession(HttpContext http, SessionCookie cookie) =>
        http.Response.Cookies.Append(SessionName, cookie.Secret, Build(cookie.Lifetime));

    public void ClearSession(HttpContext http) =>
        http.Response.Cookies.Delete(SessionName, Build(lifetime: null));

    /// <summary>One for all sign-ins of a browser, and kept: several tabs that start at once must not cost each other their state.</summary>
    private void WriteBrowser(HttpContext http, string secret) =>
        http.Response.Cookies.Append(BrowserName, secret, Build(options.BrowserLifetime));

    /// <summary>What this browser's secret is stored as; it is given one if it has none, and in any case keeps it longer.</summary>
    public byte[] BindBrowser(HttpContext http)
    {
        var secret = Browser(http);
        var hash = SessionService.HashOf(secret);
        if (hash is null)
        {
            secret = SessionService.NewSecret();
            hash = SessionService.HashOf(secret)!;
        }
        WriteBrowser(http, secret!);
        return hash;
    }

    public void WriteKnownBrowser(HttpContext http, string secret) =>
        http.Response.Cookies.Append(KnownBrowserName, secret, Build(options.BrowserLifetime));

    private CookieOptions Build(TimeSpan? lifetime) =>
        new()
        {
            HttpOnly = true,
            Secure = server.IsHttps,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = lifetime,
            IsEssential = true,
        };
}
