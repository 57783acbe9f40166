using System.Buffers;

namespace Latchkey.Saml.Xml;

/// <summary>Growing octets from the pool.</summary>
internal sealed class OctetBuffer(int capacity) : IDisposable
{
    private byte[] octets = ArrayPool<byte>.Shared.Rent(capacity);
    private int length;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => octets.AsSpan(0, length);

    /// <summary>How many were written.</summary>
    public int Length => length;

    /// <summary>Forgets what was written.</summary>
    public void Clear() => length = 0;

    /// <summary>Appends octets.</summary>
    public void Write(ReadOnlySpan<byte> more) => more.CopyTo(Reserve(more.Length));

    /// <summary>Appends as many octets, to be filled in before the next call.</summary>
    public Span<byte> Reserve(int count)
    {
        var start = length;
        if (octets.Length - start < count)
            Grow(count);
        length = start + count;
        return octets.AsSpan(start, count);
    }

    /// <summary>Appends one octet.</summary>
    public void Write(byte octet)
    {
        if (octets.Length == length)
            Grow(1);
        octets[length++] = octet;
    }

    /// <summary>Gives the array from the pool away that begins with what was written; nothing more is to be written.</summary>
    public byte[] GiveAway(out int count)
    {
        var given = octets;
        count = length;
        octets = [];
        length = 0;
        return given;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (octets.Length > 0)
            ArrayPool<byte>.Shared.Return(octets);
        octets = [];
        length = 0;
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(octets.Length * 2, length + more));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(octets);
        octets = larger;
    }
}
