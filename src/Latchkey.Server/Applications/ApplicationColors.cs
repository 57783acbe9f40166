namespace Latchkey.Server.Applications;

/// <summary>The twelve colours that stand behind an application's letter (J-03). The stylesheet calls them by number.</summary>
internal static class ApplicationColors
{
    /// <summary>In the order of the stylesheet's <c>lk-hue-1</c> to <c>lk-hue-12</c>.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "teal",
        "amber",
        "blue",
        "plum",
        "crimson",
        "green",
        "petrol",
        "violet",
        "slate",
        "rust",
        "navy",
        "olive",
    ];

    /// <summary>The number of the chosen colour; without one always the same for the same slug.</summary>
    public static int HueOf(string? color, string slug)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i] == color)
            {
                return i + 1;
            }
        }
        var sum = 0;
        foreach (var character in slug)
        {
            sum = ((sum * 31) + character) & 0xffff;
        }
        // Of the first eight, so that tiles keep the colour they have always had.
        return (sum % 8) + 1;
    }
}
