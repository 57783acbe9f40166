using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Latchkey.Saml.Bindings;

/// <summary>Decodes a URL-encoded value, once and strictly.</summary>
internal static class UrlText
{
    /// <summary>The text; null when a percent sign is followed by anything but two hexadecimal digits, or the octets are no UTF-8.</summary>
    public static string? Decode(string encoded)
    {
        if (!encoded.AsSpan().ContainsAny('%', '+'))
            return encoded;
        var octets = ArrayPool<byte>.Shared.Rent(encoded.Length);
        try
        {
            var length = 0;
            for (var i = 0; i < encoded.Length; i++)
            {
                if (encoded[i] != '%')
                {
                    octets[length++] = encoded[i] == '+' ? (byte)' ' : (byte)encoded[i];
                    continue;
                }
                if (
                    i + 2 >= encoded.Length
                    || !char.IsAsciiHexDigit(encoded[i + 1])
                    || !char.IsAsciiHexDigit(encoded[i + 2])
                )
                    return null;
                octets[length++] = (byte)(Digit(encoded[i + 1]) << 4 | Digit(encoded[i + 2]));
                i += 2;
            }
            var text = octets.AsSpan(0, length);
            return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(octets);
        }
    }

    private static int Digit(char digit) =>
        char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
