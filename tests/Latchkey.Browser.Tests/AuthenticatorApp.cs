using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Latchkey.Browser.Tests;

/// <summary>An authenticator app, made anew from RFC 6238.</summary>
internal static class AuthenticatorApp
{
    /// <summary>The code that the app shows.</summary>
    /// <param name="base32">The secret as the page shows it to be typed.</param>
    /// <param name="moment">When somebody looks.</param>
    public static string CodeOf(string base32, DateTimeOffset moment)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(
            base32
                .Where(c => c != ' ')
                .Select(c => Convert.ToString(alphabet.IndexOf(c), 2).PadLeft(5, '0'))
        );
        var secret = Enumerable
            .Range(0, bits.Length / 8)
            .Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))
            .ToArray();
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, moment.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // The apps know no other.
        var mac = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(mac.AsSpan(mac[^1] & 0x0f)) & 0x7fffffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
