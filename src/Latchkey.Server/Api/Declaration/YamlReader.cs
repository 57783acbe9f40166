using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Latchkey.Server.Api.Declaration;

/// <summary>
/// Reads YAML into a tree that knows its lines. Works on the parser's events, one at a time: nesting and size are bounded before anything
/// is built, and there are neither aliases, which can make a small file endless, nor tags, which could name types.
/// </summary>
internal sealed class YamlReader
{
    public const int MaxLength = 1024 * 1024;
    public const int MaxDepth = 16;

    private readonly Parser _parser;
    private readonly DeclarationProblems _problems;
    private int _depth;

    private YamlReader(string text, DeclarationProblems problems)
    {
        _parser = new Parser(new StringReader(text));
        _problems = problems;
    }

    /// <summary>The document's root; null if there is none or it cannot be read, which is then a problem.</summary>
    public static Node? Read(string text, DeclarationProblems problems)
    {
        if (text.Length > MaxLength)
        {
            problems.Add(1, "declaration-too-large", MaxLength / 1024);
            return null;
        }
        try
        {
            return new YamlReader(text, problems).Document();
        }
        catch (YamlException e)
        {
            // What is missing at the end is reported one line behind it.
            var lines = text.AsSpan().TrimEnd().Count('\n') + 1;
            var line = Math.Clamp((int)e.Start.Line, 1, lines);
            problems.Add(line, "declaration-not-yaml", Plain(e.Message));
            return null;
        }
        catch (TooDeepException e)
        {
            problems.Add(e.Line, "declaration-too-deep", MaxDepth);
            return null;
        }
    }

    private Node? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return null;
        }
        _parser.Consume<DocumentStart>();
        var root = Next();
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            _problems.Add((int)second.Start.Line, "declaration-second-document");
        }
        return root;
    }

    private Node Next()
    {
        if (_parser.Current is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _problems.Add((int)anchored.Start.Line, "declaration-anchor");
        }
        if (_parser.Current is NodeEvent { Tag.IsEmpty: false } tagged)
        {
            _problems.Add((int)tagged.Start.Line, "declaration-tag");
        }
        switch (_parser.Current)
        {
            case Scalar:
                var scalar = _parser.Consume<Scalar>();
                return new TextNode((int)scalar.Start.Line, Value(scalar));
            case SequenceStart:
                return Nested(List);
            case MappingStart:
                return Nested(Map);
            case AnchorAlias:
                var alias = _parser.Consume<AnchorAlias>();
                _problems.Add((int)alias.Start.Line, "declaration-anchor");
                return new TextNode((int)alias.Start.Line, null);
            default:
                throw new YamlException("Expected a value here.");
        }
    }

    private Node Nested(Func<Node> read)
    {
        if (++_depth > MaxDepth)
        {
            throw new TooDeepException((int)_parser.Current!.Start.Line);
        }
        var node = read();
        _depth--;
        return node;
    }

    private ListNode List()
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<Node>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Next());
        }
        return new ListNode((int)start.Start.Line, items);
    }

    private MapNode Map()
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new List<NodeEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Next();
            var value = Next();
            if (key is not TextNode { Value: { } name })
            {
                _problems.Add(key.Line, "declaration-key-not-text");
            }
            else if (!seen.Add(name))
            {
                _problems.Add(key.Line, "declaration-key-twice", name);
            }
            else
            {
                entries.Add(new NodeEntry(key.Line, name, value));
            }
        }
        return new MapNode((int)start.Start.Line, entries);
    }

    private static string? Value(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null"
            ? null
            : scalar.Value;

    /// <summary>The parser's sentence without the position it puts before it.</summary>
    private static string Plain(string message)
    {
        var end = message.IndexOf("): ", StringComparison.Ordinal);
        return (end < 0 ? message : message[(end + 3)..]).TrimEnd('.');
    }

    private sealed class TooDeepException(int line) : Exception
    {
        public int Line { get; } = line;
    }
}
