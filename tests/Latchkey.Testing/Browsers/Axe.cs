using System.Text.Json;
using Microsoft.Playwright;

namespace Latchkey.Testing.Browsers;

/// <summary>The accessibility rules of axe-core, WCAG 2.2 A and AA.</summary>
/// <remarks>
/// They run in an isolated world: it sees the page's elements and styles but is not subject to the page's Content Security
/// Policy, so pages are examined under exactly the policy they are served with.
/// </remarks>
public static class Axe
{
    private const string Rules = """
        axe.run(document, {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
          resultTypes: ['violations']
        }).then(result => JSON.stringify(result.violations.flatMap(violation => violation.nodes.map(node =>
          `${violation.id}: ${violation.help} at ${node.target.join(' ')} (${node.failureSummary.replace(/\s+/g, ' ')})`))))
        """;

    private static readonly Lazy<string> Source = new(() =>
        File.ReadAllText(Path.Combine(Repository.Node, "node_modules", "axe-core", "axe.min.js"))
    );

    /// <summary>One line for each element that breaks a rule.</summary>
    public static async Task<IReadOnlyList<string>> FindingsAsync(IPage page)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        try
        {
            var tree = await devTools.SendAsync("Page.getFrameTree");
            var frame = tree!.Value.GetProperty("frameTree").GetProperty("frame").GetProperty("id");
            var world = await devTools.SendAsync(
                "Page.createIsolatedWorld",
                new() { ["frameId"] = frame.GetString()!, ["worldName"] = "axe" }
            );
            var context = world!.Value.GetProperty("executionContextId").GetInt32();
            await EvaluateAsync(devTools, context, Source.Value + ";''");
            return JsonSerializer.Deserialize<List<string>>(
                await EvaluateAsync(devTools, context, Rules)
            )!;
        }
        finally
        {
            await devTools.DetachAsync();
        }
    }

    private static async Task<string> EvaluateAsync(
        ICDPSession devTools,
        int context,
        string expression
    )
    {
        var answer = await devTools.SendAsync(
            "Runtime.evaluate",
            new()
            {
                ["contextId"] = context,
                ["expression"] = expression,
                ["awaitPromise"] = true,
                ["returnByValue"] = true,
            }
        );
        if (answer!.Value.TryGetProperty("exceptionDetails", out var fault))
            throw new InvalidOperationException("axe-core broke: " + fault.GetRawText());
        return answer.Value.GetProperty("result").GetProperty("value").GetString()!;
    }
}
