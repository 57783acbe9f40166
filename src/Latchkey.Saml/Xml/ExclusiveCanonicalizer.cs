using System.Buffers;

namespace Latchkey.Saml.Xml;

/// <summary>How an element is to be canonicalized.</summary>
/// <param name="WithComments">Whether comments are kept.</param>
/// <param name="InclusivePrefixes">The PrefixList: names between white space, "#default" for the default namespace; these are treated as inclusive canonicalization treats all.</param>
internal readonly record struct CanonicalForm(bool WithComments, XmlValue InclusivePrefixes);

/// <summary>Writes an element of a tape in the form of Exclusive XML Canonicalization 1.0.</summary>
/// <remarks>
/// The form is that of xml-exc-c14n, for a node set that is one element with all it holds, except at most one child
/// element that the enveloped-signature transform takes out, by identity (rule S2).
/// </remarks>
internal ref struct ExclusiveCanonicalizer
{
    /// <summary>No element is taken out.</summary>
    public const int NothingLeftOut = -1;

    private static readonly SearchValues<byte> TextEscapes = SearchValues.Create("&<>\r"u8);
    private static readonly SearchValues<byte> AttributeEscapes = SearchValues.Create(
        "&<\"\t\n\r"u8
    );

    private readonly Tape tape;
    private readonly OctetBuffer output;
    private readonly int maximum;
    private readonly CanonicalForm form;

    // For each prefix the number of the namespace that the nearest written ancestor gave it; 0, no namespace, at first.
    private readonly Span<int> rendered;

    // Whether the prefix is on the PrefixList.
    private readonly Span<bool> inclusive;
    private readonly bool anyInclusive;

    private PooledList<Replaced> replaced;
    private PooledList<int> order;

    private ExclusiveCanonicalizer(
        Tape tape,
        CanonicalForm form,
        OctetBuffer output,
        int maximum,
        Span<int> rendered,
        Span<bool> inclusive
    )
    {
        this.tape = tape;
        this.form = form;
        this.output = output;
        this.maximum = maximum;
        this.rendered = rendered;
        this.inclusive = inclusive;
        rendered.Clear();
        inclusive.Clear();
        anyInclusive = MarkInclusive();
    }

    /// <summary>Writes the element.</summary>
    /// <param name="element">The element.</param>
    /// <param name="leftOut">The element inside it that is taken out, or <see cref="NothingLeftOut"/>.</param>
    /// <param name="form">The form.</param>
    /// <param name="output">Where it is appended.</param>
    /// <param name="maximum">The longest form allowed: a long namespace used by many siblings is written for each of them.</param>
    /// <returns>False when the form is longer than allowed.</returns>
    public static bool Write(
        XmlElement element,
        int leftOut,
        CanonicalForm form,
        OctetBuffer output,
        int maximum
    )
    {
        var prefixes = element.Tape.Prefixes.Count;
        if (prefixes <= 64)
            return new ExclusiveCanonicalizer(
                element.Tape,
                form,
                output,
                maximum,
                stackalloc int[prefixes],
                stackalloc bool[prefixes]
            ).Write(element.Index, leftOut);
        return new ExclusiveCanonicalizer(
            element.Tape,
            form,
            output,
            maximum,
            new int[prefixes],
            new bool[prefixes]
        ).Write(element.Index, leftOut);
    }

    // The PrefixList names prefixes; one that occurs nowhere changes nothing.
    private readonly bool MarkInclusive()
    {
        var any = false;
        var list = form.InclusivePrefixes.Octets;
        while (!list.IsEmpty)
        {
            var length = list.IndexOfAny(" \t\n\r"u8);
            var name = length < 0 ? list : list[..length];
            list = length < 0 ? default : list[(length + 1)..];
            if (name.IsEmpty)
                continue;
            if (name.SequenceEqual("#default"u8))
                name = default;
            for (var prefix = 0; prefix < inclusive.Length; prefix++)
                if (prefix != TapeReader.XmlPrefix && tape.PrefixOctets(prefix).SequenceEqual(name))
                    any = inclusive[prefix] = true;
        }
        return any;
    }

    private bool Write(int apex, int leftOut)
    {
        try
        {
            var end = tape.Nodes[apex].Next;
            var open = apex;
            WriteStartTag(apex, isApex: true);
            for (var node = apex + 1; node < end; )
            {
                while (node >= tape.Nodes[open].Next)
                    open = WriteEndTag(open);
                ref readonly var current = ref tape.Nodes[node];
                if (node == leftOut)
                    node = current.Next;
                else if (current.Kind == NodeKind.Element)
                {
                    open = node;
                    WriteStartTag(node++, isApex: false);
                }
                else
                {
                    WriteLeaf(current);
                    node++;
                }
                if (output.Written.Length > maximum)
                    return false;
            }
            while (open != apex)
                open = WriteEndTag(open);
            WriteEndTag(apex);
            return output.Written.Length <= maximum;
        }
        finally
        {
            replaced.Return();
            order.Return();
        }
    }

    private void WriteStartTag(int index, bool isApex)
    {
        ref readonly var element = ref tape.Nodes[index];
        output.Write((byte)'<');
        output.Write(tape.Octets(element.Value));
        WriteNamespaces(index, element, isApex);
        WriteAttributes(element);
        output.Write((byte)'>');
    }

    private int WriteEndTag(int index)
    {
        ref readonly var element = ref tape.Nodes[index];
        output.Write("</"u8);
        output.Write(tape.Octets(element.Value));
        output.Write((byte)'>');
        while (replaced.Count > 0 && replaced[replaced.Count - 1].Element == index)
        {
            rendered[replaced[replaced.Count - 1].Prefix] = replaced[replaced.Count - 1].Before;
            replaced.RemoveLast();
        }
        return element.Parent;
    }

    // A namespace is written where its prefix is visibly used, or is on the PrefixList, and the nearest written
    // ancestor did not give the prefix the same meaning (xml-exc-c14n §3).
    private void WriteNamespaces(int index, in TapeNode element, bool isApex)
    {
        var first = replaced.Count;
        Render(index, element.Prefix, element.Namespace);
        for (
            var a = element.FirstAttribute;
            a < element.FirstAttribute + element.AttributeCount;
            a++
        )
        {
            ref readonly var attribute = ref tape.Attributes[a];
            if (attribute.Prefix != TapeReader.NoPrefix)
                Render(index, attribute.Prefix, attribute.Namespace);
        }
        if (anyInclusive)
            RenderInclusive(index, element, isApex);

        var added = replaced.From(first);
        if (added.Length > 1)
            SortByPrefix(added);
        foreach (ref readonly var one in added)
        {
            output.Write(" xmlns"u8);
            if (one.Prefix != TapeReader.NoPrefix)
            {
                output.Write((byte)':');
                output.Write(tape.PrefixOctets(one.Prefix));
            }
            output.Write("=\""u8);
            WriteAttributeValue(tape.Namespaces[rendered[one.Prefix]].Uri);
            output.Write((byte)'"');
        }
    }

    private void RenderInclusive(int index, in TapeNode element, bool isApex)
    {
        if (isApex)
        {
            for (var prefix = 0; prefix < inclusive.Length; prefix++)
                if (inclusive[prefix] && TryScope(index, prefix, out var ns))
                    Render(index, prefix, ns);
            return;
        }
        for (
            var d = element.FirstDeclaration;
            d < element.FirstDeclaration + element.DeclarationCount;
            d++
        )
        {
            ref readonly var declaration = ref tape.Declarations[d];
            if (inclusive[declaration.Prefix])
                Render(index, declaration.Prefix, declaration.Namespace);
        }
    }

    // What a prefix stands for at an element, declared there or further out.
    private readonly bool TryScope(int index, int prefix, out int ns)
    {
        for (var node = index; node >= 0; node = tape.Nodes[node].Parent)
        {
            ref readonly var element = ref tape.Nodes[node];
            for (
                var d = element.FirstDeclaration;
                d < element.FirstDeclaration + element.DeclarationCount;
                d++
            )
            {
                if (tape.Declarations[d].Prefix != prefix)
                    continue;
                ns = tape.Declarations[d].Namespace;
                return true;
            }
        }
        ns = TapeReader.NoNamespace;
        return false;
    }

    private void Render(int index, int prefix, int ns)
    {
        if (rendered[prefix] == ns || prefix == TapeReader.XmlPrefix)
            return;
        replaced.Add(new Replaced(index, prefix, rendered[prefix]));
        rendered[prefix] = ns;
    }

    private readonly void SortByPrefix(Span<Replaced> added)
    {
        for (var i = 1; i < added.Length; i++)
        {
            var moved = added[i];
            var place = i;
            while (
                place > 0
                && tape.PrefixOctets(moved.Prefix)
                    .SequenceCompareTo(tape.PrefixOctets(added[place - 1].Prefix)) < 0
            )
                added[place] = added[--place];
            added[place] = moved;
        }
    }

    private void WriteAttributes(in TapeNode element)
    {
        if (element.AttributeCount == 0)
            return;
        if (element.AttributeCount == 1)
        {
            WriteAttribute(element.FirstAttribute);
            return;
        }
        order.Clear();
        for (
            var a = element.FirstAttribute;
            a < element.FirstAttribute + element.AttributeCount;
            a++
        )
        {
            order.Add(a);
            var sorted = order.From(0);
            var place = sorted.Length - 1;
            for (; place > 0 && Compare(a, sorted[place - 1]) < 0; place--)
                sorted[place] = sorted[place - 1];
            sorted[place] = a;
        }
        foreach (var a in order.Span)
            WriteAttribute(a);
    }

    // By namespace, none first, then by local name; the order of UTF-8 octets is the order of code points.
    private readonly int Compare(int one, int other)
    {
        ref readonly var x = ref tape.Attributes[one];
        ref readonly var y = ref tape.Attributes[other];
        if (x.Namespace != y.Namespace)
            return tape.UriOctets(x.Namespace).SequenceCompareTo(tape.UriOctets(y.Namespace));
        return tape.LocalName(x).SequenceCompareTo(tape.LocalName(y));
    }

    private readonly void WriteAttribute(int index)
    {
        ref readonly var attribute = ref tape.Attributes[index];
        output.Write((byte)' ');
        output.Write(tape.Source.Slice(attribute.Offset, attribute.NameLength));
        output.Write("=\""u8);
        WriteAttributeValue(attribute.Value);
        output.Write((byte)'"');
    }

    private readonly void WriteAttributeValue(TapeSlice value)
    {
        if (value.Decoded)
            WriteEscaped(tape.Octets(value), AttributeEscapes);
        else
            output.Write(tape.Octets(value));
    }

    private readonly void WriteLeaf(in TapeNode leaf)
    {
        var octets = tape.Octets(leaf.Value);
        if (leaf.Kind == NodeKind.Comment)
        {
            if (!form.WithComments)
                return;
            output.Write("<!--"u8);
            output.Write(octets);
            output.Write("-->"u8);
        }
        else if (leaf.Value.Decoded)
            WriteEscaped(octets, TextEscapes);
        else
            output.Write(octets);
    }

    private readonly void WriteEscaped(ReadOnlySpan<byte> octets, SearchValues<byte> escapes)
    {
        while (true)
        {
            var length = octets.IndexOfAny(escapes);
            if (length < 0)
            {
                output.Write(octets);
                return;
            }
            output.Write(octets[..length]);
            output.Write(
                octets[length] switch
                {
                    (byte)'&' => "&amp;"u8,
                    (byte)'<' => "&lt;"u8,
                    (byte)'>' => "&gt;"u8,
                    (byte)'"' => "&quot;"u8,
                    (byte)'\t' => "&#x9;"u8,
                    (byte)'\n' => "&#xA;"u8,
                    _ => "&#xD;"u8,
                }
            );
            octets = octets[(length + 1)..];
        }
    }

    // A prefix that an element gave another meaning, and the meaning to go back to after it.
    private readonly record struct Replaced(int Element, int Prefix, int Before);
}
