using System.Buffers.Binary;

namespace Latchkey.Server.Insights;

/// <summary>Identifiers of events: each one greater than the one before, so that the steps of a sign-in are told in their order.</summary>
internal static class EventIds
{
    /// <summary>Identifiers that somebody made up may say more than there are dates.</summary>
    private static readonly long s_latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private static readonly Lock s_lock = new();
    private static Guid s_last;
    private static long s_lastAt;

    public static Guid Next()
    {
        var now = DateTimeOffset.UtcNow;
        lock (s_lock)
        {
            // Within a millisecond the next one is known without asking for randomness again.
            if (now.ToUnixTimeMilliseconds() <= s_lastAt)
                return s_last = After(s_last);
            s_lastAt = now.ToUnixTimeMilliseconds();
            return s_last = Guid.CreateVersion7(now);
        }
    }

    /// <summary>When it was made, to the millisecond (RFC 9562 §5.7).</summary>
    public static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> octets = stackalloc byte[16];
        id.TryWriteBytes(octets, bigEndian: true, out _);
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(octets) >>> 16;
        return DateTimeOffset.UnixEpoch
            + TimeSpan.FromMilliseconds(Math.Min(milliseconds, s_latest));
    }

    // The random part of a version 7 identifier may be counted up (RFC 9562 §6.2, method 2).
    private static Guid After(Guid id)
    {
        Span<byte> octets = stackalloc byte[16];
        id.TryWriteBytes(octets, bigEndian: true, out _);
        var counter = octets[8..];
        BinaryPrimitives.WriteUInt64BigEndian(
            counter,
            BinaryPrimitives.ReadUInt64BigEndian(counter) + 1
        );
        return new Guid(octets, bigEndian: true);
    }
}
