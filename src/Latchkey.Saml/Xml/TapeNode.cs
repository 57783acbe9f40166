using System.Runtime.InteropServices;

namespace Latchkey.Saml.Xml;

/// <summary>What stands on the tape in document order. End tags need no node: <see cref="TapeNode.Next"/> says where an element ends.</summary>
internal enum NodeKind : byte
{
    /// <summary>An element.</summary>
    Element,

    /// <summary>A run of characters: text, CDATA sections and references together.</summary>
    Text,

    /// <summary>A comment.</summary>
    Comment,
}

/// <summary>Where the characters of a value are. One number, so that it travels in one register.</summary>
internal readonly struct TapeSlice(int start, int length, bool decoded)
{
    private const ulong DecodedBit = 1UL << 63;

    private readonly ulong packed =
        (uint)start | (ulong)(uint)length << 32 | (decoded ? DecodedBit : 0);

    /// <summary>First octet.</summary>
    public int Start => (int)packed;

    /// <summary>Number of octets.</summary>
    public int Length => (int)(packed >> 32) & int.MaxValue;

    /// <summary>
    /// False: a slice of the source that is its own value and its own canonical form. True: a slice of the tape's second
    /// buffer, because references, CDATA sections or line ends had to be resolved; its canonical form may need escapes.
    /// </summary>
    public bool Decoded => (packed & DecodedBit) != 0;
}

/// <summary>One node of the tape.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct TapeNode
{
    /// <summary>What it is.</summary>
    public NodeKind Kind;

    /// <summary>What the namespace of an element means here.</summary>
    public XmlNamespace Known;

    /// <summary>Where it begins in the source.</summary>
    public int Offset;

    /// <summary>The element it stands in; -1 for the root.</summary>
    public int Parent;

    /// <summary>The first node after it and all it holds.</summary>
    public int Next;

    /// <summary>The qualified name of an element, the characters of a text or comment.</summary>
    public TapeSlice Value;

    /// <summary>Octets of the prefix in the qualified name, colon not counted.</summary>
    public int PrefixLength;

    /// <summary>Number of the prefix.</summary>
    public int Prefix;

    /// <summary>Number of the namespace.</summary>
    public int Namespace;

    /// <summary>The first of its attributes.</summary>
    public int FirstAttribute;

    /// <summary>How many attributes it has, declarations of namespaces not counted.</summary>
    public int AttributeCount;

    /// <summary>The first of its declarations of namespaces.</summary>
    public int FirstDeclaration;

    /// <summary>How many namespaces it declares.</summary>
    public int DeclarationCount;
}

/// <summary>One attribute.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct TapeAttribute
{
    /// <summary>The element it stands in.</summary>
    public int Element;

    /// <summary>Where its qualified name begins in the source.</summary>
    public int Offset;

    /// <summary>Octets of the qualified name.</summary>
    public int NameLength;

    /// <summary>Octets of the prefix, colon not counted.</summary>
    public int PrefixLength;

    /// <summary>Number of the prefix.</summary>
    public int Prefix;

    /// <summary>Number of the namespace; 0 without prefix.</summary>
    public int Namespace;

    /// <summary>Its value.</summary>
    public TapeSlice Value;

    /// <summary>Octets of the name after the prefix and its colon.</summary>
    public readonly int LocalLength =>
        PrefixLength == 0 ? NameLength : NameLength - PrefixLength - 1;
}

/// <summary>One declaration of a namespace.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct TapeDeclaration
{
    /// <summary>Where its qualified name, that begins with xmlns, begins in the source.</summary>
    public int Offset;

    /// <summary>Octets of the qualified name.</summary>
    public int NameLength;

    /// <summary>Number of the prefix; 0 for the default namespace.</summary>
    public int Prefix;

    /// <summary>Number of the namespace; 0 when the default namespace is taken back.</summary>
    public int Namespace;

    /// <summary>Number of the namespace that the prefix stood for outside; -1 for none.</summary>
    public int Before;

    /// <summary>The name of the namespace as it is written here.</summary>
    public TapeSlice Value;
}

/// <summary>One prefix that occurs.</summary>
internal struct TapePrefix
{
    /// <summary>Where it stands in the source.</summary>
    public int Start;

    /// <summary>Its octets.</summary>
    public int Length;

    /// <summary>Number of the namespace it stands for at the place just being read; -1 for none.</summary>
    public int Bound;

    /// <summary>Number of the namespace it was last declared for.</summary>
    public int Usual;
}

/// <summary>One namespace that occurs.</summary>
/// <param name="Uri">Its address.</param>
/// <param name="Known">What it means here.</param>
internal readonly record struct TapeNamespace(TapeSlice Uri, XmlNamespace Known);
