using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Latchkey.Testing.Browsers;

/// <summary>One person at one browser: a page, and everything the browser complained about meanwhile.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();

    private Visit(IBrowserContext context, IPage page)
    {
        Context = context;
        Page = page;
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>Violations of the Content Security Policy, scripts that broke, resources that were not there.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>The text of the page as it can be read, for the messages of failures.</summary>
    public async Task<string> ReadAsync() => await Page.Locator("body").InnerTextAsync();

    internal static async Task<Visit> OpenAsync(IBrowserContext context)
    {
        var visit = new Visit(context, await context.NewPageAsync());
        context.Console += visit.OnConsole;
        context.WebError += visit.OnWebError;
        return visit;
    }

    public async ValueTask DisposeAsync() => await Context.CloseAsync();

    // Chromium reports policy violations as messages of the console, also where scripts are off.
    private void OnConsole(object? sender, IConsoleMessage message)
    {
        if (message.Type != "error" && !IsAboutPolicy(message.Text))
            return;
        // A page that answers 4xx is an answer, not a fault; that it came is judged by the test itself.
        if (
            message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
            && message.Location.StartsWith(message.Page?.Url ?? "?", StringComparison.Ordinal)
        )
            return;
        _complaints.Enqueue($"{message.Page?.Url}: {message.Text}");
    }

    private void OnWebError(object? sender, IWebError error) =>
        _complaints.Enqueue($"{error.Page?.Url}: {error.Error}");

    private static bool IsAboutPolicy(string text) =>
        text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase)
        || text.Contains("Permissions policy", StringComparison.OrdinalIgnoreCase);
}
