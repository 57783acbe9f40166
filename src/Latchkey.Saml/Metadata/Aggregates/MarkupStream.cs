using System.Buffers;

namespace Latchkey.Saml.Metadata.Aggregates;

/// <summary>What <see cref="MarkupStream"/> found next.</summary>
internal enum PieceKind
{
    /// <summary>The start tag of an element that may hold entities.</summary>
    Opening,

    /// <summary>One whole element, with the text and comments before it.</summary>
    Element,

    /// <summary>The end tag of an element that was opened.</summary>
    Closing,

    /// <summary>Text and comments, before a tag or at the end.</summary>
    Text,

    /// <summary>Something that begins here is no XML, or is never closed.</summary>
    Broken,

    /// <summary>A piece is longer than allowed.</summary>
    TooLong,

    /// <summary>Nothing more.</summary>
    End,
}

/// <summary>
/// Cuts an aggregate from a stream into pieces of at most one entity. It understands nothing: it only finds where markup
/// ends, and each piece is then read by the one reader (rule X1), which refuses whatever was cut at a wrong place. It holds
/// no more than one piece at a time.
/// </summary>
internal sealed class MarkupStream(Stream stream, int longestPiece) : IDisposable
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int start;
    private int length;
    private int at;
    private int end;
    private int depth;

    /// <summary>The piece; good until the next one is read.</summary>
    public ReadOnlyMemory<byte> Piece => buffer.AsMemory(start, length);

    /// <summary>Octets read from the stream.</summary>
    public long Total { get; private set; }

    /// <summary>Goes to the next piece.</summary>
    public async ValueTask<PieceKind> NextAsync(CancellationToken cancellationToken)
    {
        start += length;
        at = start;
        length = 0;
        depth = 0;
        while (true)
        {
            if (Cut() is { } kind)
                return kind;
            if (end - start > longestPiece)
                return PieceKind.TooLong;
            if (!await FillAsync(cancellationToken))
                return Rest();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    // Whether what is in the buffer holds a whole piece.
    private PieceKind? Cut()
    {
        ReadOnlySpan<byte> octets = buffer.AsSpan(0, end);
        while (true)
        {
            var next = octets[at..].IndexOf((byte)'<');
            if (next < 0)
            {
                at = end;
                return null;
            }
            at += next;
            var after = Markup.EndOf(octets, at, out var kind);
            if (after == Markup.Incomplete)
                return null;
            switch (kind)
            {
                case MarkupKind.Passive:
                    at = after;
                    break;
                case MarkupKind.Unknown:
                    return Found(PieceKind.Broken, end);
                case MarkupKind.EndTag when depth == 0:
                    return at > start ? Found(PieceKind.Text, at) : Found(PieceKind.Closing, after);
                case MarkupKind.StartTag
                    when depth == 0 && Markup.IsNamed(octets[at..after], "EntitiesDescriptor"u8):
                    return at > start ? Found(PieceKind.Text, at) : Found(PieceKind.Opening, after);
                default:
                    at = after;
                    depth +=
                        kind == MarkupKind.StartTag ? 1
                        : kind == MarkupKind.EndTag ? -1
                        : 0;
                    if (depth == 0)
                        return Found(PieceKind.Element, after);
                    break;
            }
            if (at - start > longestPiece)
                return PieceKind.TooLong;
        }
    }

    private PieceKind Found(PieceKind kind, int until)
    {
        length = until - start;
        return length > longestPiece ? PieceKind.TooLong : kind;
    }

    // At the end of the stream: text, or something that never ends.
    private PieceKind Rest()
    {
        length = end - start;
        return length == 0 ? PieceKind.End
            : depth == 0 && at == end ? PieceKind.Text
            : PieceKind.Broken;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            at -= start;
            end -= start;
            start = 0;
        }
        if (end == buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.AsSpan(0, end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
        end += read;
        Total += read;
        return read > 0;
    }
}
