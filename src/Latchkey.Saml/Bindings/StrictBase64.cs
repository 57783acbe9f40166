using System.Buffers;
using System.Buffers.Text;

namespace Latchkey.Saml.Bindings;

/// <summary>
/// Base64 as RFC 2045 has it: its alphabet, full padding, no stray bits behind the last octet; white space between is
/// allowed, for many senders break lines (rule B2).
/// </summary>
internal static class StrictBase64
{
    /// <summary>Decodes; false when it is no proper base64 or longer than the destination.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> text,
        Span<byte> destination,
        out int written
    ) =>
        Base64.DecodeFromUtf8(text, destination, out _, out written) == OperationStatus.Done
        && HasNoStrayBits(text);

    /// <summary>Decodes; false when it is no proper base64 or longer than the destination.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        if (!Convert.TryFromBase64Chars(text, destination, out written))
            return false;
        // Only the end matters for stray bits: the last group of four, whatever white space is in it.
        Span<byte> tail = stackalloc byte[4];
        var filled = 0;
        for (var i = text.Length - 1; i >= 0 && filled < 4; i--)
            if (text[i] > ' ')
                tail[3 - filled++] = (byte)text[i];
        return HasNoStrayBits(tail[(4 - filled)..]);
    }

    // A last group of "xx==" carries 8 of its 12 bits, one of "xxx=" 16 of its 18; the others have to be zero, or one
    // value could be written in several ways.
    private static bool HasNoStrayBits(ReadOnlySpan<byte> text)
    {
        text = text.TrimEnd(" \t\r\n"u8);
        if (!text.EndsWith("="u8))
            return true;
        text = text[..^1].TrimEnd(" \t\r\n"u8);
        var mask = 0b000011;
        if (text.EndsWith("="u8))
        {
            mask = 0b001111;
            text = text[..^1].TrimEnd(" \t\r\n"u8);
        }
        return (ValueOf(text[^1]) & mask) == 0;
    }

    private static int ValueOf(byte symbol) =>
        symbol switch
        {
            >= (byte)'A' and <= (byte)'Z' => symbol - 'A',
            >= (byte)'a' and <= (byte)'z' => symbol - 'a' + 26,
            >= (byte)'0' and <= (byte)'9' => symbol - '0' + 52,
            (byte)'+' => 62,
            _ => 63,
        };
}
