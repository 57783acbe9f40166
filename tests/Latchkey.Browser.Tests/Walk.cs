using Latchkey.Testing;
using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests;

/// <summary>
/// Somebody working their way through the pages. Counts what it costs them, and examines every page they come to; what is
/// found is collected, so that a test names all faults of a flow at once.
/// </summary>
internal sealed class Walk : IAsyncDisposable
{
    private readonly Visit _visit;
    private readonly Look _look;
    private readonly List<string> _findings = [];

    private Walk(Visit visit, Look look)
    {
        _visit = visit;
        _look = look;
    }

    public IPage Page => _visit.Page;

    public Visit Visit => _visit;

    public bool HasScripts => _look != Look.WithoutScripts;

    /// <summary>Presses since <see cref="CountFromHere"/>.</summary>
    public int Clicks { get; private set; }

    /// <summary>Everything wrong on the pages examined, with what the browser complained about.</summary>
    public IReadOnlyList<string> Findings => [.. _findings, .. _visit.Complaints];

    public static async Task<Walk> StartAsync(Chromium chromium, ServerProcess server, Look look) =>
        new(await chromium.VisitAsync(look.At(server.Address)), look);

    /// <summary>A form's control by the last part of its name, whatever model it is bound to.</summary>
    public ILocator Field(string name) =>
        Page.Locator(
            $"main :is(input:not([type=hidden]), select, textarea):is([name='{name}' i], [name$='.{name}' i])"
        );

    public void CountFromHere() => Clicks = 0;

    public async Task ClickAsync(ILocator what)
    {
        Clicks++;
        await what.ClickAsync();
    }

    public async Task FillAsync(string field, string value) =>
        await Field(field).First.FillAsync(value);

    /// <summary>Presses the form's main button and waits for the page that answers.</summary>
    public async Task SubmitAsync(string? text = null)
    {
        var button = text is null
            ? Page.Locator("main form button.btn-primary:visible")
            : Page.GetByRole(AriaRole.Button, new() { Name = text });
        await PressAsync(button.Last);
    }

    /// <summary>Presses a form's button and waits for the page that answers.</summary>
    public async Task PressAsync(ILocator button)
    {
        await Page.RunAndWaitForResponseAsync(
            () => ClickAsync(button),
            answer => answer.Request.IsNavigationRequest && answer.Status is < 300 or >= 400
        );
        await Page.WaitForLoadStateAsync();
    }

    /// <summary>Opens an address and examines the page.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await ExamineAsync();
    }

    /// <summary>Accessibility and layout of the page as it stands now; on a wide screen its colours by day and by night.</summary>
    public async Task ExamineAsync()
    {
        // axe is a script, and pages look the same without.
        if (!HasScripts)
            return;
        await using var axe = await Axe.StartAsync(Page);
        await ExamineAsync(axe, _look);
        if (_look == Look.Phone)
            return;
        var other = _look == Look.Dark ? Look.Light : Look.Dark;
        await LookAsync(other);
        Note(other, await axe.FindingsOfColoursAsync());
        await LookAsync(_look);
    }

    /// <summary>The same, and as wide as a phone too.</summary>
    public async Task ExamineInEveryLookAsync()
    {
        await ExamineAsync();
        var wide = Page.ViewportSize!;
        await Page.SetViewportSizeAsync(390, 844);
        await using (var axe = await Axe.StartAsync(Page))
            await ExamineAsync(axe, Look.Phone);
        await Page.SetViewportSizeAsync(wide.Width, wide.Height);
    }

    private async Task ExamineAsync(Axe axe, Look look)
    {
        Note(look, await axe.FindingsAsync());
        if (
            await Page.EvaluateAsync<bool>(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
        )
            Note(look, ["scrolls sideways"]);
        // Where there is least room, another language has to have some.
        if (look == Look.Phone && await LongerTexts.ScrollSidewaysAsync(Page))
            Note(look, ["scrolls sideways when its texts are longer"]);
    }

    private Task LookAsync(Look look) =>
        Page.EmulateMediaAsync(
            new() { ColorScheme = look == Look.Dark ? ColorScheme.Dark : ColorScheme.Light }
        );

    private void Note(Look look, IEnumerable<string> findings) =>
        _findings.AddRange(findings.Select(f => $"[{look}] {new Uri(Page.Url).PathAndQuery}: {f}"));

    public async Task SignInAsync(string username, string password)
    {
        await Page.Locator("input[name=username]").FillAsync(username);
        await Page.Locator("input[name=password]").FillAsync(password);
        var arrived = Page.WaitForURLAsync(url =>
            !url.Contains("/sign-in", StringComparison.Ordinal)
        );
        var asked = Page.Locator("#later").WaitForAsync();
        await Page.Locator("input[name=password]").PressAsync("Enter");
        // Of whom a second step is asked: not today.
        if (await Task.WhenAny(arrived, asked) == asked)
        {
            await asked;
            await Page.Locator("#later").ClickAsync();
        }
        await arrived;
    }

    public ValueTask DisposeAsync() => _visit.DisposeAsync();
}
