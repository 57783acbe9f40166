namespace Latchkey.Server.Directory.Import;

/// <summary>Writes rows of a CSV file (RFC 4180).</summary>
internal sealed class CsvWriter(TextWriter text)
{
    private static readonly char[] s_special = ['"', ',', ';', '\t', '\r', '\n'];

    public Task WriteAsync(IEnumerable<string?> cells) =>
        text.WriteAsync(string.Join(',', cells.Select(Cell)) + "\r\n");

    private static string Cell(string? value)
    {
        var cell = CsvFormula.Guarded(value ?? "");
        return cell.IndexOfAny(s_special) < 0
            ? cell
            : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
