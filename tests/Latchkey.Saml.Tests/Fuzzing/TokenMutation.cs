using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>Alters a document tag by tag: what is written changes, often without a change of what it says.</summary>
internal static partial class TokenMutation
{
    private static readonly string[] Inserted =
    [
        "<!-- x -->",
        "<!---->",
        "<![CDATA[]]>",
        "<![CDATA[eve]]>",
        "<?x y?>",
        " ",
        "\n",
        "\r\n",
        "&#13;",
        "&#x65;",
        "<a/>",
        "<x:a xmlns:x='urn:x'/>",
        "<saml:NameID>eve</saml:NameID>",
        "<!DOCTYPE a>",
        "eve",
    ];

    private static readonly string[] Attributes =
    [
        " ID='_x'",
        " Id='_x'",
        " xml:id='_x'",
        " xml:space='preserve'",
        " xmlns=''",
        " xmlns='urn:x'",
        " xmlns:saml='urn:x'",
        " xmlns:ds='urn:oasis:names:tc:SAML:2.0:assertion'",
        " xmlns:xml='http://www.w3.org/XML/1998/namespace'",
        " xmlns:q='urn:oasis:names:tc:SAML:2.0:assertion'",
        " a='&#10;'",
        " Version='2.0'",
    ];

    public static string Of(string document, Random random)
    {
        List<string> tokens = [.. Token().Matches(document).Select(match => match.Value)];
        for (int times = random.Next(1, 4); times > 0 && tokens.Count > 0; times--)
            Once(tokens, random);
        return string.Concat(tokens);
    }

    private static void Once(List<string> tokens, Random random)
    {
        int at = random.Next(tokens.Count);
        switch (random.Next(9))
        {
            case 0:
                tokens.RemoveAt(at);
                break;
            case 1:
                tokens.Insert(random.Next(tokens.Count), tokens[at]);
                break;
            case 2:
                int other = random.Next(tokens.Count);
                (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                break;
            case 3:
                int from = Math.Min(at, random.Next(tokens.Count));
                List<string> moved = tokens.GetRange(from, at - from);
                tokens.RemoveRange(from, moved.Count);
                tokens.InsertRange(random.Next(tokens.Count + 1), moved);
                break;
            case 4:
                tokens.Insert(at, Inserted[random.Next(Inserted.Length)]);
                break;
            default:
                tokens[at] = tokens[at].StartsWith('<')
                    ? InTag(tokens[at], random)
                    : InText(tokens[at], random);
                break;
        }
    }

    private static string InTag(string tag, Random random)
    {
        int name = tag.AsSpan(1).IndexOfAny(" \t\r\n/>") + 1;
        switch (random.Next(7))
        {
            case 0 when name > 1:
                return tag.Insert(name, Attributes[random.Next(Attributes.Length)]);
            case 1 when !tag.Contains('\'', StringComparison.Ordinal):
                return tag.Replace('"', '\'');
            case 2:
                return tag.Replace(
                    " ",
                    random.Next(2) == 0 ? "\n\t" : "  ",
                    StringComparison.Ordinal
                );
            case 3 when tag.EndsWith("/>", StringComparison.Ordinal) && name > 1:
                return tag[..^2] + "></" + tag[1..name] + ">";
            case 4:
                return Referenced(tag, random);
            case 5:
                int colon = tag.IndexOf(':', StringComparison.Ordinal);
                return colon < 0 ? tag : tag.Remove(1, colon);
            default:
                return tag.Replace(
                    "saml:",
                    random.Next(2) == 0 ? "q:" : "",
                    StringComparison.Ordinal
                );
        }
    }

    private static string InText(string text, Random random)
    {
        int at = random.Next(text.Length + 1);
        return random.Next(4) switch
        {
            0 => text.Insert(at, Inserted[random.Next(Inserted.Length)]),
            1 => $"<![CDATA[{text}]]>",
            2 => Referenced(text, random),
            _ => text.Replace("ada", "eve", StringComparison.Ordinal),
        };
    }

    // One character, written as a reference.
    private static string Referenced(string text, Random random)
    {
        int at = random.Next(text.Length);
        if (!Rune.TryGetRuneAt(text, at, out Rune rune))
            return text;
        string reference =
            random.Next(2) == 0
                ? $"&#{rune.Value.ToString(CultureInfo.InvariantCulture)};"
                : $"&#x{rune.Value.ToString("X", CultureInfo.InvariantCulture)};";
        return text[..at] + reference + text[(at + rune.Utf16SequenceLength)..];
    }

    [GeneratedRegex("<[^>]*>|[^<]+|<", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Token();
}
