namespace Latchkey.Server.Directory.Import;

/// <summary>
/// A spreadsheet takes a cell that begins with one of some characters for a formula. The export puts an apostrophe before such a cell, and
/// before one that begins like that already; the import takes it off again, so that every value comes back as it went out.
/// </summary>
internal static class CsvFormula
{
    private const string Beginnings = "=+-@\t\r";

    public static string Guarded(string text) => IsLike(text) ? "'" + text : text;

    public static string Bare(string text) =>
        text.StartsWith('\'') && IsLike(text) ? text[1..] : text;

    private static bool IsLike(string text) =>
        text.AsSpan().TrimStart('\'') is [var first, ..]
        && Beginnings.Contains(first, StringComparison.Ordinal);
}
