using System.Buffers;

namespace Latchkey.Saml.Xml;

/// <summary>Growing octets from the pool.</summary>
internal sealed class OctetBuffer(int capacity) : IDisposable
{
    private byte[] octets = ArrayPool<byte>.Shared.Rent(capacity);
    private int length;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => octets.AsSpan(0, length);

    /// <summary>Forgets what was written.</summary>
    public void Clear() => length = 0;

    /// <summary>Appends octets.</summary>
    public void Write(ReadOnlySpan<byte> more)
    {
        if (octets.Length - length < more.Length)
            Grow(more.Length);
        more.CopyTo(octets.AsSpan(length));
        length += more.Length;
    }

    /// <summary>Appends one octet.</summary>
    public void Write(byte octet)
    {
        if (octets.Length == length)
            Grow(1);
        octets[length++] = octet;
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
