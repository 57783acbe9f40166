using System.Buffers;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Xml;

/// <summary>
/// One XML document, read once and laid out flat in document order (rule X1). It owns the octets it was read from, a copy
/// or an array that it was given for good; nobody else can change them afterwards. Its memory comes from the pool and
/// goes back on <see cref="Dispose"/>.
/// </summary>
internal sealed class Tape : IDisposable
{
    private byte[] source;
    private byte[]? decoded;
    private int decodedLength;

    internal PooledList<TapeNode> Nodes;
    internal PooledList<TapeAttribute> Attributes;
    internal PooledList<TapeDeclaration> Declarations;
    internal PooledList<TapePrefix> Prefixes;
    internal PooledList<ulong> PrefixKeys;
    internal PooledList<TapeNamespace> Namespaces;

    /// <summary>Places of the attributes that any peer's software might take for an ID (rule X3).</summary>
    internal PooledList<int> Ids;

    private Tape(byte[] source, int length)
    {
        this.source = source;
        Length = length;
    }

    /// <summary>Reads a document, or says why it is none.</summary>
    /// <returns>The tape, to be disposed of by the caller; null when a finding was added.</returns>
    public static Tape? Read(ReadOnlySpan<byte> xml, MessageLimits limits, FindingList findings)
    {
        var copy = ArrayPool<byte>.Shared.Rent(Math.Max(xml.Length, 1));
        xml.CopyTo(copy);
        return Take(copy, xml.Length, limits, findings);
    }

    /// <summary>Reads a document without copying it, or says why it is none.</summary>
    /// <param name="source">An array from the pool that begins with the document. It is the tape's from now on, whatever comes of it: the caller must not touch it again.</param>
    /// <param name="length">Octets of the document.</param>
    /// <param name="limits">Bounds on the document.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <returns>The tape, to be disposed of by the caller; null when a finding was added.</returns>
    public static Tape? Take(byte[] source, int length, MessageLimits limits, FindingList findings)
    {
        var tape = new Tape(source, length);
        if (length > limits.XmlBytes)
        {
            findings.Add(
                FindingKinds.MessageTooLong,
                expected: $"at most {limits.XmlBytes} bytes of XML",
                found: $"{length} bytes",
                at: "the whole XML"
            );
            tape.Dispose();
            return null;
        }

        var reader = new TapeReader(tape, limits);
        if (reader.Read())
            return tape;
        findings.Add(reader.Failure);
        tape.Dispose();
        return null;
    }

    /// <summary>Octets of the document.</summary>
    public int Length { get; }

    /// <summary>The document as it was read.</summary>
    public ReadOnlySpan<byte> Source => source.AsSpan(0, Length);

    /// <summary>The one root element.</summary>
    public XmlElement Root => new(this, 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (source.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(source);
        source = [];
        if (decoded is not null)
            ArrayPool<byte>.Shared.Return(decoded);
        decoded = null;
        Nodes.Return();
        Attributes.Return();
        Declarations.Return();
        Prefixes.Return();
        PrefixKeys.Return();
        Namespaces.Return();
        Ids.Return();
    }

    internal ReadOnlySpan<byte> Octets(TapeSlice slice) =>
        (slice.Decoded ? decoded : source).AsSpan(slice.Start, slice.Length);

    internal ReadOnlySpan<TapeAttribute> AttributesOf(in TapeNode element) =>
        Attributes.Slice(element.FirstAttribute, element.AttributeCount);

    internal ReadOnlySpan<TapeDeclaration> DeclarationsOf(in TapeNode element) =>
        Declarations.Slice(element.FirstDeclaration, element.DeclarationCount);

    internal ReadOnlySpan<byte> PrefixOctets(int prefix)
    {
        ref readonly var entry = ref Prefixes[prefix];
        return prefix == TapeReader.XmlPrefix ? "xml"u8 : source.AsSpan(entry.Start, entry.Length);
    }

    internal ReadOnlySpan<byte> UriOctets(int ns) =>
        ns == TapeReader.XmlNamespaceNumber
            ? "http://www.w3.org/XML/1998/namespace"u8
            : Octets(Namespaces[ns].Uri);

    internal ReadOnlySpan<byte> LocalName(in TapeNode element)
    {
        var skipped = element.PrefixLength == 0 ? 0 : element.PrefixLength + 1;
        return source.AsSpan(element.Value.Start + skipped, element.Value.Length - skipped);
    }

    internal ReadOnlySpan<byte> LocalName(in TapeAttribute attribute)
    {
        var length = attribute.LocalLength;
        return source.AsSpan(attribute.Offset + attribute.NameLength - length, length);
    }

    /// <summary>Where the next resolved octet goes. Resolving never lengthens a document, so its length is room enough.</summary>
    internal int DecodedLength => decodedLength;

    internal void AppendDecoded(ReadOnlySpan<byte> octets)
    {
        decoded ??= ArrayPool<byte>.Shared.Rent(Length);
        octets.CopyTo(decoded.AsSpan(decodedLength));
        decodedLength += octets.Length;
    }
}
