using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Server.Api.Export;

/// <summary>Writes a tree as YAML that <see cref="Declaration.YamlReader"/> reads: two spaces a level, words plain, every other text in double quotes. The same tree is the same bytes.</summary>
internal static class YamlText
{
    /// <summary>Words that other readers take for something else than a text.</summary>
    private static readonly HashSet<string> s_reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "true",
        "false",
        "null",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
    };

    public static string Write(JsonObject root)
    {
        var text = new StringBuilder();
        Map(text, root, 0);
        return text.ToString();
    }

    private static void Map(StringBuilder text, JsonObject map, int level, bool first = false)
    {
        foreach (var (key, value) in map)
        {
            // The first entry of a list's item stands behind its dash.
            text.Append(' ', first ? 0 : level * 2);
            first = false;
            Scalar(text, key);
            text.Append(':');
            Below(text, value, level);
        }
    }

    private static void Below(StringBuilder text, JsonNode? value, int level)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                text.Append('\n');
                Map(text, map, level + 1);
                break;
            case JsonArray { Count: > 0 } list when list.All(item => item is JsonValue):
                text.Append(" [");
                for (var i = 0; i < list.Count; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    Value(text, list[i]!.AsValue());
                }
                text.Append("]\n");
                break;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                foreach (var item in list)
                {
                    text.Append(' ', (level + 1) * 2).Append("- ");
                    Map(text, item!.AsObject(), level + 2, first: true);
                }
                break;
            case JsonObject:
                text.Append(" {}\n");
                break;
            case JsonArray:
                text.Append(" []\n");
                break;
            case JsonValue scalar:
                text.Append(' ');
                Value(text, scalar);
                text.Append('\n');
                break;
            default:
                text.Append(" null\n");
                break;
        }
    }

    private static void Value(StringBuilder text, JsonValue value)
    {
        if (value.GetValueKind() == JsonValueKind.String)
        {
            Scalar(text, value.GetValue<string>());
        }
        else
        {
            text.Append(value.ToJsonString());
        }
    }

    private static void Scalar(StringBuilder text, string value)
    {
        if (IsPlain(value))
        {
            text.Append(value);
            return;
        }
        text.Append('"');
        foreach (var rune in value.EnumerateRunes())
        {
            Escape(text, rune);
        }
        text.Append('"');
    }

    private static bool IsPlain(string value) =>
        value.Length > 0
        && char.IsAsciiLetter(value[0])
        && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or '@')
        && !s_reserved.Contains(value);

    /// <summary>YAML 1.2 §5.7; what is printable (§5.1) stays, but for the line breaks that only look like none.</summary>
    private static void Escape(StringBuilder text, Rune rune)
    {
        var code = rune.Value;
        switch (code)
        {
            case '"' or '\\':
                text.Append('\\').Append((char)code);
                break;
            case '\n':
                text.Append("\\n");
                break;
            case '\r':
                text.Append("\\r");
                break;
            case '\t':
                text.Append("\\t");
                break;
            case (>= 0x20 and <= 0x7e)
            or (>= 0xa0 and <= 0x2027)
            or (>= 0x202a and <= 0xd7ff)
            or (>= 0xe000 and <= 0xfefe)
            or (>= 0xff00 and <= 0xfffd)
            or >= 0x10000:
                text.Append(rune.ToString());
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"\\u{code:x4}");
                break;
        }
    }
}
