using System.Text;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Directory.Import;

/// <summary>Reads a CSV file (RFC 4180) row by row, with the line each begins at. Which of comma, semicolon and tab separates the cells, the first line says.</summary>
internal sealed class CsvReader(TextReader text)
{
    private const int LargestField = 16 * 1024;
    private const int MostCells = 1000;

    private readonly char[] _buffer = new char[16 * 1024];
    private readonly StringBuilder _cell = new();
    private int _next;
    private int _end;
    private int _line = 1;
    private char _separator;

    /// <summary>The line at which the row read last begins, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The cells of the next row that is not empty; null at the end.</summary>
    /// <exception cref="ImportFileException">It is no such file.</exception>
    public async ValueTask<string[]?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await PeekAsync(cancellationToken) is not -1)
        {
            Line = _line;
            if (_separator == 0)
            {
                _separator = Separator();
            }
            var cells = await RowAsync(cancellationToken);
            if (cells.Count > 1 || cells[0].Length > 0)
            {
                return [.. cells];
            }
        }
        return null;
    }

    private async ValueTask<List<string>> RowAsync(CancellationToken cancellationToken)
    {
        var cells = new List<string>();
        while (true)
        {
            var last = await CellAsync(cancellationToken);
            cells.Add(_cell.ToString());
            _cell.Clear();
            if (cells.Count > MostCells)
            {
                throw Refused("import-too-many-columns", MostCells);
            }
            if (last)
            {
                return cells;
            }
        }
    }

    /// <summary>Reads up to the end of a cell.</summary>
    /// <returns>Whether it is the row's last.</returns>
    private async ValueTask<bool> CellAsync(CancellationToken cancellationToken)
    {
        var quoted = await PeekAsync(cancellationToken) == '"';
        if (quoted)
        {
            _next++;
            await QuotedAsync(cancellationToken);
        }
        while (true)
        {
            var c = await PeekAsync(cancellationToken);
            if (c == -1)
            {
                return true;
            }
            _next++;
            switch ((char)c)
            {
                case '\r' when await PeekAsync(cancellationToken) == '\n':
                    break;
                case '\r' or '\n':
                    _line++;
                    return true;
                case var separator when separator == _separator:
                    return false;
                case '"':
                    throw Refused("import-quotes");
                case var other:
                    if (quoted)
                    {
                        throw Refused("import-quotes");
                    }
                    Add(other);
                    break;
            }
        }
    }

    /// <summary>The inside of quotation marks: anything, a doubled mark for one.</summary>
    private async ValueTask QuotedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var c = await PeekAsync(cancellationToken);
            if (c == -1)
            {
                throw Refused("import-quotes");
            }
            _next++;
            if (c == '"')
            {
                if (await PeekAsync(cancellationToken) != '"')
                {
                    return;
                }
                _next++;
            }
            _line += c == '\n' ? 1 : 0;
            Add((char)c);
        }
    }

    private void Add(char c)
    {
        if (_cell.Length == LargestField)
        {
            throw Refused("text-too-long", LargestField);
        }
        _cell.Append(c);
    }

    private async ValueTask<int> PeekAsync(CancellationToken cancellationToken)
    {
        if (_next == _end)
        {
            (_next, _end) = (0, await text.ReadAsync(_buffer, cancellationToken));
            if (_end == 0)
            {
                return -1;
            }
        }
        return _buffer[_next];
    }

    /// <summary>The one that stands in the first line most often.</summary>
    private char Separator()
    {
        var start = _buffer.AsSpan(_next, _end - _next);
        var end = start.IndexOfAny('\r', '\n');
        var first = end < 0 ? start : start[..end];
        var (commas, semicolons, tabs) = (first.Count(','), first.Count(';'), first.Count('\t'));
        return semicolons > commas && semicolons >= tabs ? ';'
            : tabs > commas ? '\t'
            : ',';
    }

    private ImportFileException Refused(string code, params object[] args) =>
        new(Line, new Problem(code, "", args));
}
