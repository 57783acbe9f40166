using System.Text.Json;
using Microsoft.Playwright;

namespace Latchkey.Testing.Browsers;

/// <summary>The accessibility rules of axe-core, WCAG 2.2 A and AA, on one page as it stands.</summary>
/// <remarks>
/// They run in an isolated world: it sees the page's elements and styles but is not subject to the page's Content Security
/// Policy, so pages are examined under exactly the policy they are served with.
/// </remarks>
public sealed class Axe : IAsyncDisposable
{
    private const string Every =
        "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

    private const string OfColours = "{ type: 'rule', values: ['color-contrast'] }";

    private static readonly Lazy<string> Source = new(() =>
        File.ReadAllText(Path.Combine(Repository.Node, "node_modules", "axe-core", "axe.min.js"))
    );

    private readonly ICDPSession _devTools;
    private readonly int _world;

    private Axe(ICDPSession devTools, int world)
    {
        _devTools = devTools;
        _world = world;
    }

    /// <summary>Gets ready to look at the page, until it goes to another one.</summary>
    public static async Task<Axe> StartAsync(IPage page)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        var tree = await devTools.SendAsync("Page.getFrameTree");
        var frame = tree!.Value.GetProperty("frameTree").GetProperty("frame").GetProperty("id");
        var world = await devTools.SendAsync(
            "Page.createIsolatedWorld",
            new() { ["frameId"] = frame.GetString()!, ["worldName"] = "axe" }
        );
        var axe = new Axe(devTools, world!.Value.GetProperty("executionContextId").GetInt32());
        await axe.EvaluateAsync(Source.Value + ";''");
        return axe;
    }

    /// <summary>One line for each element that breaks a rule.</summary>
    public static async Task<IReadOnlyList<string>> FindingsAsync(IPage page)
    {
        await using var axe = await StartAsync(page);
        return await axe.FindingsAsync();
    }

    /// <summary>One line for each element that breaks a rule.</summary>
    public Task<IReadOnlyList<string>> FindingsAsync() => RunAsync(Every);

    /// <summary>The same of the only rule that other colours can break.</summary>
    public Task<IReadOnlyList<string>> FindingsOfColoursAsync() => RunAsync(OfColours);

    public async ValueTask DisposeAsync() => await _devTools.DetachAsync();

    private async Task<IReadOnlyList<string>> RunAsync(string only) =>
        JsonSerializer.Deserialize<List<string>>(
            await EvaluateAsync(
                $$"""
                axe.run(document, { runOnly: {{only}}, resultTypes: ['violations'] })
                  .then(result => JSON.stringify(result.violations.flatMap(violation => violation.nodes.map(node =>
                    `${violation.id}: ${violation.help} at ${node.target.join(' ')} (${node.failureSummary.replace(/\s+/g, ' ')})`))))
                """
            )
        )!;

    private async Task<string> EvaluateAsync(string expression)
    {
        var answer = await _devTools.SendAsync(
            "Runtime.evaluate",
            new()
            {
                ["contextId"] = _world,
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
