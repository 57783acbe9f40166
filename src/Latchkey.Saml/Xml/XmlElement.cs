using System.Text;

namespace Latchkey.Saml.Xml;

/// <summary>An element on a tape. Default when there is none.</summary>
/// <remarks>
/// There is no search: no descendants, no look-up by ID, no comparison without the namespace (rule X4). An element is
/// reached from its parent, by <see cref="ElementContent"/> or as one of its <see cref="Children"/>.
/// </remarks>
internal readonly struct XmlElement(Tape tape, int index)
{
    /// <summary>The tape it stands on.</summary>
    public Tape Tape { get; } = tape;

    /// <summary>Its place on the tape: its identity.</summary>
    public int Index { get; } = index;

    /// <summary>Whether it is there.</summary>
    public bool Exists => Tape is not null;

    /// <summary>Its namespace, as far as it means something here.</summary>
    public XmlNamespace Namespace => Tape.Nodes[Index].Known;

    /// <summary>Its name without prefix.</summary>
    public ReadOnlySpan<byte> LocalName => Tape.LocalName(Tape.Nodes[Index]);

    /// <summary>Whether it has this namespace and this name.</summary>
    public bool Is(XmlNamespace ns, ReadOnlySpan<byte> localName)
    {
        ref readonly var node = ref Tape.Nodes[Index];
        return node.Known == ns && Tape.LocalName(node).SequenceEqual(localName);
    }

    /// <summary>Its name as it is written, for findings.</summary>
    public string Name => Encoding.UTF8.GetString(Tape.Octets(Tape.Nodes[Index].Value));

    /// <summary>Where it stands, for findings.</summary>
    public string Place => Xml.Place.Of(Tape, Index, Tape.Nodes[Index].Offset);

    /// <summary>Where a missing attribute would stand, for findings.</summary>
    public string PlaceOf(string attribute) => $"{Place}, @{attribute}";

    /// <summary>The value of an attribute without namespace; default when it is not there.</summary>
    public XmlValue Attribute(ReadOnlySpan<byte> name)
    {
        ref readonly var node = ref Tape.Nodes[Index];
        for (var a = node.FirstAttribute; a < node.FirstAttribute + node.AttributeCount; a++)
        {
            ref readonly var attribute = ref Tape.Attributes[a];
            if (
                attribute.Namespace == TapeReader.NoNamespace
                && Tape.LocalName(attribute).SequenceEqual(name)
            )
                return new XmlValue(Tape, Index, attribute.Offset, attribute.Value);
        }
        return default;
    }

    /// <summary>The value of xml:lang; default when it is not there.</summary>
    public XmlValue Language => Attribute(XmlNamespace.Xml, "lang"u8);

    /// <summary>Whether it is empty and says by xsi:nil that it has no value, not even an empty one.</summary>
    public bool IsNil =>
        Tape.Nodes[Index].Next == Index + 1
        && Attribute(XmlNamespace.SchemaInstance, "nil"u8).TryBoolean(out var nil)
        && nil;

    /// <summary>The value of an attribute of a namespace; default when it is not there.</summary>
    public XmlValue Attribute(XmlNamespace ns, ReadOnlySpan<byte> name)
    {
        ref readonly var node = ref Tape.Nodes[Index];
        for (var a = node.FirstAttribute; a < node.FirstAttribute + node.AttributeCount; a++)
        {
            ref readonly var attribute = ref Tape.Attributes[a];
            if (
                attribute.PrefixLength > 0
                && Tape.Namespaces[attribute.Namespace].Known == ns
                && Tape.LocalName(attribute).SequenceEqual(name)
            )
                return new XmlValue(Tape, Index, attribute.Offset, attribute.Value);
        }
        return default;
    }

    /// <summary>Its child elements in order.</summary>
    public ChildElements Children => new(this);

    /// <summary>
    /// Its whole text, across comments, if it holds no element. A comment never ends a text early: that was how
    /// user@example.com&lt;!----&gt;.evil.com became somebody else.
    /// </summary>
    public bool TryText(out XmlValue text)
    {
        text = default;
        ref readonly var node = ref Tape.Nodes[Index];
        var offset = node.Offset;
        var runs = 0;
        var length = 0;
        TapeSlice only = default;
        for (var child = Index + 1; child < node.Next; child = Tape.Nodes[child].Next)
        {
            ref readonly var leaf = ref Tape.Nodes[child];
            if (leaf.Kind == NodeKind.Element)
                return false;
            if (leaf.Kind == NodeKind.Comment)
                continue;
            if (++runs == 1)
                offset = leaf.Offset;
            only = leaf.Value;
            length += leaf.Value.Length;
        }
        text =
            runs <= 1
                ? new XmlValue(Tape, Index, offset, only)
                : new XmlValue(Tape, Index, offset, Join(node, length));
        return true;
    }

    /// <summary>Whether it holds one run of text and nothing else, no comment either.</summary>
    public bool IsOneText =>
        Tape.Nodes[Index].Next == Index + 2 && Tape.Nodes[Index + 1].Kind == NodeKind.Text;

    private byte[] Join(in TapeNode node, int length)
    {
        var joined = new byte[length];
        var written = 0;
        for (var child = Index + 1; child < node.Next; child++)
        {
            ref readonly var leaf = ref Tape.Nodes[child];
            if (leaf.Kind != NodeKind.Text)
                continue;
            Tape.Octets(leaf.Value).CopyTo(joined.AsSpan(written));
            written += leaf.Value.Length;
        }
        return joined;
    }
}

/// <summary>The child elements of an element, for foreach.</summary>
internal ref struct ChildElements(XmlElement parent)
{
    private readonly int end = parent.Tape.Nodes[parent.Index].Next;
    private int next = parent.Index + 1;

    /// <summary>The child at hand.</summary>
    public XmlElement Current { get; private set; }

    /// <summary>Goes to the next child element.</summary>
    public bool MoveNext()
    {
        while (next < end)
        {
            var node = next;
            next = parent.Tape.Nodes[node].Next;
            if (parent.Tape.Nodes[node].Kind != NodeKind.Element)
                continue;
            Current = new XmlElement(parent.Tape, node);
            return true;
        }
        return false;
    }

    /// <summary>For foreach.</summary>
    public readonly ChildElements GetEnumerator() => this;
}
