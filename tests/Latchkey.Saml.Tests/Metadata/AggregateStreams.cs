using System.Text;
using Latchkey.Saml.Metadata;

namespace Latchkey.Saml.Tests.Metadata;

/// <summary>Gives a few bytes at a time, as networks do.</summary>
internal sealed class Trickle(byte[] octets, int chunk) : MemoryStream(octets)
{
    public override int Read(Span<byte> buffer) =>
        base.Read(buffer[..Math.Min(chunk, buffer.Length)]);

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    ) => base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
}

/// <summary>An aggregate that is never in memory, and notes how much else is.</summary>
internal sealed class EndlessAggregate(int entities) : Stream
{
    private static readonly string Entity = Encoding.UTF8.GetString(
        MetadataWriter.Write(MetadataRoundTripTests.ServiceProvider)
    );

    private byte[] part =
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">"u8.ToArray();
    private int at;
    private int next;

    /// <summary>Bytes alive at the most, at a few places on the way.</summary>
    public long MostAlive { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (at == part.Length && !Advance())
            return 0;
        int length = Math.Min(count, part.Length - at);
        part.AsSpan(at, length).CopyTo(buffer.AsSpan(offset));
        at += length;
        return length;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    private bool Advance()
    {
        if (next > entities)
            return false;
        part =
            next == entities
                ? "</md:EntitiesDescriptor>"u8.ToArray()
                : Encoding.UTF8.GetBytes(
                    Entity.Replace(
                        "https://wiki.example.test/metadata",
                        $"https://sp{next}.example.test"
                    )
                );
        at = 0;
        if (++next % Math.Max(1, entities / 8) == 0)
            MostAlive = Math.Max(MostAlive, GC.GetTotalMemory(forceFullCollection: true));
        return true;
    }
}
