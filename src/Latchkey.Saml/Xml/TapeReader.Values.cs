using System.Buffers;
using System.Text;
using Latchkey.Saml.Findings;

namespace Latchkey.Saml.Xml;

/// <summary>Text, attribute values and references.</summary>
internal ref partial struct TapeReader
{
    private const int FewIds = 32;

    // A value without any of these is its own canonical form.
    private static readonly SearchValues<byte> TextStops = SearchValues.Create("<&>\r"u8);
    private static readonly SearchValues<byte> QuotedStops = SearchValues.Create("\"<&\t\n\r"u8);
    private static readonly SearchValues<byte> ApostropheStops = SearchValues.Create(
        "\"'<&\t\n\r"u8
    );

    private bool ReadText()
    {
        var offset = at;
        var length = xml[at..].IndexOfAny(TextStops);
        if (length > 0 && xml[at + length] == '<' && !IsCData(at + length))
        {
            AddLeaf(NodeKind.Text, offset, new TapeSlice(at, length, decoded: false));
            at += length;
            return true;
        }

        var start = tape.DecodedLength;
        while (at < xml.Length && (xml[at] != '<' || IsCData(at)))
            if (!DecodeText())
                return false;
        if (tape.DecodedLength > start)
            AddLeaf(
                NodeKind.Text,
                offset,
                new TapeSlice(start, tape.DecodedLength - start, decoded: true)
            );
        return true;
    }

    private readonly bool IsCData(int position) => xml[position..].StartsWith("<![CDATA["u8);

    // One step: a plain run, a reference, a CDATA section, a line end or a greater-than sign.
    private bool DecodeText()
    {
        switch (xml[at])
        {
            case (byte)'<':
                return DecodeCData();
            case (byte)'&':
                return DecodeReference();
            case (byte)'\r':
                DecodeLineEnd((byte)'\n');
                return true;
            case (byte)'>' when at >= 2 && xml[at - 1] == ']' && xml[at - 2] == ']':
                return Fail(FindingKinds.XmlMalformed, "no ]]> in text");
            case (byte)'>':
                tape.AppendDecoded(">"u8);
                at++;
                return true;
            default:
                var length = xml[at..].IndexOfAny(TextStops);
                if (length < 0)
                    length = xml.Length - at;
                tape.AppendDecoded(xml.Slice(at, length));
                at += length;
                return true;
        }
    }

    private bool DecodeCData()
    {
        var start = at + 9;
        var length = xml[start..].IndexOf("]]>"u8);
        if (length < 0)
            return Fail(FindingKinds.XmlMalformed, "]]> at the end of the CDATA section");
        AppendWithLineFeeds(xml.Slice(start, length));
        at = start + length + 3;
        return true;
    }

    // The place of the quote that ends the value which begins there, if that is in quotes and its own canonical form,
    // as nearly all are; -1 if not.
    private static int EndOfPlainValue(ReadOnlySpan<byte> xml, int start)
    {
        if (start == xml.Length || xml[start] is not ((byte)'"' or (byte)'\''))
            return -1;
        var end = PlainEnd(xml, start + 1, xml[start]);
        return end < xml.Length && xml[end] == xml[start] ? end : -1;
    }

    private bool ReadAttributeValue(out TapeSlice value)
    {
        value = default;
        if (at == xml.Length || xml[at] is not ((byte)'"' or (byte)'\''))
            return Fail(FindingKinds.XmlMalformed, "a value in quotes");
        var quote = xml[at++];
        var start = tape.DecodedLength;
        while (at < xml.Length && xml[at] != quote)
            if (!DecodeAttributeValue(quote))
                return false;
        if (at == xml.Length)
            return Fail(FindingKinds.XmlMalformed, "the quote that ends the value");
        at++;
        value = new TapeSlice(start, tape.DecodedLength - start, decoded: true);
        return true;
    }

    // The end of the run that is its own canonical form. In a value between double quotes an apostrophe is.
    private static int PlainEnd(ReadOnlySpan<byte> xml, int start, byte quote)
    {
        var length = xml[start..].IndexOfAny(quote == '"' ? QuotedStops : ApostropheStops);
        return length < 0 ? xml.Length : start + length;
    }

    // One step: a plain run, a reference, a white space character that becomes a space, or the other quote.
    private bool DecodeAttributeValue(byte quote)
    {
        switch (xml[at])
        {
            case (byte)'<':
                return Fail(FindingKinds.XmlMalformed, "no < in an attribute's value");
            case (byte)'&':
                return DecodeReference();
            case (byte)'\r':
                DecodeLineEnd((byte)' ');
                return true;
            case (byte)'\t' or (byte)'\n':
                tape.AppendDecoded(" "u8);
                at++;
                return true;
            case (byte)'"':
                tape.AppendDecoded("\""u8);
                at++;
                return true;
            default:
                var end = PlainEnd(xml, at, quote);
                tape.AppendDecoded(xml[at..end]);
                at = end;
                return true;
        }
    }

    private void DecodeLineEnd(byte becomes)
    {
        tape.AppendDecoded([becomes]);
        at += at + 1 < xml.Length && xml[at + 1] == '\n' ? 2 : 1;
    }

    private readonly void AppendWithLineFeeds(ReadOnlySpan<byte> octets)
    {
        while (true)
        {
            var length = octets.IndexOf((byte)'\r');
            if (length < 0)
            {
                tape.AppendDecoded(octets);
                return;
            }
            tape.AppendDecoded(octets[..length]);
            tape.AppendDecoded("\n"u8);
            octets = octets[(length + 1)..];
            if (octets.StartsWith("\n"u8))
                octets = octets[1..];
        }
    }

    private readonly TapeSlice WithLineFeeds(int start, ReadOnlySpan<byte> octets)
    {
        if (!octets.Contains((byte)'\r'))
            return new TapeSlice(start, octets.Length, decoded: false);
        var decodedStart = tape.DecodedLength;
        AppendWithLineFeeds(octets);
        return new TapeSlice(decodedStart, tape.DecodedLength - decodedStart, decoded: true);
    }

    private bool DecodeReference()
    {
        var length = xml[at..].IndexOf((byte)';');
        var name = length < 2 ? default : xml.Slice(at + 1, length - 1);
        if (name.StartsWith("#"u8))
        {
            if (!TryCharacter(name[1..], out var rune))
                return Fail(
                    FindingKinds.XmlMalformed,
                    "a reference to a character that XML 1.0 allows"
                );
            Span<byte> octets = stackalloc byte[4];
            tape.AppendDecoded(octets[..rune.EncodeToUtf8(octets)]);
        }
        else if (name.SequenceEqual("amp"u8))
            tape.AppendDecoded("&"u8);
        else if (name.SequenceEqual("lt"u8))
            tape.AppendDecoded("<"u8);
        else if (name.SequenceEqual("gt"u8))
            tape.AppendDecoded(">"u8);
        else if (name.SequenceEqual("quot"u8))
            tape.AppendDecoded("\""u8);
        else if (name.SequenceEqual("apos"u8))
            tape.AppendDecoded("'"u8);
        else
            return Fail(
                FindingKinds.XmlMalformed,
                "one of the five predefined entities or a character reference"
            );
        at += length + 1;
        return true;
    }

    private static bool TryCharacter(ReadOnlySpan<byte> digits, out Rune rune)
    {
        rune = default;
        var radix = 10;
        if (digits.StartsWith("x"u8))
        {
            radix = 16;
            digits = digits[1..];
        }
        if (digits.IsEmpty)
            return false;
        var number = 0;
        foreach (var digit in digits)
        {
            var value =
                char.IsAsciiDigit((char)digit) ? digit - '0'
                : radix == 16 && char.IsAsciiHexDigit((char)digit) ? (digit | 0x20) - 'a' + 10
                : radix;
            if (value >= radix)
                return false;
            number = number * radix + value;
            if (number > 0x10FFFF)
                return false;
        }
        return (number >= 0x20 || number is '\t' or '\n' or '\r')
            && number is not (0xFFFE or 0xFFFF)
            && Rune.TryCreate(number, out rune);
    }

    // Rule X3: one value, one element. Whatever any peer's software might take for an ID counts: ID, Id, id, xml:id,
    // and the same names under other prefixes.
    private readonly void NoteId(in TapeAttribute attribute)
    {
        if (attribute.LocalLength != 2)
            return;
        var name = tape.LocalName(attribute);
        if ((name[0] | 0x20) == 'i' && (name[1] | 0x20) == 'd')
            tape.Ids.Add(tape.Attributes.Count - 1);
    }

    private bool CheckIds()
    {
        var ids = tape.Ids.Span;
        var repeated = ids.Length <= FewIds ? FindRepeatedAmongFew(ids) : FindRepeated(ids);
        if (repeated < 0)
            return true;
        ref readonly var attribute = ref tape.Attributes[repeated];
        at = attribute.Offset;
        open = attribute.Element;
        return Fail(FindingKinds.XmlDuplicateId, "each ID once");
    }

    private readonly int FindRepeatedAmongFew(ReadOnlySpan<int> ids)
    {
        for (var i = 1; i < ids.Length; i++)
            foreach (var earlier in ids[..i])
                if (ValueOf(ids[i]).SequenceEqual(ValueOf(earlier)))
                    return ids[i];
        return -1;
    }

    // Many IDs are unusual; sorting keeps a hostile message from costing their square.
    private readonly int FindRepeated(ReadOnlySpan<int> ids)
    {
        var sorted = ids.ToArray();
        var owner = tape;
        Array.Sort(
            sorted,
            (x, y) =>
            {
                var order = owner
                    .Octets(owner.Attributes[x].Value)
                    .SequenceCompareTo(owner.Octets(owner.Attributes[y].Value));
                return order != 0 ? order : x - y;
            }
        );
        for (var i = 1; i < sorted.Length; i++)
            if (ValueOf(sorted[i]).SequenceEqual(ValueOf(sorted[i - 1])))
                return sorted[i];
        return -1;
    }

    private readonly ReadOnlySpan<byte> ValueOf(int attribute) =>
        tape.Octets(tape.Attributes[attribute].Value);
}
