using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata.Aggregates;

/// <summary>
/// The EntitiesDescriptor elements that are open at a place of a streamed aggregate. A piece is read as a document of its
/// own: their start tags, the piece, their end tags. So it means exactly what it means in the whole, and no namespace,
/// limit or ID has to be kept by hand.
/// </summary>
internal sealed class OpenContainers(MessageLimits limits) : IDisposable
{
    private readonly OctetBuffer startTags = new(1024);
    private readonly OctetBuffer document = new(64 * 1024);
    private readonly OctetBuffer canonical = new(64 * 1024);
    private readonly List<Container> containers = [];

    private sealed record Container(
        int LengthOutside,
        byte[] StartTag,
        byte[] EndTag,
        Validity Validity
    );

    /// <summary>How many are open.</summary>
    public int Depth => containers.Count;

    /// <summary>How long what stands here may be believed.</summary>
    public Validity Validity =>
        containers.Count == 0 ? Validity.Unlimited : containers[^1].Validity;

    /// <summary>The document that holds only this piece. Good until the next call.</summary>
    public ReadOnlySpan<byte> DocumentOf(ReadOnlySpan<byte> piece)
    {
        document.Clear();
        document.Write(startTags.Written);
        document.Write(piece);
        for (var c = containers.Count - 1; c >= 0; c--)
            document.Write(containers[c].EndTag);
        return document.Written;
    }

    /// <summary>Reads the document that holds only this piece.</summary>
    /// <returns>The tape, to be disposed of by the caller; null when a finding was added.</returns>
    public Tape? Read(ReadOnlySpan<byte> piece, FindingList findings) =>
        Tape.Read(DocumentOf(piece), limits, findings);

    /// <summary>The innermost open container in such a document.</summary>
    public XmlElement Innermost(XmlElement root)
    {
        var element = root;
        for (var c = 1; c < containers.Count; c++)
            element = FirstChild(element);
        return element;
    }

    /// <summary>Opens a container by its start tag.</summary>
    /// <returns>False when a finding was added.</returns>
    public bool Open(ReadOnlySpan<byte> startTag, FindingList findings)
    {
        // The name as it is written there.
        var name = startTag[1..startTag.IndexOfAny(" \t\r\n>"u8)];
        byte[] endTag = [.. "</"u8, .. name, .. ">"u8];
        var around = Validity;
        containers.Add(new Container(startTags.Length, startTag.ToArray(), endTag, around));
        startTags.Write(startTag);
        using var tape = Read(default, findings);
        if (tape is null)
            return false;
        var opened = Innermost(tape.Root);
        if (!opened.Is(XmlNamespace.Metadata, "EntitiesDescriptor"u8))
        {
            findings.Add(
                FindingKinds.MetadataExpected,
                "md:EntityDescriptor or md:EntitiesDescriptor",
                opened.Name,
                opened.Place
            );
            return false;
        }
        containers[^1] = containers[^1] with { Validity = Validity.Read(opened, around, findings) };
        return true;
    }

    /// <summary>Closes the innermost container by its end tag.</summary>
    /// <returns>False when a finding was added.</returns>
    public bool Close(ReadOnlySpan<byte> endTag, FindingList findings)
    {
        // Space may stand before the greater-than sign, nothing else.
        var written = endTag[..^1].TrimEnd(" \t\r\n"u8);
        if (containers.Count == 0 || !written.SequenceEqual(containers[^1].EndTag.AsSpan()[..^1]))
        {
            document.Clear();
            document.Write(startTags.Written);
            document.Write(endTag);
            Explain(document.Written, findings);
            return false;
        }
        var closed = containers[^1];
        containers.RemoveAt(containers.Count - 1);
        var outside = startTags.Written[..closed.LengthOutside].ToArray();
        startTags.Clear();
        startTags.Write(outside);
        return true;
    }

    /// <summary>Has the reader say what is wrong with octets after which nothing can be read any more.</summary>
    public void ExplainBroken(ReadOnlySpan<byte> piece, FindingList findings)
    {
        document.Clear();
        document.Write(startTags.Written);
        document.Write(piece);
        Explain(document.Written, findings);
    }

    /// <summary>The canonical form of the innermost container's content, and of its start tag when the content is empty.</summary>
    /// <param name="root">The root of a document of one piece.</param>
    /// <param name="leftOut">What the enveloped-signature transform takes out.</param>
    /// <param name="form">The form.</param>
    /// <param name="outside">The canonical start tags around the content.</param>
    /// <param name="content">The rest up to the end tags. Good until the next call.</param>
    /// <returns>False when the form is longer than allowed, or does not begin with those start tags.</returns>
    public bool TryCanonical(
        XmlElement root,
        int leftOut,
        CanonicalForm form,
        ReadOnlySpan<byte> outside,
        out ReadOnlySpan<byte> content
    )
    {
        content = default;
        canonical.Clear();
        if (!ExclusiveCanonicalizer.Write(root, leftOut, form, canonical, limits.XmlBytes))
            return false;
        var endTags = containers.Sum(container => container.EndTag.Length);
        var written = canonical.Written;
        if (written.Length < outside.Length + endTags || !written.StartsWith(outside))
            return false;
        content = written[outside.Length..^endTags];
        return true;
    }

    /// <summary>The whole canonical form that <see cref="TryCanonical"/> wrote last.</summary>
    public byte[] LastCanonical => canonical.Written.ToArray();

    /// <inheritdoc/>
    public void Dispose()
    {
        startTags.Dispose();
        document.Dispose();
        canonical.Dispose();
    }

    private void Explain(ReadOnlySpan<byte> octets, FindingList findings)
    {
        using var tape = Tape.Read(octets, limits, findings);
        if (tape is not null)
            findings.Add(FindingKinds.XmlMalformed, "an end tag for every element");
    }

    private static XmlElement FirstChild(XmlElement element)
    {
        foreach (var child in element.Children)
            return child;
        return default;
    }
}
