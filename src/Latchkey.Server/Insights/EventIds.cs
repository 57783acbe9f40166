using System.Buffers.Binary;

namespace Latchkey.Server.Insights;

/// <summary>Identifiers of events: each one greater than the one before, so that the steps of a sign-in are told in their order.</summary>
internal static class EventIds
{
    private static readonly Lock s_lock = new();
    private static Guid s_last;

    public static Guid Next()
    {
        lock (s_lock)
        {
            var next = Guid.CreateVersion7();
            return s_last = next.CompareTo(s_last) > 0 ? next : After(s_last);
        }
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
