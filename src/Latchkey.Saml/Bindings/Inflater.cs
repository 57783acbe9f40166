using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Bindings;

/// <summary>How inflating ended.</summary>
internal enum InflateOutcome
{
    /// <summary>One whole stream, and nothing after it.</summary>
    Whole,

    /// <summary>Not a DEFLATE stream, or cut short.</summary>
    Malformed,

    /// <summary>Longer than allowed.</summary>
    TooLong,

    /// <summary>Something follows the stream.</summary>
    TrailingData,
}

/// <summary>
/// Raw DEFLATE (RFC 1951) with a hard cap (rule B1). DeflateStream cannot say where its stream ended, nor whether it
/// ended at all; both have to be known here, and messages by Redirect are small.
/// </summary>
internal ref struct Inflater
{
    private const int LongestCode = 15;
    private const int MostSymbols = 288;

    // Codes up to this length, which are nearly all in a message, are found by one look into a table.
    private const int ShortCode = 9;

    private readonly ReadOnlySpan<byte> input;
    private readonly OctetBuffer output;
    private readonly int maximum;
    private int at;
    private int bits;
    private int bitCount;
    private bool tooLong;

    private Inflater(ReadOnlySpan<byte> input, OctetBuffer output, int maximum)
    {
        this.input = input;
        this.output = output;
        this.maximum = maximum;
    }

    /// <summary>Inflates the whole input.</summary>
    public static InflateOutcome Inflate(ReadOnlySpan<byte> input, OctetBuffer output, int maximum)
    {
        var inflater = new Inflater(input, output, maximum);
        if (!inflater.Blocks())
            return inflater.tooLong ? InflateOutcome.TooLong : InflateOutcome.Malformed;
        inflater.GiveBack();
        return inflater.at == input.Length ? InflateOutcome.Whole : InflateOutcome.TrailingData;
    }

    private static ReadOnlySpan<ushort> LengthBase =>
        [
            3,
            4,
            5,
            6,
            7,
            8,
            9,
            10,
            11,
            13,
            15,
            17,
            19,
            23,
            27,
            31,
            35,
            43,
            51,
            59,
            67,
            83,
            99,
            115,
            131,
            163,
            195,
            227,
            258,
        ];

    private static ReadOnlySpan<byte> LengthExtra =>
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static ReadOnlySpan<ushort> DistanceBase =>
        [
            1,
            2,
            3,
            4,
            5,
            7,
            9,
            13,
            17,
            25,
            33,
            49,
            65,
            97,
            129,
            193,
            257,
            385,
            513,
            769,
            1025,
            1537,
            2049,
            3073,
            4097,
            6145,
            8193,
            12289,
            16385,
            24577,
        ];

    private static ReadOnlySpan<byte> DistanceExtra =>
        [
            0,
            0,
            0,
            0,
            1,
            1,
            2,
            2,
            3,
            3,
            4,
            4,
            5,
            5,
            6,
            6,
            7,
            7,
            8,
            8,
            9,
            9,
            10,
            10,
            11,
            11,
            12,
            12,
            13,
            13,
        ];

    private static ReadOnlySpan<byte> CodeLengthOrder =>
        [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private bool Blocks()
    {
        while (true)
        {
            if (!TryBits(1, out var last) || !TryBits(2, out var type))
                return false;
            var read = type switch
            {
                0 => Stored(),
                1 => Fixed(),
                2 => Dynamic(),
                _ => false,
            };
            if (!read)
                return false;
            if (last == 1)
                return true;
        }
    }

    private bool Stored()
    {
        GiveBack();
        if (input.Length - at < 4)
            return false;
        var length = input[at] | (input[at + 1] << 8);
        var complement = input[at + 2] | (input[at + 3] << 8);
        at += 4;
        if (length != (~complement & 0xFFFF) || input.Length - at < length || !HasRoom(length))
            return false;
        output.Write(input.Slice(at, length));
        at += length;
        return true;
    }

    private bool Fixed()
    {
        // Two of the 32 distance codes stand for nothing (RFC 1951 §3.2.6); using one is refused where it is read.
        Span<byte> lengths = stackalloc byte[MostSymbols + 32];
        lengths[..144].Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        lengths[280..MostSymbols].Fill(8);
        lengths[MostSymbols..].Fill(5);
        return Compressed(lengths[..MostSymbols], lengths[MostSymbols..]);
    }

    private bool Dynamic()
    {
        if (
            !TryBits(5, out var literals)
            || !TryBits(5, out var distances)
            || !TryBits(4, out var codes)
        )
            return false;
        literals += 257;
        distances += 1;
        codes += 4;
        if (literals > 286 || distances > 30)
            return false;

        Span<byte> lengths = stackalloc byte[MostSymbols + 32];
        lengths.Clear();
        for (var i = 0; i < codes; i++)
        {
            if (!TryBits(3, out var length))
                return false;
            lengths[CodeLengthOrder[i]] = (byte)length;
        }
        Span<ushort> counts = stackalloc ushort[LongestCode + 1];
        Span<ushort> symbols = stackalloc ushort[19];
        Span<ushort> shortCodes = stackalloc ushort[1 << ShortCode];
        if (!TryBuild(lengths[..19], counts, symbols, shortCodes, mayBeIncomplete: false))
            return false;
        lengths.Clear();

        for (var i = 0; i < literals + distances; )
        {
            if (!TrySymbol(counts, symbols, shortCodes, out var symbol))
                return false;
            if (symbol < 16)
            {
                lengths[i++] = (byte)symbol;
                continue;
            }
            if (symbol == 16 && i == 0)
                return false;
            var repeated = symbol == 16 ? lengths[i - 1] : (byte)0;
            var (extra, least) = symbol switch
            {
                16 => (2, 3),
                17 => (3, 3),
                _ => (7, 11),
            };
            if (!TryBits(extra, out var more) || i + least + more > literals + distances)
                return false;
            lengths.Slice(i, least + more).Fill(repeated);
            i += least + more;
        }
        // Without a code for "end of block" the block could never end.
        return lengths[256] != 0
            && Compressed(lengths[..literals], lengths.Slice(literals, distances));
    }

    private bool Compressed(
        scoped ReadOnlySpan<byte> literalLengths,
        scoped ReadOnlySpan<byte> distanceLengths
    )
    {
        Span<ushort> literalCounts = stackalloc ushort[LongestCode + 1];
        Span<ushort> literals = stackalloc ushort[MostSymbols];
        Span<ushort> distanceCounts = stackalloc ushort[LongestCode + 1];
        Span<ushort> distances = stackalloc ushort[32];
        Span<ushort> shortLiterals = stackalloc ushort[1 << ShortCode];
        Span<ushort> shortDistances = stackalloc ushort[1 << ShortCode];
        if (
            !TryBuild(literalLengths, literalCounts, literals, shortLiterals, mayBeIncomplete: true)
            || !TryBuild(
                distanceLengths,
                distanceCounts,
                distances,
                shortDistances,
                mayBeIncomplete: true
            )
        )
            return false;

        while (true)
        {
            if (!TrySymbol(literalCounts, literals, shortLiterals, out var symbol))
                return false;
            if (symbol == 256)
                return true;
            if (symbol < 256)
            {
                if (!HasRoom(1))
                    return false;
                output.Write((byte)symbol);
                continue;
            }
            symbol -= 257;
            if (symbol >= LengthBase.Length || !TryBits(LengthExtra[symbol], out var more))
                return false;
            var length = LengthBase[symbol] + more;
            if (
                !TrySymbol(distanceCounts, distances, shortDistances, out symbol)
                || symbol >= DistanceBase.Length
            )
                return false;
            if (!TryBits(DistanceExtra[symbol], out more))
                return false;
            var distance = DistanceBase[symbol] + more;
            if (distance > output.Length || !HasRoom(length))
                return false;
            Repeat(distance, length);
        }
    }

    // Octet by octet: the copy may overlap what it writes.
    private readonly void Repeat(int distance, int length)
    {
        var copy = output.Reserve(length);
        var source = output.Written[^(length + distance)..];
        for (var i = 0; i < copy.Length; i++)
            copy[i] = source[i];
    }

    private bool HasRoom(int length)
    {
        tooLong |= output.Length + length > maximum;
        return !tooLong;
    }

    // Canonical Huffman code (RFC 1951 §3.2.2): how many codes of each length, and the symbols in the order of codes.
    private static bool TryBuild(
        ReadOnlySpan<byte> lengths,
        Span<ushort> counts,
        Span<ushort> symbols,
        Span<ushort> shortCodes,
        bool mayBeIncomplete
    )
    {
        counts.Clear();
        foreach (var length in lengths)
            counts[length]++;
        var used = lengths.Length - counts[0];
        counts[0] = 0;
        var left = 1;
        for (var length = 1; length <= LongestCode; length++)
        {
            left = (left << 1) - counts[length];
            if (left < 0)
                return false;
        }
        // An incomplete code is allowed with one symbol of one bit only, or with none that is never used, as zlib has it.
        if (left > 0 && used > 0 && !(mayBeIncomplete && used == counts[1]))
            return false;

        Span<ushort> offsets = stackalloc ushort[LongestCode + 2];
        offsets.Clear();
        for (var length = 1; length <= LongestCode; length++)
            offsets[length + 1] = (ushort)(offsets[length] + counts[length]);
        for (var symbol = 0; symbol < lengths.Length; symbol++)
            if (lengths[symbol] != 0)
                symbols[offsets[lengths[symbol]]++] = (ushort)symbol;
        TabulateShortCodes(counts, symbols, shortCodes);
        return true;
    }

    // For every nine bits that may come next: the symbol whose code they begin with, and the code's length in the last
    // four bits; 0 where the code is longer. The stream has a code's first bit lowest, so codes are mirrored.
    private static void TabulateShortCodes(
        ReadOnlySpan<ushort> counts,
        ReadOnlySpan<ushort> symbols,
        Span<ushort> shortCodes
    )
    {
        shortCodes.Clear();
        var code = 0;
        var index = 0;
        for (var length = 1; length <= ShortCode; length++, code <<= 1)
        for (var n = 0; n < counts[length]; n++, code++, index++)
        {
            var entry = (ushort)(symbols[index] << 4 | length);
            for (var next = Mirror(code, length); next < shortCodes.Length; next += 1 << length)
                shortCodes[next] = entry;
        }
    }

    private static int Mirror(int code, int length)
    {
        var mirrored = 0;
        for (; length > 0; length--, code >>= 1)
            mirrored = mirrored << 1 | code & 1;
        return mirrored;
    }

    private bool TrySymbol(
        scoped ReadOnlySpan<ushort> counts,
        scoped ReadOnlySpan<ushort> symbols,
        scoped ReadOnlySpan<ushort> shortCodes,
        out int symbol
    )
    {
        Fill();
        var entry = shortCodes[bits & ((1 << ShortCode) - 1)];
        var known = entry & 0xF;
        symbol = entry >> 4;
        if (known != 0 && known <= bitCount)
        {
            bits >>= known;
            bitCount -= known;
            return true;
        }
        return TryLongSymbol(counts, symbols, out symbol);
    }

    // Bit by bit: a long code, or the last bits of the input.
    private bool TryLongSymbol(
        scoped ReadOnlySpan<ushort> counts,
        scoped ReadOnlySpan<ushort> symbols,
        out int symbol
    )
    {
        symbol = 0;
        var code = 0;
        var first = 0;
        var index = 0;
        for (var length = 1; length <= LongestCode; length++)
        {
            if (!TryBits(1, out var bit))
                return false;
            code |= bit;
            var count = counts[length];
            if (code - count < first)
            {
                symbol = symbols[index + code - first];
                return true;
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        return false;
    }

    private bool TryBits(int count, out int value)
    {
        value = 0;
        Fill();
        if (bitCount < count)
            return false;
        value = bits & ((1 << count) - 1);
        bits >>= count;
        bitCount -= count;
        return true;
    }

    // Takes octets as long as they fit, with a bit left over for the sign.
    private void Fill()
    {
        for (; bitCount <= 22 && at < input.Length; bitCount += 8)
            bits |= input[at++] << bitCount;
    }

    // What was taken and not used: the rest of the last octet is dropped, whole octets are there again.
    private void GiveBack()
    {
        at -= bitCount / 8;
        bits = 0;
        bitCount = 0;
    }
}
