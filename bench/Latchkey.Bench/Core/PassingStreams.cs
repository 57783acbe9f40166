namespace Latchkey.Bench.Core;

/// <summary>Reads on the caller's thread, so that nothing waits and the thread's clock counts all of it.</summary>
internal class Synchronous(Stream inner) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult(Read(buffer.Span));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();
}

/// <summary>Notes every now and then how many bytes are alive.</summary>
internal sealed class Sampling(Stream inner) : Synchronous(inner)
{
    private int reads;

    public long MostAlive { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        if (reads++ % 50 == 0)
            MostAlive = Math.Max(MostAlive, GC.GetTotalMemory(forceFullCollection: true));
        return base.Read(buffer);
    }
}
