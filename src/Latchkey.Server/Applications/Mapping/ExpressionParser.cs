using System.Text;

namespace Latchkey.Server.Applications.Mapping;

/// <summary>
/// Reads an expression by descent: <c>sum = item { "+" item }</c>,
/// <c>item = text | name | name "(" [ sum { "," sum } ] ")" | "(" sum ")"</c>.
/// </summary>
internal sealed class ExpressionParser(string text)
{
    private int _at;
    private int _nodes;
    private int _depth;

    /// <summary>Gathered while reading.</summary>
    public ExpressionNeeds Needs { get; private set; }

    public ExpressionNode Read()
    {
        SkipSpaces();
        if (_at == text.Length)
        {
            throw new ExpressionException("expression-empty", 1);
        }
        var root = Sum();
        return _at == text.Length
            ? root
            : throw new ExpressionException("expression-unexpected", _at + 1, text[_at]);
    }

    private ExpressionNode Sum()
    {
        if (++_depth > Expression.MaxDepth)
        {
            throw new ExpressionException("expression-too-deep", _at + 1, Expression.MaxDepth);
        }
        var parts = new List<ExpressionNode> { Item() };
        while (Takes('+'))
        {
            parts.Add(Item());
        }
        _depth--;
        return parts.Count == 1 ? parts[0] : ExpressionFunctions.Concatenate(parts);
    }

    private ExpressionNode Item()
    {
        SkipSpaces();
        if (++_nodes > Expression.MaxNodes)
        {
            throw new ExpressionException("expression-too-many", _at + 1, Expression.MaxNodes);
        }
        if (_at == text.Length)
        {
            throw new ExpressionException("expression-ends", _at + 1);
        }
        var first = text[_at];
        if (first is '"' or '\'')
        {
            return ExpressionFunctions.Constant(Quoted());
        }
        if (first == '(')
        {
            _at++;
            var inner = Sum();
            Close(_at);
            return inner;
        }
        return char.IsAsciiLetter(first)
            ? Named()
            : throw new ExpressionException("expression-unexpected", _at + 1, first);
    }

    private ExpressionNode Named()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
        {
            _at++;
        }
        var name = text[start.._at];
        SkipSpaces();
        if (_at == text.Length || text[_at] != '(')
        {
            return Source(name, start + 1);
        }
        var open = _at++;
        var arguments = new List<ExpressionNode>();
        SkipSpaces();
        if (_at < text.Length && text[_at] != ')')
        {
            do
            {
                arguments.Add(Sum());
            } while (Takes(','));
        }
        Close(open + 1);
        if (!ExpressionFunctions.All.TryGetValue(name, out var function))
        {
            throw new ExpressionException(
                "expression-function-unknown",
                start + 1,
                name,
                string.Join(", ", ExpressionFunctions.All.Keys)
            );
        }
        if (arguments.Count < function.Least || arguments.Count > function.Most)
        {
            throw new ExpressionException(
                "expression-arguments",
                start + 1,
                name,
                function.Form,
                arguments.Count
            );
        }
        Needs |= function.Needs;
        return function.Build(arguments);
    }

    private ExpressionNode Source(string name, int column)
    {
        var source = name.ToLowerInvariant();
        if (!AttributeSources.All.Contains(source))
        {
            throw new ExpressionException(
                "expression-name-unknown",
                column,
                name,
                string.Join(", ", AttributeSources.All)
            );
        }
        if (source == AttributeSources.Manager)
        {
            Needs |= ExpressionNeeds.Manager;
        }
        return ExpressionFunctions.Source(source);
    }

    private string Quoted()
    {
        var (quote, start) = (text[_at], _at);
        var value = new StringBuilder();
        for (_at++; _at < text.Length; _at++)
        {
            var character = text[_at];
            if (character == quote)
            {
                _at++;
                SkipSpaces();
                return value.ToString();
            }
            if (character == '\\' && _at + 1 < text.Length)
            {
                character = text[++_at];
            }
            if (char.IsControl(character))
            {
                break;
            }
            value.Append(character);
        }
        throw new ExpressionException("expression-quote-open", start + 1, quote);
    }

    private bool Takes(char separator)
    {
        SkipSpaces();
        if (_at == text.Length || text[_at] != separator)
        {
            return false;
        }
        _at++;
        return true;
    }

    private void Close(int opened)
    {
        SkipSpaces();
        if (_at == text.Length)
        {
            throw new ExpressionException("expression-bracket-open", opened);
        }
        if (text[_at] != ')')
        {
            throw new ExpressionException("expression-unexpected", _at + 1, text[_at]);
        }
        _at++;
        SkipSpaces();
    }

    private void SkipSpaces()
    {
        while (_at < text.Length && text[_at] is (' ' or '\t' or '\r' or '\n'))
        {
            _at++;
        }
    }
}
