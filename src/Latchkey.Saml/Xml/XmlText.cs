using System.Buffers;
using System.Text.Unicode;

namespace Latchkey.Saml.Xml;

/// <summary>Turns strings into the character data of canonical XML (xml-c14n §2.3). The only place where a value meets markup.</summary>
internal static class XmlText
{
    /// <summary>What XML 1.0 §2.2 has no way to write, lone surrogates apart: those the UTF-8 encoder finds.</summary>
    private const string Forbidden =
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000B\u000C\u000E\u000F"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F"
        + "\uFFFE\uFFFF";

    public static readonly SearchValues<char> SpecialInText = SearchValues.Create(
        "&<>\r" + Forbidden
    );

    public static readonly SearchValues<char> SpecialInAttribute = SearchValues.Create(
        "&<\"\t\n\r" + Forbidden
    );

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_"
    );

    /// <summary>Whether a string can be an ID of ours: an NCName of ASCII characters (rule X3).</summary>
    public static bool IsId(string value) =>
        value.Length > 0
        && (char.IsAsciiLetter(value[0]) || value[0] == '_')
        && !value.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <exception cref="ArgumentException">The value holds a character that XML 1.0 cannot carry (rule I4).</exception>
    public static void Write(
        CanonicalWriter writer,
        ReadOnlySpan<char> value,
        SearchValues<char> special
    )
    {
        int at;
        while ((at = value.IndexOfAny(special)) >= 0)
        {
            WriteUtf8(writer, value[..at]);
            writer.Raw(Escaped(value[at]));
            value = value[(at + 1)..];
        }
        WriteUtf8(writer, value);
    }

    private static ReadOnlySpan<byte> Escaped(char special) =>
        special switch
        {
            '&' => "&amp;"u8,
            '<' => "&lt;"u8,
            '>' => "&gt;"u8,
            '"' => "&quot;"u8,
            '\t' => "&#x9;"u8,
            '\n' => "&#xA;"u8,
            '\r' => "&#xD;"u8,
            _ => throw new ArgumentException(
                $"A value holds the character U+{(int)special:X4}, which XML 1.0 cannot carry.",
                nameof(special)
            ),
        };

    private static void WriteUtf8(CanonicalWriter writer, ReadOnlySpan<char> value)
    {
        const int longestPerChar = 3;
        OperationStatus status = Utf8.FromUtf16(
            value,
            writer.Room(value.Length * longestPerChar),
            out _,
            out int written,
            replaceInvalidSequences: false
        );
        if (status != OperationStatus.Done)
            throw new ArgumentException(
                "A value holds half of a surrogate pair, which XML 1.0 cannot carry.",
                nameof(value)
            );
        writer.Advance(written);
    }
}
