using Latchkey.Testing;

namespace Latchkey.Server.Tests.SignIn;

/// <summary>Every cookie there is, by a sign-in, a choice and a page with a sentence from the one before.</summary>
public sealed class CookieTests
{
    [Fact]
    public async Task Where_the_public_address_is_https_no_neighbour_can_plant_any_cookie()
    {
        await using var server = new SqliteIdentityProvider();
        await server.InitializeAsync();
        foreach (var cookie in await AllAsync(server))
        {
            cookie.ShouldStartWith("__Host-");
            cookie.ShouldContain("; path=/;", Case.Insensitive);
            cookie.ShouldContain("; secure", Case.Insensitive);
            cookie.ShouldNotContain("domain=", Case.Insensitive);
        }
    }

    [Fact]
    public async Task They_are_so_too_behind_a_proxy_that_nobody_told_us_of()
    {
        await using var server = new SqliteIdentityProvider();
        await server.InitializeAsync();
        // The proxy speaks http to us, and what it says of the browser is not believed.
        foreach (var cookie in await AllAsync(server, new(server.Handler(), PlainHttp.Address)))
        {
            cookie.ShouldStartWith("__Host-");
            cookie.ShouldContain("; secure", Case.Insensitive);
        }
    }

    [Fact]
    public async Task Where_it_is_http_they_have_neither_the_prefix_nor_Secure_and_arrive()
    {
        await using var server = new PlainHttp();
        await server.InitializeAsync();
        foreach (var cookie in await AllAsync(server))
        {
            cookie.ShouldNotContain("__Host-");
            cookie.ShouldNotContain("secure", Case.Insensitive);
        }
    }

    private static async Task<IReadOnlyList<string>> AllAsync(
        TestIdentityProvider server,
        TestBrowser? browser = null
    )
    {
        browser ??= server.NewBrowser();
        var user = await server.AddUserAsync();
        var page = await browser.OpenAsync("/sign-in");
        await browser.SubmitAsync(
            page,
            page.Document.Forms.Single(f => f.GetAttribute("action") == "/language"),
            ("language", "de")
        );
        page = await browser.SubmitAsync(
            await browser.OpenAsync("/sign-in"),
            ("username", user.Username),
            ("password", TestIdentityProvider.Password)
        );
        await browser.SubmitAsync(
            page,
            page.Document.Forms.Single(f => f.GetAttribute("action") == "/theme"),
            ("theme", "dark")
        );
        page = await browser.OpenAsync("/security/password");
        await browser.SubmitAsync(
            page,
            page.Document.Forms.Single(f => f.QuerySelector("input[name=current]") is not null),
            ("current", TestIdentityProvider.Password),
            ("password", "seven umbrellas in june")
        );
        // The form's token, language, session, known browser, colours, and the sentence for the next page.
        browser
            .SetCookieHeaders.Select(c => c.Split('=')[0])
            .Distinct(StringComparer.Ordinal)
            .Count()
            .ShouldBe(6);
        return browser.SetCookieHeaders;
    }

    private sealed class PlainHttp() : TestIdentityProvider(Engine.Sqlite)
    {
        public const string Address = "http://127.0.0.1:8080";

        protected override string PublicUrl => Address;
    }
}
