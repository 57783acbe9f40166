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

    // A document with more prefixes is unusual, and theirs do not belong on the stack.
    private const int FewPrefixes = 64;

    private readonly Tape tape;
    private readonly bool withComments;
    private readonly int maximum;
    private CanonicalOutput output;
    private RenderedNamespaces namespaces;
    private PooledList<int> order;

    private ExclusiveCanonicalizer(
        Tape tape,
        bool withComments,
        int maximum,
        CanonicalOutput output,
        RenderedNamespaces namespaces
    )
    {
        this.tape = tape;
        this.withComments = withComments;
        this.maximum = maximum;
        this.output = output;
        this.namespaces = namespaces;
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
        var document = element.Tape;
        var prefixes = document.Prefixes.Count;
        var few = prefixes <= FewPrefixes;
        var rendered = few ? stackalloc int[prefixes] : new int[prefixes];
        var inclusive = few ? stackalloc bool[prefixes] : new bool[prefixes];
        return new ExclusiveCanonicalizer(
            document,
            form.WithComments,
            maximum,
            new CanonicalOutput(document, output),
            new RenderedNamespaces(document, form.InclusivePrefixes.Octets, rendered, inclusive)
        ).Write(element.Index, leftOut);
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
                if (output.Length > maximum)
                    return false;
            }
            while (open != apex)
                open = WriteEndTag(open);
            WriteEndTag(apex);
            output.Flush();
            return output.Length <= maximum;
        }
        finally
        {
            namespaces.Return();
            order.Return();
        }
    }

    private void WriteStartTag(int index, bool isApex)
    {
        ref readonly var element = ref tape.Nodes[index];
        // In the source, too, the name stands right behind its "<".
        output.WriteSource(element.Offset, 1 + element.Value.Length);
        foreach (ref readonly var declared in namespaces.Enter(index, isApex))
            WriteDeclaration(element, declared);
        WriteAttributes(element);
        output.WriteTagEnd();
    }

    private int WriteEndTag(int index)
    {
        ref readonly var element = ref tape.Nodes[index];
        output.WriteEndTag(tape.Octets(element.Value));
        namespaces.Leave(index);
        return element.Parent;
    }

    private void WriteDeclaration(in TapeNode element, in RenderedNamespace declared)
    {
        foreach (ref readonly var declaration in tape.DeclarationsOf(element))
            if (declaration.Prefix == declared.Prefix)
            {
                output.WriteAttribute(
                    declaration.Offset,
                    declaration.NameLength,
                    declaration.Value
                );
                return;
            }
        output.WriteDeclaration(
            tape.PrefixOctets(declared.Prefix),
            tape.Namespaces[declared.Namespace].Uri
        );
    }

    private void WriteAttributes(in TapeNode element)
    {
        var attributes = tape.AttributesOf(element);
        if (InOrder(attributes))
        {
            foreach (ref readonly var attribute in attributes)
                output.WriteAttribute(attribute.Offset, attribute.NameLength, attribute.Value);
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
            output.WriteAttribute(
                attributes[a].Offset,
                attributes[a].NameLength,
                attributes[a].Value
            );
    }

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

    private void WriteLeaf(in TapeNode leaf)
    {
        if (leaf.Kind == NodeKind.Text)
            output.WriteText(leaf.Value);
        else if (withComments)
            output.WriteComment(leaf.Value);
    }
}
