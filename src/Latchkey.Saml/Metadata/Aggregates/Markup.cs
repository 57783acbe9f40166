namespace Latchkey.Saml.Metadata.Aggregates;

/// <summary>What begins with a less-than sign.</summary>
internal enum MarkupKind
{
    /// <summary>A start tag.</summary>
    StartTag,

    /// <summary>An empty-element tag.</summary>
    EmptyTag,

    /// <summary>An end tag.</summary>
    EndTag,

    /// <summary>A comment, a CDATA section, or what begins like the XML declaration.</summary>
    Passive,

    /// <summary>Something else, such as a document type declaration.</summary>
    Unknown,
}

/// <summary>Finds where markup ends (XML 1.0 §2.4 to §2.7, §3.1). Whether it is well-formed is the reader's to say.</summary>
internal static class Markup
{
    /// <summary>Its end is not there yet.</summary>
    public const int Incomplete = -1;

    /// <summary>The first place after the markup that begins there, or <see cref="Incomplete"/>.</summary>
    public static int EndOf(ReadOnlySpan<byte> octets, int start, out MarkupKind kind)
    {
        var rest = octets[start..];
        kind = MarkupKind.Unknown;
        if (rest.Length < 2)
            return Incomplete;
        switch (rest[1])
        {
            case (byte)'/':
                kind = MarkupKind.EndTag;
                return After(rest, ">"u8, 2, start);
            case (byte)'?':
                kind = MarkupKind.Passive;
                return After(rest, "?>"u8, 2, start);
            case (byte)'!':
                return EndOfDeclaration(rest, start, ref kind);
            default:
                var length = LengthOfTag(rest);
                if (length == Incomplete)
                    return Incomplete;
                kind = rest[length - 2] == '/' ? MarkupKind.EmptyTag : MarkupKind.StartTag;
                return start + length;
        }
    }

    /// <summary>Whether a start tag has this local name, whatever its prefix.</summary>
    public static bool IsNamed(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> localName)
    {
        var name = tag[1..tag.IndexOfAny(" \t\r\n>"u8)];
        return name[(name.IndexOf((byte)':') + 1)..].SequenceEqual(localName);
    }

    private static int EndOfDeclaration(ReadOnlySpan<byte> rest, int start, ref MarkupKind kind)
    {
        if (rest.StartsWith("<!--"u8))
        {
            kind = MarkupKind.Passive;
            return After(rest, "-->"u8, 4, start);
        }
        if (rest.StartsWith("<![CDATA["u8))
        {
            kind = MarkupKind.Passive;
            return After(rest, "]]>"u8, 9, start);
        }
        return "<!--"u8.StartsWith(rest) || "<![CDATA["u8.StartsWith(rest) ? Incomplete : start;
    }

    private static int After(
        ReadOnlySpan<byte> rest,
        ReadOnlySpan<byte> closing,
        int from,
        int start
    )
    {
        var length = rest.Length < from ? -1 : rest[from..].IndexOf(closing);
        return length < 0 ? Incomplete : start + from + length + closing.Length;
    }

    // A greater-than sign inside quotes ends nothing.
    private static int LengthOfTag(ReadOnlySpan<byte> rest)
    {
        var position = 1;
        while (true)
        {
            var next = rest[position..].IndexOfAny((byte)'>', (byte)'"', (byte)'\'');
            if (next < 0)
                return Incomplete;
            position += next + 1;
            var found = rest[position - 1];
            if (found == '>')
                return position;
            var closing = rest[position..].IndexOf(found);
            if (closing < 0)
                return Incomplete;
            position += closing + 1;
        }
    }
}
