using System.Text.RegularExpressions;
using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Pages;

/// <summary>One address that a link leads to.</summary>
/// <param name="Path">With its query.</param>
/// <param name="Status">How it was answered.</param>
/// <param name="CacheControl">What it said of being kept.</param>
internal sealed record MappedAddress(string Path, int Status, string? CacheControl)
{
    /// <summary>What it costs; null for what is no page.</summary>
    public PageWeight? Weight { get; init; }

    /// <summary>Where the page's forms go.</summary>
    public IReadOnlyList<string> Forms { get; init; } = [];
}

/// <summary>
/// Every kind of page of the house that links lead its owner to, walked once for all tests: two users are one kind of
/// page, so each kind is opened once.
/// </summary>
/// <param name="Addresses">In the order in which they were come upon.</param>
/// <param name="Findings">What is wrong on the pages, in any look.</param>
internal sealed partial record HouseMap(
    IReadOnlyList<MappedAddress> Addresses,
    IReadOnlyList<string> Findings
)
{
    private static readonly string[] s_starts = ["/admin", "/admin/search?q=wiki", "/"];

    public static async Task<HouseMap> DrawAsync(House house, Chromium chromium)
    {
        await using var walk = await house.SignedInAsync(chromium, "root");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var found = new List<MappedAddress>();
        var waiting = new Queue<string>(s_starts);
        while (waiting.TryDequeue(out var path))
        {
            if (!seen.Add(Kind(path)))
                continue;
            // A download has no page to look at.
            var answer = await walk.Visit.Context.APIRequest.GetAsync(
                path,
                new() { MaxRedirects = 0 }
            );
            answer.Headers.TryGetValue("cache-control", out var control);
            var address = new MappedAddress(path, answer.Status, control);
            if (!IsPage(answer))
            {
                found.Add(address);
                continue;
            }
            var weight = await PageWeight.OfAsync(walk.Visit, path);
            await walk.ExamineInEveryLookAsync();
            found.Add(address with { Weight = weight, Forms = await FormsAsync(walk.Page) });
            foreach (var link in await LinksAsync(walk.Page))
                waiting.Enqueue(link);
        }
        return new(found, walk.Findings);
    }

    private static bool IsPage(IAPIResponse answer) =>
        answer.Headers.TryGetValue("content-type", out var type)
        && type.StartsWith("text/html", StringComparison.Ordinal)
        // Opening an application's address leaves for the application.
        && !new Uri(answer.Url).AbsolutePath.StartsWith("/saml2/", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> FormsAsync(IPage page)
    {
        var actions = await page.Locator("form[method=post i]")
            .EvaluateAllAsync<string[]>("forms => forms.map(form => form.action)");
        return [.. actions.Select(action => new Uri(action).PathAndQuery)];
    }

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
