using System.Text;

namespace Latchkey.Server.Directory.Import;

/// <summary>Writes rows of a CSV file (RFC 4180).</summary>
internal sealed class CsvWriter(TextWriter text)
{
    /// <summary>Characters with which a spreadsheet begins a formula.</summary>
    private const string Formula = "=+-@\t\r";

    private static readonly char[] s_special = ['"', ',', ';', '\t', '\r', '\n'];

    public Task WriteAsync(IEnumerable<string?> cells) =>
        text.WriteAsync(string.Join(',', cells.Select(Cell)) + "\r\n");

    /// <summary>A cell as it stands in the file. An apostrophe keeps what begins like a formula from being one; the import takes it off.</summary>
    private static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return "";
        }
        var cell = new StringBuilder(value);
        if (Formula.Contains(value[0], StringComparison.Ordinal))
        {
            cell.Insert(0, '\'');
        }
        return value.IndexOfAny(s_special) < 0
            ? cell.ToString()
            : $"\"{cell.Replace("\"", "\"\"")}\"";
    }
}
