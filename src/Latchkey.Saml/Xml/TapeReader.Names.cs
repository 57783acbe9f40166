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
    private const int FewPrefixes = 8;
    private static readonly ulong XmlnsKey = KeyOf("xmlns"u8, 5);
    private const string ReservedForXmlns = "the prefix xmlns and its namespace left alone";
    private const string UndeclaredPrefix = "a declaration for every prefix";

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
        tape.PrefixKeys.Add(KeyOf("xml"u8, 3));
    }

    // The end of the qualified name that begins there; the same place when none does.
    private static int AfterQualifiedName(ReadOnlySpan<byte> xml, int start, out int prefixLength)
    {
        prefixLength = 0;
        var end = AfterName(xml, start);
        if (end == start || end == xml.Length || xml[end] != ':')
            return end;
        prefixLength = end - start;
        var local = end + 1;
        end = AfterName(xml, local);
        return end > local ? end : start;
    }

    // Where there is no qualified name: none at all, or none behind a prefix.
    private bool FailName(int start)
    {
        var end = AfterName(xml, start);
        return end == start
            ? FailAt(start, FindingKinds.XmlMalformed, "a name")
            : FailAt(end + 1, FindingKinds.XmlMalformed, "a name after the prefix");
    }

    // The end of the NCName that begins there; the same place when none does.
    private static int AfterName(ReadOnlySpan<byte> xml, int start)
    {
        if (start == xml.Length || NameCharacters.IsNoAsciiStart(xml[start]))
            return start;
        var end = start;
        while (true)
        {
            while ((uint)end < (uint)xml.Length && NameCharacters.IsAsciiPart(xml[end]))
                end++;
            if (end == xml.Length || xml[end] < 0x80)
                return end;
            Rune.DecodeFromUtf8(xml[end..], out var rune, out var octets);
            var fits =
                end == start
                    ? NameCharacters.IsStart(rune.Value)
                    : NameCharacters.IsPart(rune.Value);
            if (!fits)
                return end;
            end += octets;
        }
    }

    // From the end of the tag's name to the ">" or "/" at the tag's end. The place is kept in a local, which is several
    // times as fast as keeping it in the field: most of a message is this.
    private bool ReadAttributes(ref TapeNode element, int position)
    {
        var octets = xml;
        while (true)
        {
            var offset = AfterSpace(octets, position);
            if (offset == octets.Length)
                return FailAt(offset, FindingKinds.XmlMalformed, "the end of the tag");
            if (octets[offset] is (byte)'>' or (byte)'/')
            {
                at = offset;
                return true;
            }
            if (offset == position)
                return FailAt(offset, FindingKinds.XmlMalformed, "space before an attribute");

            var nameEnd = AfterQualifiedName(octets, offset, out var prefixLength);
            if (nameEnd == offset)
                return FailName(offset);
            position = AfterSpace(octets, nameEnd);
            if (position == octets.Length || octets[position] != '=')
                return FailAt(
                    position,
                    FindingKinds.XmlMalformed,
                    "= and a value after the attribute's name"
                );
            position = AfterSpace(octets, position + 1);
            TapeSlice value;
            var valueEnd = EndOfPlainValue(octets, position);
            if (valueEnd > 0)
            {
                value = new TapeSlice(position + 1, valueEnd - position - 1, decoded: false);
                position = valueEnd + 1;
            }
            else
            {
                at = position;
                if (!ReadAttributeValue(out var decoded))
                    return false;
                value = decoded;
                position = at;
            }

            var name = octets[offset..nameEnd];
            if (name.StartsWith("xmlns"u8) && (name.Length == 5 || prefixLength == 5))
            {
                at = position;
                if (!Declare(ref element, offset, name.Length, value))
                    return false;
                continue;
            }
            if (++element.AttributeCount > limits.AttributesPerElement)
            {
                at = position;
                return FailBeyond(
                    limits.AttributesPerElement,
                    "at most {0} attributes in one element"
                );
            }
            ref var attribute = ref tape.Attributes.Append();
            attribute.Element = open;
            attribute.Offset = offset;
            attribute.NameLength = name.Length;
            attribute.PrefixLength = prefixLength;
            attribute.Value = value;
            NoteId(attribute);
        }
    }

    private bool Declare(ref TapeNode element, int offset, int nameLength, TapeSlice value)
    {
        if (tape.Declarations.Count == limits.NamespaceDeclarations)
            return FailBeyond(limits.NamespaceDeclarations, "at most {0} namespace declarations");
        // What stands behind "xmlns:", if anything does.
        var number = NumberOfPrefix(offset + 6, Math.Max(nameLength - 6, 0));
        ref var entry = ref tape.Prefixes[number];
        // A prefix that is declared again mostly stands for what it stood for before, which was looked at then.
        var ns = entry.Usual;
        if (
            (ns == NoNamespace || !tape.UriOctets(ns).SequenceEqual(tape.Octets(value)))
            && !TryNamespace(number, value, out ns)
        )
            return false;

        foreach (ref readonly var other in tape.Declarations.From(element.FirstDeclaration))
            if (other.Prefix == number)
                return Fail(
                    FindingKinds.XmlMalformed,
                    "each namespace prefix declared once in a tag"
                );
        element.DeclarationCount++;
        ref var declaration = ref tape.Declarations.Append();
        declaration.Offset = offset;
        declaration.NameLength = nameLength;
        declaration.Prefix = number;
        declaration.Namespace = ns;
        declaration.Before = entry.Bound;
        declaration.Value = value;
        entry.Bound = ns;
        entry.Usual = ns;
        return true;
    }

    // The number of the namespace that a prefix is declared for.
    private bool TryNamespace(int prefix, TapeSlice value, out int ns)
    {
        var seen = tape.Namespaces.Count;
        ns = NumberOfNamespace(value);
        // A namespace that was declared before had its name checked then.
        return IsDeclarable(prefix, ns) && (ns < seen || IsNamespaceName(tape.Octets(value)));
    }

    // Namespaces in XML 1.0 §3.
    private bool IsDeclarable(int prefix, int ns)
    {
        if (tape.PrefixKeys[prefix] == XmlnsKey)
            return Fail(FindingKinds.XmlNamespace, ReservedForXmlns);
        if ((prefix == XmlPrefix) != (ns == XmlNamespaceNumber))
            return Fail(FindingKinds.XmlNamespace, "the prefix xml for its own namespace only");
        return ns != NoNamespace
            || prefix == NoPrefix
            || Fail(FindingKinds.XmlNamespace, "a namespace for the prefix");
    }

    // Rule X3: an address that is relative or none at all means something else to every reader.
    private bool IsNamespaceName(ReadOnlySpan<byte> uri)
    {
        if (uri.SequenceEqual("http://www.w3.org/2000/xmlns/"u8))
            return Fail(FindingKinds.XmlNamespace, ReservedForXmlns);
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
    private bool ResolveNames(ref TapeNode element)
    {
        var prefix = NumberOfPrefix(element.Value.Start, element.PrefixLength);
        var ns = tape.Prefixes[prefix].Bound;
        if (ns == Unbound)
            return Fail(FindingKinds.XmlNamespace, UndeclaredPrefix);
        element.Prefix = prefix;
        element.Namespace = ns;
        element.Known = tape.Namespaces[ns].Known;

        return element.AttributeCount == 0
            || ResolveAttributes(
                tape.Attributes.Slice(element.FirstAttribute, element.AttributeCount)
            );
    }

    private bool ResolveAttributes(Span<TapeAttribute> attributes)
    {
        for (var a = 0; a < attributes.Length; a++)
        {
            ref var attribute = ref attributes[a];
            // The default namespace is not for attributes.
            if (attribute.PrefixLength > 0 && !Resolve(ref attribute))
                return false;
            foreach (ref readonly var other in attributes[..a])
                if (SameName(attribute, other))
                    return Fail(FindingKinds.XmlMalformed, "each attribute once in a tag");
        }
        return true;
    }

    private bool Resolve(ref TapeAttribute attribute)
    {
        var prefix = NumberOfPrefix(attribute.Offset, attribute.PrefixLength);
        var ns = tape.Prefixes[prefix].Bound;
        if (ns == Unbound)
            return Fail(FindingKinds.XmlNamespace, UndeclaredPrefix);
        attribute.Prefix = prefix;
        attribute.Namespace = ns;
        return prefix != XmlPrefix || IsKnownSpace(attribute);
    }

    // XML 1.0 §2.10 leaves other values to be an error or not; System.Xml refuses them.
    private bool IsKnownSpace(in TapeAttribute attribute) =>
        !tape.LocalName(attribute).SequenceEqual("space"u8)
        || tape.Octets(attribute.Value).Trim(" \t\r\n"u8) is var space
            && (space.SequenceEqual("default"u8) || space.SequenceEqual("preserve"u8))
        || FailAt(
            attribute.Offset,
            FindingKinds.XmlMalformed,
            "xml:space=\"default\" or \"preserve\""
        );

    private readonly bool SameName(in TapeAttribute one, in TapeAttribute other) =>
        one.LocalLength == other.LocalLength
        && one.Namespace == other.Namespace
        && tape.LocalName(one).SequenceEqual(tape.LocalName(other));

    // Prefixes and namespaces are numbered, so that everything later compares numbers.
    private int NumberOfPrefix(int start, int length)
    {
        if (length == 0)
            return NoPrefix;
        var key = KeyOf(xml[start..], length);
        // Mostly it is the one that occurred just before.
        if (key == latestKey && length < 8)
            return latestPrefix;
        var keys = tape.PrefixKeys.Span;
        for (var number = NextOf(keys, key, 0); number >= 0; number = NextOf(keys, key, number + 1))
            if (length < 8 || tape.PrefixOctets(number).SequenceEqual(xml.Slice(start, length)))
            {
                latestKey = key;
                latestPrefix = number;
                return number;
            }
        tape.PrefixKeys.Add(key);
        return tape.Prefixes.Add(
            new TapePrefix
            {
                Start = start,
                Length = length,
                Bound = Unbound,
            }
        );
    }

    // The next prefix with this key; -1 when there is none. Among the first few it is found sooner than a search begins.
    private static int NextOf(ReadOnlySpan<ulong> keys, ulong key, int from)
    {
        for (; from < Math.Min(keys.Length, FewPrefixes); from++)
            if (keys[from] == key)
                return from;
        var further = from < keys.Length ? keys[from..].IndexOf(key) : -1;
        return further < 0 ? further : from + further;
    }

    // Up to seven octets are their own key; a longer prefix has its first seven and its length. Eight octets are read
    // at once, whatever stands behind the prefix, and what is not the prefix is masked out.
    private static ulong KeyOf(ReadOnlySpan<byte> octets, int length)
    {
        if (!BinaryPrimitives.TryReadUInt64LittleEndian(octets, out var key))
            key = ReadLast(octets);
        key &= (1UL << (8 * Math.Min(length, 7))) - 1;
        return key | (ulong)Math.Min(length, byte.MaxValue) << 56;
    }

    // Where fewer than eight octets are left.
    private static ulong ReadLast(ReadOnlySpan<byte> octets)
    {
        ulong key = 0;
        for (var i = octets.Length - 1; i >= 0; i--)
            key = key << 8 | octets[i];
        return key;
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
