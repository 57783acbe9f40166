using System.Buffers;
using System.Buffers.Text;
using System.Text;

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
    /// <remarks>Narrowed to octets first: that and decoding octets is eight times as fast as decoding characters.</remarks>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        var octets = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            written = 0;
            return Ascii.FromUtf16(text, octets, out var length) == OperationStatus.Done
                && TryDecode(octets.AsSpan(0, length), destination, out written);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(octets);
        }
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
