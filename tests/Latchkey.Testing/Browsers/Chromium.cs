using Microsoft.Playwright;
using Xunit;

namespace Latchkey.Testing.Browsers;

/// <summary>The Debian package's Chromium, driven by Playwright; one process for a test project, each test a context of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Executable(),
                // As root there is no sandbox; QUIC, updates and sync would look for networks that are not there.
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--disable-dev-shm-usage",
                ],
            }
        );
    }

    /// <summary>A fresh profile with one page.</summary>
    public async Task<Visit> VisitAsync(VisitSetup? setup = null)
    {
        setup ??= new VisitSetup();
        var context = await _browser!.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = setup.Address?.AbsoluteUri,
                JavaScriptEnabled = setup.JavaScript,
                ColorScheme = setup.Dark ? ColorScheme.Dark : ColorScheme.Light,
                ViewportSize = setup.Phone
                    ? new ViewportSize { Width = 390, Height = 844 }
                    : new ViewportSize { Width = 1280, Height = 900 },
                IsMobile = setup.Phone,
                HasTouch = setup.Phone,
                Locale = "en-GB",
                // Pages that move while axe looks at their colours give findings that come and go.
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        context.SetDefaultTimeout(60_000);
        context.SetDefaultNavigationTimeout(60_000);
        return await Visit.OpenAsync(context);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
    }

    private static string Executable()
    {
        string?[] candidates =
        [
            Environment.GetEnvironmentVariable("LATCHKEY_TEST_CHROMIUM"),
            "/usr/bin/chromium",
            "/usr/bin/google-chrome",
            "/snap/bin/chromium",
        ];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("No Chromium: run ./test.sh, which installs it.");
    }
}

/// <summary>What kind of browser looks.</summary>
public sealed record VisitSetup
{
    /// <summary>What relative addresses are relative to.</summary>
    public Uri? Address { get; init; }

    public bool JavaScript { get; init; } = true;
    public bool Dark { get; init; }

    /// <summary>390 pixels wide, touched.</summary>
    public bool Phone { get; init; }
}
