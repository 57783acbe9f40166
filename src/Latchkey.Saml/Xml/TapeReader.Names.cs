using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Latchkey.Saml.Findings;

namespace Latchkey.Saml.Xml;

/// <summary>Names, attributes and namespaces.</summary>
internal ref partial struct TapeReader
{
    /// <summary>Number of the empty prefix.</summary>
    public const int NoPrefix = 0;

    /// <summary>Number of the prefix xml.</summary>
    public const int XmlPrefix = 1;

    /// <summary>Number of "no namespace".</summary>
    public const int NoNamespace = 0;

    /// <summary>Number of the namespace of the prefix xml.</summary>
    public const int XmlNamespaceNumber = 1;

    private const int Unbound = -1;

    private static readonly SearchValues<byte> NameOctets = SearchValues.Create(
        "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8
    );

    // What an address may be made of (RFC 3986), percent sign included.
    private static readonly SearchValues<byte> UriOctets = SearchValues.Create(
        "!#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz~"u8
    );

    private void DeclareBuiltIn()
    {
        tape.Namespaces.Add(new TapeNamespace(default, XmlNamespace.None));
        tape.Namespaces.Add(new TapeNamespace(default, XmlNamespace.Xml));
        tape.Prefixes.Add(new TapePrefix { Bound = NoNamespace });
        tape.PrefixKeys.Add(0);
        tape.Prefixes.Add(new TapePrefix { Bound = XmlNamespaceNumber });
        tape.PrefixKeys.Add(KeyOf("xml"u8));
    }

    private bool ReadQualifiedName(out int length, out int prefixLength)
    {
        var start = at;
        prefixLength = 0;
        length = 0;
        if (!SkipName())
            return Fail(FindingKinds.XmlMalformed, "a name");
        if (at < xml.Length && xml[at] == ':')
        {
            prefixLength = at - start;
            at++;
            if (!SkipName())
                return Fail(FindingKinds.XmlMalformed, "a name after the prefix");
        }
        length = at - start;
        return true;
    }

    // One NCName; false, and nowhere further, when none is ahead.
    private bool SkipName()
    {
        if (
            at == xml.Length
            || xml[at] is (byte)'-' or (byte)'.' or (>= (byte)'0' and <= (byte)'9')
        )
            return false;
        var start = at;
        while (true)
        {
            var length = xml[at..].IndexOfAnyExcept(NameOctets);
            if (length < 0)
            {
                at = xml.Length;
                return true;
            }
            at += length;
            if (xml[at] < 0x80)
                return at > start;
            Rune.DecodeFromUtf8(xml[at..], out var rune, out var octets);
            var fits =
                at == start
                    ? NameCharacters.IsStart(rune.Value)
                    : NameCharacters.IsPart(rune.Value);
            if (!fits)
                return at > start;
            at += octets;
        }
    }

    private bool ReadAttributes(int node)
    {
        while (true)
        {
            var separated = SkipSpace();
            if (at == xml.Length)
                return Fail(FindingKinds.XmlMalformed, "the end of the tag");
            if (xml[at] is (byte)'>' or (byte)'/')
                return true;
            if (!separated)
                return Fail(FindingKinds.XmlMalformed, "space before an attribute");

            var offset = at;
            if (!ReadQualifiedName(out var length, out var prefixLength))
                return false;
            SkipSpace();
            if (!Take("="u8))
                return Fail(FindingKinds.XmlMalformed, "= and a value after the attribute's name");
            SkipSpace();
            if (!ReadAttributeValue(out var value))
                return false;

            var name = xml.Slice(offset, length);
            if (name.StartsWith("xmlns"u8) && (length == 5 || prefixLength == 5))
            {
                var prefix = length == 5 ? default : name[6..];
                if (!Declare(node, offset + length - prefix.Length, prefix, value))
                    return false;
                continue;
            }
            if (++tape.Nodes[node].AttributeCount > limits.AttributesPerElement)
                return Fail(
                    FindingKinds.XmlLimit,
                    $"at most {limits.AttributesPerElement} attributes in one element"
                );
            tape.Attributes.Add(
                new TapeAttribute
                {
                    Element = node,
                    Offset = offset,
                    NameLength = length,
                    PrefixLength = prefixLength,
                    Value = value,
                }
            );
        }
    }

    private bool Declare(int node, int offset, ReadOnlySpan<byte> prefix, TapeSlice value)
    {
        if (tape.Declarations.Count == limits.NamespaceDeclarations)
            return Fail(
                FindingKinds.XmlLimit,
                $"at most {limits.NamespaceDeclarations} namespace declarations"
            );
        var number = NumberOfPrefix(offset, prefix);
        var ns = NumberOfNamespace(value);
        if (!IsDeclarable(number, prefix, ns, tape.Octets(value)))
            return false;

        ref var element = ref tape.Nodes[node];
        for (var d = element.FirstDeclaration; d < tape.Declarations.Count; d++)
            if (tape.Declarations[d].Prefix == number)
                return Fail(
                    FindingKinds.XmlMalformed,
                    "each namespace prefix declared once in a tag"
                );
        element.DeclarationCount++;
        ref var entry = ref tape.Prefixes[number];
        tape.Declarations.Add(new TapeDeclaration(number, ns, entry.Bound));
        entry.Bound = ns;
        return true;
    }

    // Namespaces in XML 1.0 §3, and rule X3: an address that is relative or none at all means something else to every
    // reader.
    private bool IsDeclarable(
        int prefixNumber,
        ReadOnlySpan<byte> prefix,
        int ns,
        ReadOnlySpan<byte> uri
    )
    {
        if (prefix.SequenceEqual("xmlns"u8) || uri.SequenceEqual("http://www.w3.org/2000/xmlns/"u8))
            return Fail(FindingKinds.XmlNamespace, "the prefix xmlns and its namespace left alone");
        if ((prefixNumber == XmlPrefix) != (ns == XmlNamespaceNumber))
            return Fail(FindingKinds.XmlNamespace, "the prefix xml for its own namespace only");
        if (uri.IsEmpty)
            return prefixNumber == NoPrefix
                || Fail(FindingKinds.XmlNamespace, "a namespace for the prefix");
        return IsAbsoluteUri(uri)
            || Fail(FindingKinds.XmlNamespace, "an absolute URI as the name of a namespace");
    }

    private static bool IsAbsoluteUri(ReadOnlySpan<byte> uri)
    {
        var scheme = uri.IndexOf((byte)':');
        if (scheme < 1 || scheme == uri.Length - 1 || !char.IsAsciiLetter((char)uri[0]))
            return false;
        foreach (var octet in uri[..scheme])
            if (
                !char.IsAsciiLetterOrDigit((char)octet)
                && octet is not ((byte)'+' or (byte)'-' or (byte)'.')
            )
                return false;
        return !uri.ContainsAnyExcept(UriOctets);
    }

    // All declarations of a tag hold for the whole tag, so names are resolved at its end.
    private bool ResolveNames(int node)
    {
        ref var element = ref tape.Nodes[node];
        if (
            !Resolve(
                element.Value.Start,
                element.PrefixLength,
                out element.Prefix,
                out element.Namespace
            )
        )
            return false;

        var first = element.FirstAttribute;
        for (var a = first; a < first + element.AttributeCount; a++)
        {
            ref var attribute = ref tape.Attributes[a];
            // The default namespace is not for attributes.
            if (
                attribute.PrefixLength > 0
                && !Resolve(
                    attribute.Offset,
                    attribute.PrefixLength,
                    out attribute.Prefix,
                    out attribute.Namespace
                )
            )
                return false;
            for (var other = first; other < a; other++)
                if (SameName(attribute, tape.Attributes[other]))
                    return Fail(FindingKinds.XmlMalformed, "each attribute once in a tag");
        }
        return true;
    }

    private bool Resolve(int start, int prefixLength, out int prefix, out int ns)
    {
        prefix =
            prefixLength == 0 ? NoPrefix : NumberOfPrefix(start, xml.Slice(start, prefixLength));
        ns = tape.Prefixes[prefix].Bound;
        return ns != Unbound || Fail(FindingKinds.XmlNamespace, "a declaration for every prefix");
    }

    private readonly bool SameName(in TapeAttribute one, in TapeAttribute other) =>
        one.Namespace == other.Namespace
        && tape.LocalName(one).SequenceEqual(tape.LocalName(other));

    // Prefixes and namespaces are numbered, so that everything later compares numbers.
    private int NumberOfPrefix(int start, ReadOnlySpan<byte> prefix)
    {
        if (prefix.IsEmpty)
            return NoPrefix;
        var key = KeyOf(prefix);
        var keys = tape.PrefixKeys.Span;
        var from = 0;
        while (true)
        {
            var found = keys[from..].IndexOf(key);
            if (found < 0)
                break;
            from += found;
            if (prefix.Length < 8 || tape.PrefixOctets(from).SequenceEqual(prefix))
                return from;
            from++;
        }
        tape.PrefixKeys.Add(key);
        return tape.Prefixes.Add(
            new TapePrefix
            {
                Start = start,
                Length = prefix.Length,
                Bound = Unbound,
            }
        );
    }

    // Up to seven octets are their own key; a longer prefix has its first seven and its length.
    private static ulong KeyOf(ReadOnlySpan<byte> prefix)
    {
        Span<byte> key = stackalloc byte[8];
        key.Clear();
        prefix[..Math.Min(prefix.Length, 7)].CopyTo(key);
        key[7] = (byte)Math.Min(prefix.Length, byte.MaxValue);
        return BinaryPrimitives.ReadUInt64LittleEndian(key);
    }

    private readonly int NumberOfNamespace(TapeSlice value)
    {
        var uri = tape.Octets(value);
        for (var number = 0; number < tape.Namespaces.Count; number++)
            if (tape.UriOctets(number).SequenceEqual(uri))
                return number;
        return tape.Namespaces.Add(new TapeNamespace(value, XmlNamespaces.Of(uri)));
    }
}
