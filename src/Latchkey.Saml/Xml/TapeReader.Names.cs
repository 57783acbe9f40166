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

    private bool TryQualifiedName(int start, out int end, out int prefixLength)
    {
        prefixLength = 0;
        end = AfterName(xml, start);
        if (end == start)
            return FailAt(start, FindingKinds.XmlMalformed, "a name");
        if (end == xml.Length || xml[end] != ':')
            return true;
        prefixLength = end - start;
        var local = end + 1;
        end = AfterName(xml, local);
        return end > local || FailAt(local, FindingKinds.XmlMalformed, "a name after the prefix");
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

            if (!TryQualifiedName(offset, out var nameEnd, out var prefixLength))
                return false;
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
                return FailAt(
                    position,
                    FindingKinds.XmlLimit,
                    $"at most {limits.AttributesPerElement} attributes in one element"
                );
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
            return Fail(
                FindingKinds.XmlLimit,
                $"at most {limits.NamespaceDeclarations} namespace declarations"
            );
        // What stands behind "xmlns:", if anything does.
        var number = NumberOfPrefix(offset + 6, Math.Max(nameLength - 6, 0));
        var seen = tape.Namespaces.Count;
        ref var entry = ref tape.Prefixes[number];
        var ns = NumberOfNamespace(value, entry.Usual);
        // A namespace that was declared before had its name checked then.
        if (!IsDeclarable(number, ns) || (ns == seen && !IsNamespaceName(tape.Octets(value))))
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

    // Namespaces in XML 1.0 §3.
    private bool IsDeclarable(int prefix, int ns)
    {
        if (tape.PrefixOctets(prefix).SequenceEqual("xmlns"u8))
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

        var attributes = tape.Attributes.Slice(element.FirstAttribute, element.AttributeCount);
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
        var from = 0;
        while (true)
        {
            var found = keys[from..].IndexOf(key);
            if (found < 0)
                break;
            from += found;
            if (length < 8 || tape.PrefixOctets(from).SequenceEqual(xml.Slice(start, length)))
            {
                latestKey = key;
                latestPrefix = from;
                return from;
            }
            from++;
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

    // Up to seven octets are their own key; a longer prefix has its first seven and its length. Eight octets are read
    // at once, whatever stands behind the prefix, and what is not the prefix is masked out.
    private static ulong KeyOf(ReadOnlySpan<byte> octets, int length)
    {
        if (!BinaryPrimitives.TryReadUInt64LittleEndian(octets, out var key))
        {
            Span<byte> padded = stackalloc byte[8];
            padded.Clear();
            octets.CopyTo(padded);
            key = BinaryPrimitives.ReadUInt64LittleEndian(padded);
        }
        key &= (1UL << (8 * Math.Min(length, 7))) - 1;
        return key | (ulong)Math.Min(length, byte.MaxValue) << 56;
    }

    // A prefix that is declared again mostly stands for what it stood for before.
    private readonly int NumberOfNamespace(TapeSlice value, int usual)
    {
        var uri = tape.Octets(value);
        if (tape.UriOctets(usual).SequenceEqual(uri))
            return usual;
        for (var number = 0; number < tape.Namespaces.Count; number++)
            if (tape.UriOctets(number).SequenceEqual(uri))
                return number;
        return tape.Namespaces.Add(new TapeNamespace(value, XmlNamespaces.Of(uri)));
    }
}
