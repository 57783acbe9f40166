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

    // A piece of the source that is to be written next. Most of what is written stands in the source in the same order,
    // and pieces that follow one another there are copied at once.
    private int runStart;
    private int runEnd;

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
                if (output.Length + runEnd - runStart > maximum)
                    return false;
            }
            while (open != apex)
                open = WriteEndTag(open);
            WriteEndTag(apex);
            EndRun();
            return output.Length <= maximum;
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
        // In the source, too, the name stands right behind its "<".
        WriteSource(element.Offset, 1 + element.Value.Length);
        WriteNamespaces(index, element, isApex);
        WriteAttributes(element);
        if (tape.Source[runEnd] == '>')
            runEnd++;
        else
            Write(">"u8);
    }

    private int WriteEndTag(int index)
    {
        ref readonly var element = ref tape.Nodes[index];
        var name = tape.Octets(element.Value);
        if (IsEndTag(tape.Source[runEnd..], name))
            runEnd += name.Length + 3;
        else
        {
            Write("</"u8);
            output.Write(name);
            output.Write((byte)'>');
        }
        while (replaced.Count > 0 && replaced[replaced.Count - 1].Element == index)
        {
            rendered[replaced[replaced.Count - 1].Prefix] = replaced[replaced.Count - 1].Before;
            replaced.RemoveLast();
        }
        return element.Parent;
    }

    private static bool IsEndTag(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> name) =>
        octets.Length >= name.Length + 3
        && octets[0] == '<'
        && octets[1] == '/'
        && octets[name.Length + 2] == '>'
        && octets.Slice(2, name.Length).SequenceEqual(name);

    private void WriteSource(int start, int length)
    {
        if (start != runEnd)
        {
            EndRun();
            runStart = start;
        }
        runEnd = start + length;
    }

    private void Write(scoped ReadOnlySpan<byte> octets)
    {
        EndRun();
        output.Write(octets);
    }

    private void EndRun()
    {
        output.Write(tape.Source[runStart..runEnd]);
        runStart = runEnd;
    }

    // A namespace is written where its prefix is visibly used, or is on the PrefixList, and the nearest written
    // ancestor did not give the prefix the same meaning (xml-exc-c14n §3).
    private void WriteNamespaces(int index, in TapeNode element, bool isApex)
    {
        var first = replaced.Count;
        Render(index, element.Prefix, element.Namespace);
        foreach (ref readonly var attribute in AttributesOf(element))
            if (attribute.Prefix != TapeReader.NoPrefix)
                Render(index, attribute.Prefix, attribute.Namespace);
        if (anyInclusive)
            RenderInclusive(index, element, isApex);
        if (replaced.Count == first)
            return;

        var added = replaced.From(first);
        if (added.Length > 1)
            SortByPrefix(added);
        foreach (ref readonly var one in added)
        {
            Write(" xmlns"u8);
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
        var attributes = AttributesOf(element);
        if (InOrder(attributes))
        {
            foreach (ref readonly var attribute in attributes)
                WriteAttribute(attribute);
            return;
        }
        order.Clear();
        for (var a = 0; a < attributes.Length; a++)
        {
            order.Add(a);
            var sorted = order.From(0);
            var place = a;
            for (; place > 0 && Compare(attributes[a], attributes[sorted[place - 1]]) < 0; place--)
                sorted[place] = sorted[place - 1];
            sorted[place] = a;
        }
        foreach (var a in order.Span)
            WriteAttribute(attributes[a]);
    }

    private readonly ReadOnlySpan<TapeAttribute> AttributesOf(in TapeNode element) =>
        tape.Attributes.Slice(element.FirstAttribute, element.AttributeCount);

    private readonly bool InOrder(ReadOnlySpan<TapeAttribute> attributes)
    {
        for (var a = 1; a < attributes.Length; a++)
            if (Compare(attributes[a - 1], attributes[a]) > 0)
                return false;
        return true;
    }

    // By namespace, none first, then by local name; the order of UTF-8 octets is the order of code points.
    private readonly int Compare(in TapeAttribute x, in TapeAttribute y) =>
        x.Namespace != y.Namespace
            ? tape.UriOctets(x.Namespace).SequenceCompareTo(tape.UriOctets(y.Namespace))
            : tape.LocalName(x).SequenceCompareTo(tape.LocalName(y));

    private void WriteAttribute(in TapeAttribute attribute)
    {
        var source = tape.Source;
        var value = attribute.Value;
        var quote = attribute.Offset + attribute.NameLength + 1;
        // Most senders write an attribute as the canonical form has it: one space, name, equals sign, double quotes.
        if (
            !value.Decoded
            && value.Start == quote + 1
            && source[quote] == '"'
            && source[attribute.Offset - 1] == ' '
        )
        {
            WriteSource(attribute.Offset - 1, value.Start + value.Length + 2 - attribute.Offset);
            return;
        }
        Write(" "u8);
        output.Write(source.Slice(attribute.Offset, attribute.NameLength));
        output.Write("=\""u8);
        WriteAttributeValue(value);
        output.Write((byte)'"');
    }

    private readonly void WriteAttributeValue(TapeSlice value)
    {
        if (value.Decoded)
            WriteEscaped(tape.Octets(value), AttributeEscapes);
        else
            output.Write(tape.Octets(value));
    }

    private void WriteLeaf(in TapeNode leaf)
    {
        if (leaf.Kind == NodeKind.Comment)
        {
            if (!form.WithComments)
                return;
            Write("<!--"u8);
            output.Write(tape.Octets(leaf.Value));
            output.Write("-->"u8);
        }
        else if (leaf.Value.Decoded)
        {
            EndRun();
            WriteEscaped(tape.Octets(leaf.Value), TextEscapes);
        }
        else
            WriteSource(leaf.Value.Start, leaf.Value.Length);
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
