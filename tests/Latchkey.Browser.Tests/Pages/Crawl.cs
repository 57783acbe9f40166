using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Pages;

/// <summary>Finds every kind of page that links lead to. Two users are one kind of page, so each kind is opened once.</summary>
internal static partial class Crawl
{
    /// <summary>Opens each kind of page from the given ones on, and lets the test look at it.</summary>
    /// <returns>The addresses opened, as paths with queries.</returns>
    public static async Task<IReadOnlyList<string>> FromAsync(
        Walk walk,
        IEnumerable<string> starts,
        Func<string, IResponse, Task> look
    )
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var opened = new List<string>();
        var waiting = new Queue<string>(starts);
        while (waiting.TryDequeue(out var path))
        {
            if (!seen.Add(Kind(path)))
                continue;
            // A download has no page to look at.
            var answer = await walk.Visit.Context.APIRequest.GetAsync(
                path,
                new() { MaxRedirects = 0 }
            );
            opened.Add(path);
            if (!IsPage(answer))
                continue;
            var page = await walk.Page.GotoAsync(path);
            await look(path, page!);
            foreach (var link in await LinksAsync(walk.Page))
                waiting.Enqueue(link);
        }
        return opened;
    }

    private static bool IsPage(IAPIResponse answer) =>
        answer.Headers.TryGetValue("content-type", out var type)
        && type.StartsWith("text/html", StringComparison.Ordinal)
        // Opening an application's address leaves for the application.
        && !new Uri(answer.Url).AbsolutePath.StartsWith("/saml2/", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> LinksAsync(IPage page)
    {
        var here = new Uri(page.Url);
        var targets = await page.Locator("a[href]")
            .EvaluateAllAsync<string[]>(
                "links => links.map(link => new URL(link.getAttribute('href'), document.baseURI).href)"
            );
        return
        [
            .. targets
                .Select(target => new Uri(target))
                .Where(target => target.Authority == here.Authority)
                .Select(target => target.PathAndQuery),
        ];
    }

    /// <summary>The address without what differs between two things of one kind.</summary>
    private static string Kind(string path)
    {
        var parts = path.Split('?', 2);
        var kind = Identifier().Replace(parts[0], "{id}");
        if (parts.Length == 1)
            return kind;
        var names = parts[1]
            .Split('&')
            .Select(pair => pair.Split('=')[0])
            .Order(StringComparer.Ordinal);
        return kind + "?" + string.Join('&', names);
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Identifier();
}
