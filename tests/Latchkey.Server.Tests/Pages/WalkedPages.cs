using AngleSharp.Html.Dom;
using Latchkey.Server.Tests.Languages;

namespace Latchkey.Server.Tests.Pages;

/// <summary>One page of each kind that links lead to, beginning where an administrator begins; opened once for all that is looked for.</summary>
public sealed class WalkedPages : IAsyncLifetime
{
    private readonly PseudoIdentityProvider _host = new();
    private readonly List<IHtmlDocument> _pages = [];

    public IReadOnlyList<IHtmlDocument> All => _pages;

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        var application = await _host.AddAsync();
        var user = await _host.UserAsync();
        await _host.GroupAsync(null, user);
        var browser = await _host.BrowserAsync();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>([
            "/admin",
            "/",
            "/sign-in",
            $"/admin/applications/{application.Id}",
            "/admin/search?q=a",
            "/status",
        ]);
        while (waiting.TryDequeue(out var path))
        {
            if (!seen.Add(Kind(path)))
            {
                continue;
            }
            await browser.OpenAsync(path);
            if (browser.Page.Doctype is null)
            {
                continue;
            }
            _pages.Add(browser.Page);
            foreach (var link in browser.Page.QuerySelectorAll("a[href^='/']:not([download])"))
            {
                var target = link.GetAttribute("href")!.Split('#')[0];
                if (!target.StartsWith("/saml2/", StringComparison.Ordinal))
                {
                    waiting.Enqueue(target);
                }
            }
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Two users are one kind of page.</summary>
    private static string Kind(string path) =>
        string.Join(
            '/',
            path.Split('?')[0].Split('/').Select(part => Guid.TryParse(part, out _) ? "{id}" : part)
        );
}
