using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>Time-based one-time codes (RFC 6238) as every authenticator app makes them: HMAC-SHA-1, six digits, steps of thirty seconds.</summary>
/// <remarks>The framework's own provider accepts the same code again and again within its time, so it is not used.</remarks>
internal static class Totp
{
    /// <summary>160 bits, as RFC 4226 §4 recommends.</summary>
    public const int SecretLength = 20;

    public const int Digits = 6;

    private const int SecondsPerStep = 30;

    /// <summary>How many steps clocks and fingers may be off, each way (RFC 6238 §5.2).</summary>
    private const int Tolerance = 1;

    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The step of a moment.</summary>
    public static long StepOf(DateTimeOffset moment) => moment.ToUnixTimeSeconds() / SecondsPerStep;

    /// <summary>The code of a step.</summary>
    public static string CodeOf(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        // The apps know no other; as a MAC SHA-1 is still sound.
#pragma warning disable CA5350
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var offset = mac[^1] & 0x0f;
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[offset..]) & 0x7fff_ffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step whose code was typed, if it is about now and later than the last one used; otherwise null.</summary>
    public static long? Match(
        ReadOnlySpan<byte> secret,
        string code,
        DateTimeOffset now,
        long lastStep
    )
    {
        var typed = Encoding.UTF8.GetBytes(code);
        var present = StepOf(now);
        long? match = null;
        // Every step is compared, so that the time tells nothing of which one it was.
        for (var step = present - Tolerance; step <= present + Tolerance; step++)
        {
            var expected = Encoding.ASCII.GetBytes(CodeOf(secret, step));
            if (CryptographicOperations.FixedTimeEquals(typed, expected) && step > lastStep)
                match = step;
        }
        return match;
    }

    /// <summary>The secret as people type it, in groups of four (RFC 4648 §6).</summary>
    public static string Text(ReadOnlySpan<byte> secret)
    {
        var text = new StringBuilder();
        var (buffer, bits) = (0, 0);
        foreach (var octet in secret)
        {
            buffer = (buffer << 8) | octet;
            for (bits += 8; bits >= 5; bits -= 5)
            {
                if (text.Length % 5 == 4)
                    text.Append(' ');
                text.Append(Base32[(buffer >> (bits - 5)) & 31]);
            }
        }
        return text.ToString();
    }

    /// <summary>What the picture for the app's camera says (the key URI format of Google Authenticator).</summary>
    public static string Address(ReadOnlySpan<byte> secret, string issuer, string account)
    {
        var label = $"{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}";
        var text = Text(secret).Replace(" ", "", StringComparison.Ordinal);
        return $"otpauth://totp/{label}?secret={text}&issuer={Uri.EscapeDataString(issuer)}";
    }
}
