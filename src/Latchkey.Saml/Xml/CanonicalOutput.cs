using System.Buffers;

namespace Latchkey.Saml.Xml;

/// <summary>
/// The octets of a canonical form on their way out. Most of a form stands in the source already, in the same order and
/// written the same way, so pieces of the source that follow one another are copied at once: of a message that its
/// sender wrote in canonical form, everything in one piece.
/// </summary>
internal ref struct CanonicalOutput(Tape tape, OctetBuffer output)
{
    private static readonly SearchValues<byte> TextEscapes = SearchValues.Create("&<>\r"u8);
    private static readonly SearchValues<byte> AttributeEscapes = SearchValues.Create(
        "&<\"\t\n\r"u8
    );

    private readonly ReadOnlySpan<byte> source = tape.Source;

    // The piece of the source that is to be copied next.
    private int pieceStart;
    private int pieceEnd;

    /// <summary>Octets written so far.</summary>
    public readonly int Length => output.Length + pieceEnd - pieceStart;

    /// <summary>Writes a part of the source as it stands there.</summary>
    public void WriteSource(int start, int length)
    {
        if (start != pieceEnd)
        {
            Flush();
            pieceStart = start;
        }
        pieceEnd = start + length;
    }

    /// <summary>Writes the end of a start tag.</summary>
    public void WriteTagEnd()
    {
        if (source[pieceEnd] == '>')
            pieceEnd++;
        else
            Write(">"u8);
    }

    /// <summary>Writes an end tag.</summary>
    public void WriteEndTag(ReadOnlySpan<byte> name)
    {
        if (IsEndTag(source[pieceEnd..], name))
        {
            pieceEnd += name.Length + 3;
            return;
        }
        Write("</"u8);
        output.Write(name);
        output.Write((byte)'>');
    }

    /// <summary>Writes an attribute or a declaration of a namespace that stands in the source.</summary>
    public void WriteAttribute(int nameStart, int nameLength, TapeSlice value)
    {
        var quote = nameStart + nameLength + 1;
        // Most senders write it as the canonical form has it: one space, name, equals sign, double quotes.
        if (
            !value.Decoded
            && value.Start == quote + 1
            && source[quote] == '"'
            && source[nameStart - 1] == ' '
        )
        {
            WriteSource(nameStart - 1, value.Start + value.Length + 2 - nameStart);
            return;
        }
        Write(" "u8);
        output.Write(source.Slice(nameStart, nameLength));
        WriteQuoted(value);
    }

    /// <summary>Writes a declaration of a namespace that the source has elsewhere.</summary>
    public void WriteDeclaration(ReadOnlySpan<byte> prefix, TapeSlice uri)
    {
        Write(" xmlns"u8);
        if (!prefix.IsEmpty)
        {
            output.Write((byte)':');
            output.Write(prefix);
        }
        WriteQuoted(uri);
    }

    /// <summary>Writes a text.</summary>
    public void WriteText(TapeSlice text)
    {
        if (!text.Decoded)
        {
            WriteSource(text.Start, text.Length);
            return;
        }
        Flush();
        WriteEscaped(tape.Octets(text), TextEscapes);
    }

    /// <summary>Writes a comment.</summary>
    public void WriteComment(TapeSlice comment)
    {
        Write("<!--"u8);
        output.Write(tape.Octets(comment));
        output.Write("-->"u8);
    }

    /// <summary>Copies what is still to be copied.</summary>
    public void Flush()
    {
        output.Write(source[pieceStart..pieceEnd]);
        pieceStart = pieceEnd;
    }

    private static bool IsEndTag(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> name) =>
        octets.Length >= name.Length + 3
        && octets[0] == '<'
        && octets[1] == '/'
        && octets[name.Length + 2] == '>'
        && octets.Slice(2, name.Length).SequenceEqual(name);

    private void Write(scoped ReadOnlySpan<byte> octets)
    {
        Flush();
        output.Write(octets);
    }

    private readonly void WriteQuoted(TapeSlice value)
    {
        output.Write("=\""u8);
        if (value.Decoded)
            WriteEscaped(tape.Octets(value), AttributeEscapes);
        else
            output.Write(tape.Octets(value));
        output.Write((byte)'"');
    }

    private readonly void WriteEscaped(ReadOnlySpan<byte> octets, SearchValues<byte> escapes)
    {
        while (true)
        {
            var length = octets.IndexOfAny(escapes);
            if (length < 0)
            {
                output.Write(octets);
                return;
            }
            output.Write(octets[..length]);
            output.Write(
                octets[length] switch
                {
                    (byte)'&' => "&amp;"u8,
                    (byte)'<' => "&lt;"u8,
                    (byte)'>' => "&gt;"u8,
                    (byte)'"' => "&quot;"u8,
                    (byte)'\t' => "&#x9;"u8,
                    (byte)'\n' => "&#xA;"u8,
                    _ => "&#xD;"u8,
                }
            );
            octets = octets[(length + 1)..];
        }
    }
}
