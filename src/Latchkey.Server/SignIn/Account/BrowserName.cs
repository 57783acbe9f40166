namespace Latchkey.Server.SignIn.Account;

/// <summary>What people call the browser behind a User-Agent. A help to recognize one's own, no more: browsers say what they like.</summary>
internal static class BrowserName
{
    // In this order: later ones stand in the texts of earlier ones too.
    private static readonly (string Mark, string Name)[] s_browsers =
    [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] s_systems =
    [
        ("Windows", "Windows"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];

    public static string? Of(string? userAgent)
    {
        if (userAgent is null)
            return null;
        var browser = Find(s_browsers, userAgent);
        var system = Find(s_systems, userAgent);
        return browser is not null && system is not null
            ? $"{browser} ({system})"
            : browser ?? system;
    }

    private static string? Find((string Mark, string Name)[] marks, string userAgent)
    {
        foreach (var (mark, name) in marks)
        {
            if (userAgent.Contains(mark, StringComparison.Ordinal))
                return name;
        }
        return null;
    }
}
