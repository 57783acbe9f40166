using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Xml;

/// <summary>
/// The one XML reader: XML 1.0 with namespaces, UTF-8, no DTD, no processing instructions (rules X1 to X3). It reads
/// octets once, from front to back, and stops at the first thing that is not well-formed. This part: the document and
/// its markup; the other parts: names and namespaces, values.
/// </summary>
internal ref partial struct TapeReader
{
    private const int NoElement = -1;

    // XML allows tab, line feed and carriage return of all control characters. DEL and the C1 controls are allowed.
    private static readonly SearchValues<byte> ForbiddenControls = SearchValues.Create([
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        11,
        12,
        14,
        15,
        16,
        17,
        18,
        19,
        20,
        21,
        22,
        23,
        24,
        25,
        26,
        27,
        28,
        29,
        30,
        31,
    ]);

    private readonly Tape tape;
    private readonly MessageLimits limits;
    private readonly ReadOnlySpan<byte> xml;
    private int at;
    private int depth;
    private int elements;
    private int open = NoElement;
    private Finding? failure;

    // The prefix that was looked up last, and its key.
    private int latestPrefix;
    private ulong latestKey;

    public TapeReader(Tape tape, MessageLimits limits)
    {
        this.tape = tape;
        this.limits = limits;
        xml = tape.Source;
        DeclareBuiltIn();
    }

    /// <summary>Why reading stopped.</summary>
    public readonly Finding Failure =>
        failure ?? throw new InvalidOperationException("The document was read without a finding.");

    /// <summary>Reads the whole document onto the tape.</summary>
    /// <returns>False when it is not well-formed or beyond a limit; <see cref="Failure"/> says what is wrong.</returns>
    public bool Read()
    {
        if (!CheckCharacters())
            return false;
        if (xml.StartsWith("\uFEFF"u8))
            at = 3;
        return ReadXmlDeclaration()
            && ReadAroundRoot()
            && ReadRoot()
            && ReadAroundRoot()
            && (
                at == xml.Length
                || Fail(FindingKinds.XmlMalformed, "nothing after the root element")
            )
            && CheckIds();
    }

    // Octets that are no UTF-8 and characters that XML does not know are errors wherever they stand, so they are
    // looked for once, at full speed, and nothing after this has to think of them.
    private bool CheckCharacters()
    {
        var ascii = Ascii.IsValid(xml);
        if (!ascii && !Utf8.IsValid(xml))
            return Fail(FindingKinds.XmlEncoding, "UTF-8");
        // Most messages have no control characters at all, which a comparison of ranges sees fastest.
        var control = xml.IndexOfAnyInRange((byte)0, (byte)31);
        if (control >= 0)
            control = xml.IndexOfAny(ForbiddenControls);
        if (control < 0 && !ascii)
        {
            control = xml.IndexOf("\uFFFE"u8);
            if (control < 0)
                control = xml.IndexOf("\uFFFF"u8);
        }
        if (control < 0)
            return true;
        at = control;
        return Fail(FindingKinds.XmlMalformed, "characters that XML 1.0 allows");
    }

    private bool ReadXmlDeclaration()
    {
        if (!Ahead("<?xml"u8) || at + 5 >= xml.Length || !IsSpace(xml[at + 5]))
            return true;
        at += 5;
        if (!ReadPseudoAttribute("version"u8, out var version) || !version.SequenceEqual("1.0"u8))
            return Fail(FindingKinds.XmlMalformed, "version=\"1.0\" in the XML declaration");
        if (
            ReadPseudoAttribute("encoding"u8, out var encoding)
            && !Ascii.EqualsIgnoreCase(encoding, "UTF-8"u8)
        )
            return Fail(FindingKinds.XmlEncoding, "encoding=\"UTF-8\" in the XML declaration");
        if (
            ReadPseudoAttribute("standalone"u8, out var standalone)
            && !standalone.SequenceEqual("yes"u8)
            && !standalone.SequenceEqual("no"u8)
        )
            return Fail(FindingKinds.XmlMalformed, "standalone=\"yes\" or \"no\"");
        SkipSpace();
        return Take("?>"u8)
            || Fail(FindingKinds.XmlMalformed, "?> at the end of the XML declaration");
    }

    // Space, name, equals sign, value in quotes; stays where it is when another name is ahead.
    private bool ReadPseudoAttribute(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        var before = at;
        if (!SkipSpace() || !Take(name))
        {
            at = before;
            return false;
        }
        SkipSpace();
        if (!Take("="u8))
            return true;
        SkipSpace();
        if (at == xml.Length || xml[at] is not ((byte)'"' or (byte)'\''))
            return true;
        var length = xml[(at + 1)..].IndexOf(xml[at]);
        if (length < 0)
            return true;
        value = xml.Slice(at + 1, length);
        at += length + 2;
        return true;
    }

    // Space and comments before and after the root.
    private bool ReadAroundRoot()
    {
        while (true)
        {
            SkipSpace();
            if (Ahead("<!--"u8))
            {
                if (!ReadComment())
                    return false;
            }
            else if (Ahead("<!"u8))
                return Fail(FindingKinds.XmlDoctype, "no document type declaration");
            else if (Ahead("<?"u8))
                return Fail(FindingKinds.XmlProcessingInstruction, "no processing instruction");
            else
                return true;
        }
    }

    private bool ReadRoot()
    {
        if (at == xml.Length || xml[at] != '<')
            return Fail(FindingKinds.XmlMalformed, "a root element");
        if (!ReadStartTag())
            return false;
        while (open != NoElement)
        {
            if (at == xml.Length)
                return Fail(FindingKinds.XmlMalformed, "an end tag for every element");
            if (!(xml[at] == '<' ? ReadMarkup() : ReadText()))
                return false;
        }
        return true;
    }

    private bool ReadMarkup()
    {
        switch (at + 1 < xml.Length ? xml[at + 1] : (byte)0)
        {
            case (byte)'/':
                return ReadEndTag();
            case (byte)'?':
                return Fail(FindingKinds.XmlProcessingInstruction, "no processing instruction");
            case (byte)'!' when Ahead("<!--"u8):
                return ReadComment();
            case (byte)'!' when IsCData(at):
                return ReadText();
            case (byte)'!':
                return Fail(FindingKinds.XmlMalformed, "a comment or a CDATA section");
            default:
                return ReadStartTag();
        }
    }

    private bool ReadStartTag()
    {
        if (++elements > limits.Elements)
            return FailBeyond(limits.Elements, "at most {0} elements");
        if (depth == limits.Depth)
            return FailBeyond(limits.Depth, "elements at most {0} deep");

        var offset = at;
        var nameEnd = AfterQualifiedName(xml, offset + 1, out var prefixLength);
        if (nameEnd == offset + 1)
            return FailName(offset + 1);
        var index = tape.Nodes.Count;
        ref var element = ref tape.Nodes.Append();
        element.Kind = NodeKind.Element;
        element.Offset = offset;
        element.Parent = open;
        element.Value = new TapeSlice(offset + 1, nameEnd - offset - 1, decoded: false);
        element.PrefixLength = prefixLength;
        element.FirstAttribute = tape.Attributes.Count;
        element.FirstDeclaration = tape.Declarations.Count;
        open = index;
        depth++;
        at = nameEnd;
        // Many tags end with their name.
        if (at == xml.Length || xml[at] != '>')
            if (!ReadAttributes(ref element, nameEnd))
                return false;
        if (!ResolveNames(ref element))
            return false;
        if (xml[at] == '>')
        {
            at++;
            return true;
        }
        if (!Take("/>"u8))
            return Fail(FindingKinds.XmlMalformed, "> or /> at the end of the tag");
        CloseElement();
        return true;
    }

    private bool ReadEndTag()
    {
        var octets = xml;
        var name = tape.Octets(tape.Nodes[open].Value);
        var end = at + 2;
        if (octets[end..].StartsWith(name))
        {
            end = AfterSpace(octets, end + name.Length);
            if (end < octets.Length && octets[end] == '>')
            {
                at = end + 1;
                CloseElement();
                return true;
            }
        }
        return FailAt(end, FindingKinds.XmlMalformed, $"</{Encoding.UTF8.GetString(name)}>");
    }

    private void CloseElement()
    {
        ref var node = ref tape.Nodes[open];
        node.Next = tape.Nodes.Count;
        for (
            var d = node.FirstDeclaration + node.DeclarationCount - 1;
            d >= node.FirstDeclaration;
            d--
        )
        {
            ref readonly var declaration = ref tape.Declarations[d];
            tape.Prefixes[declaration.Prefix].Bound = declaration.Before;
        }
        open = node.Parent;
        depth--;
    }

    private bool ReadComment()
    {
        var offset = at;
        at += 4;
        var length = xml[at..].IndexOf("--"u8);
        if (length < 0)
            return Fail(FindingKinds.XmlMalformed, "--> at the end of the comment");
        var value = xml.Slice(at, length);
        var start = at;
        at += length;
        if (!Take("-->"u8))
            return Fail(FindingKinds.XmlMalformed, "no -- inside a comment");
        if (open == NoElement)
            return true;
        AddLeaf(NodeKind.Comment, offset, WithLineFeeds(start, value));
        return true;
    }

    private void AddLeaf(NodeKind kind, int offset, TapeSlice value)
    {
        ref var leaf = ref tape.Nodes.Append();
        leaf.Kind = kind;
        leaf.Offset = offset;
        leaf.Parent = open;
        leaf.Value = value;
        leaf.Next = tape.Nodes.Count;
    }

    private readonly bool Ahead(ReadOnlySpan<byte> octets) => xml[at..].StartsWith(octets);

    private bool Take(ReadOnlySpan<byte> octets)
    {
        if (!Ahead(octets))
            return false;
        at += octets.Length;
        return true;
    }

    private bool SkipSpace()
    {
        var start = at;
        at = AfterSpace(xml, start);
        return at > start;
    }

    private static int AfterSpace(ReadOnlySpan<byte> xml, int start)
    {
        while ((uint)start < (uint)xml.Length && IsSpace(xml[start]))
            start++;
        return start;
    }

    // Tab, line feed and carriage return are the only characters before the space that a document holds once its
    // characters were checked, so one comparison does.
    private static bool IsSpace(byte octet) => octet <= ' ';

    private bool FailAt(int position, FindingKind kind, string expected)
    {
        at = position;
        return Fail(kind, expected);
    }

    // Apart, so that making the sentence takes no room in the methods that read.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailBeyond(int limit, [StringSyntax("CompositeFormat")] string expected) =>
        Fail(FindingKinds.XmlLimit, string.Format(CultureInfo.InvariantCulture, expected, limit));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Fail(FindingKind kind, string expected)
    {
        var found = at < xml.Length ? Quote(xml[at..]) : "the end of the document";
        failure = new Finding(kind, expected, found, Place.Of(tape, open, at));
        return false;
    }

    // A few characters of what stands there. It may be no UTF-8 at all; what cannot be decoded shows as U+FFFD.
    private static string Quote(ReadOnlySpan<byte> octets)
    {
        var text = Encoding.UTF8.GetString(octets[..Math.Min(octets.Length, 24)]);
        return octets.Length > 24 ? text + "…" : text;
    }
}
