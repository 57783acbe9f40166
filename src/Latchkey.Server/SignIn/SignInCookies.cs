namespace Latchkey.Server.SignIn;

/// <summary>
/// The two cookies of a sign-in: the session's, and the one that binds a sign-in under way to its browser. Where the
/// public address is https they carry the <c>__Host-</c> prefix, so that no neighbour can plant one. They are Lax: a
/// service provider's plain link or redirect finds the session, a form posted from elsewhere does not.
/// </summary>
internal sealed class SignInCookies(Uri publicUrl, SignInOptions options)
{
    private readonly bool _secure = string.Equals(
        publicUrl.Scheme,
        Uri.UriSchemeHttps,
        StringComparison.Ordinal
    );

    public string SessionName => _secure ? "__Host-latchkey" : "latchkey";

    public string BrowserName => _secure ? "__Host-latchkey-signin" : "latchkey-signin";

    public string? Session(HttpContext http) => http.Request.Cookies[SessionName];

    public string? Browser(HttpContext http) => http.Request.Cookies[BrowserName];

    /// <summary>Lives as long as the browser runs; the row says when it ends.</summary>
    public void WriteSession(HttpContext http, string secret) =>
        http.Response.Cookies.Append(SessionName, secret, Build(lifetime: null));

    public void ClearSession(HttpContext http) =>
        http.Response.Cookies.Delete(SessionName, Build(lifetime: null));

    public void WriteBrowser(HttpContext http, string secret) =>
        http.Response.Cookies.Append(BrowserName, secret, Build(options.StateLifetime));

    private CookieOptions Build(TimeSpan? lifetime) =>
        new()
        {
            HttpOnly = true,
            Secure = _secure,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = lifetime,
            IsEssential = true,
        };
}
