namespace Latchkey.Server.Applications.Compare;

/// <summary>In what two texts differ, in words: identifiers and addresses are compared letter by letter, and people do not see a slash.</summary>
/// <param name="Same">Whether they are the same.</param>
/// <param name="Key">The text that tells it.</param>
/// <param name="Args">Go into the text.</param>
internal sealed record Difference(bool Same, string Key, params object[] Args)
{
    private const int Around = 12;

    /// <param name="here">What is stored here.</param>
    /// <param name="there">What the other side shows. Spaces around it come from copying.</param>
    public static Difference Between(string here, string there)
    {
        there = there.Trim();
        if (string.Equals(here, there, StringComparison.Ordinal))
        {
            return new(true, "compare.same");
        }
        if (string.Equals(here, there, StringComparison.OrdinalIgnoreCase))
        {
            return new(false, "compare.case", Part(there, FirstDifference(here, there)));
        }
        if (here + "/" == there || here == there + "/")
        {
            return new(false, there.EndsWith('/') ? "compare.slash-there" : "compare.slash-here");
        }
        if (Scheme(here) == Scheme(there) && Scheme(here).Length > 0)
        {
            return new(false, "compare.scheme");
        }
        var at = FirstDifference(here, there);
        return new(false, "compare.from", at + 1, Part(here, at), Part(there, at));
    }

    /// <summary>What follows http:// or https://; empty for anything else.</summary>
    private static string Scheme(string text) =>
        text.StartsWith("https://", StringComparison.Ordinal) ? text["https://".Length..]
        : text.StartsWith("http://", StringComparison.Ordinal) ? text["http://".Length..]
        : "";

    private static int FirstDifference(string a, string b)
    {
        var at = 0;
        while (at < a.Length && at < b.Length && a[at] == b[at])
        {
            at++;
        }
        return at;
    }

    /// <summary>The text from there on, shortened; empty at its end.</summary>
    private static string Part(string text, int at) =>
        text.Length - at <= Around ? text[at..] : text[at..(at + Around)] + "…";
}
