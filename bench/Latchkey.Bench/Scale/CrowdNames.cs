using System.Globalization;

namespace Latchkey.Bench.Scale;

/// <summary>Names that differ as names do: they share syllables, and no two people have the same two. In the words of both engines; n.i is the row's number.</summary>
internal static class CrowdNames
{
    private const int Width = 10;

    private static readonly string[] s_first =
    [
        .. "Ada Alan Barbara Charles Claude Dorothy Edsger Emmy Frances Grace".Split(' '),
        .. "Hedy Ivan Jean John Katherine Kathleen Konrad Leslie Margaret Mary".Split(' '),
        .. "Niklaus Radia Shafi Sophie Tim Tony Whitfield Wilhelm Yukihiro Annie".Split(' '),
    ];

    private static readonly string[][] s_syllables =
    [
        "Al Ber Dor Fen Gar Hol Ker Lan Mor Nor Os Pel Ros Sel Tor Ul Var Wes Yor Zel Bran Cram".Split(
            ' '
        ),
        "den mer lin gar sto ven hau ker wit bro dal fel nis pan rum sig tal ust vik wal zen bur".Split(
            ' '
        ),
        "berg feld stein holm ton ham ley by wick dorf bach mann son ford well wood land worth gate shaw field more".Split(
            ' '
        ),
    ];

    public static string First { get; } = OneOf(s_first, "n.i");

    /// <summary>One for as many people as there are first names.</summary>
    public static string Last { get; } =
        Of(string.Create(CultureInfo.InvariantCulture, $"(n.i / {s_first.Length})"));

    /// <summary>Another one for each of ten thousand.</summary>
    public static string Word { get; } = Of("n.i");

    /// <summary>What finds the seventy-eighth alone.</summary>
    public static string Searched(bool person)
    {
        const int number = 77;
        return person
            ? $"{s_first[number % s_first.Length]}+{Word3(number / s_first.Length)}"
            : Word3(number);
    }

    private static string Word3(int number) =>
        string.Concat(
            s_syllables[0][number % s_syllables[0].Length],
            s_syllables[1][number / s_syllables[0].Length % s_syllables[1].Length],
            s_syllables[2][number / s_syllables[0].Length / s_syllables[1].Length]
        );

    private static string Of(string number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{OneOf(s_syllables[0], number)} || {OneOf(s_syllables[1], $"({number} / 22)")} || {OneOf(s_syllables[2], $"({number} / 484)")}"
        );

    /// <summary>From a text with one word every so many letters.</summary>
    private static string OneOf(string[] words, string number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"trim(substr('{string.Concat(words.Select(w => w.PadRight(Width)))}', {number} % {words.Length} * {Width} + 1, {Width}))"
        );
}
