namespace Latchkey.Saml.Xml;

/// <summary>
/// Which namespaces an element of a canonical form declares (xml-exc-c14n §3): those whose prefix it visibly uses, or
/// that are on the PrefixList, unless the nearest written ancestor gave the prefix the same meaning.
/// </summary>
internal ref struct RenderedNamespaces
{
    private readonly Tape tape;

    // For each prefix the number of the namespace that the nearest written ancestor gave it; 0, no namespace, at first.
    private readonly Span<int> rendered;

    // Whether the prefix is on the PrefixList.
    private readonly Span<bool> inclusive;
    private readonly bool anyInclusive;

    // What the open elements declare, outermost first.
    private PooledList<RenderedNamespace> open;

    /// <summary>Begins where nothing is declared.</summary>
    /// <param name="tape">The document.</param>
    /// <param name="prefixList">The PrefixList: names between white space, "#default" for the default namespace.</param>
    /// <param name="rendered">Room for one number for each prefix of the tape.</param>
    /// <param name="inclusive">Room for one mark for each prefix of the tape.</param>
    public RenderedNamespaces(
        Tape tape,
        ReadOnlySpan<byte> prefixList,
        Span<int> rendered,
        Span<bool> inclusive
    )
    {
        this.tape = tape;
        this.rendered = rendered;
        this.inclusive = inclusive;
        rendered.Clear();
        inclusive.Clear();
        anyInclusive = MarkInclusive(prefixList);
    }

    /// <summary>What an element has to declare, in the order in which it is written.</summary>
    /// <param name="index">The element.</param>
    /// <param name="isApex">Whether the canonical form begins with it, so that what its ancestors declared is its own.</param>
    public ReadOnlySpan<RenderedNamespace> Enter(int index, bool isApex)
    {
        var first = open.Count;
        ref readonly var element = ref tape.Nodes[index];
        Render(index, element.Prefix, element.Namespace);
        foreach (ref readonly var attribute in tape.AttributesOf(element))
            if (attribute.Prefix != TapeReader.NoPrefix)
                Render(index, attribute.Prefix, attribute.Namespace);
        if (anyInclusive && isApex)
            RenderInclusiveInScope(index);
        else if (anyInclusive)
            RenderInclusive(index);
        var added = open.From(first);
        if (added.Length > 1)
            SortByPrefix(added);
        return added;
    }

    /// <summary>Goes back to what held before an element.</summary>
    public void Leave(int index)
    {
        while (open.Count > 0 && open[open.Count - 1].Element == index)
        {
            ref readonly var last = ref open[open.Count - 1];
            rendered[last.Prefix] = last.Before;
            open.RemoveLast();
        }
    }

    /// <summary>Gives its memory back.</summary>
    public void Return() => open.Return();

    // A prefix that occurs nowhere changes nothing.
    private readonly bool MarkInclusive(ReadOnlySpan<byte> list)
    {
        var any = false;
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

    private void RenderInclusiveInScope(int index)
    {
        for (var prefix = 0; prefix < inclusive.Length; prefix++)
            if (inclusive[prefix] && TryScope(index, prefix, out var ns))
                Render(index, prefix, ns);
    }

    private void RenderInclusive(int index)
    {
        foreach (ref readonly var declaration in tape.DeclarationsOf(tape.Nodes[index]))
            if (inclusive[declaration.Prefix])
                Render(index, declaration.Prefix, declaration.Namespace);
    }

    // What a prefix stands for at an element, declared there or further out.
    private readonly bool TryScope(int index, int prefix, out int ns)
    {
        for (var node = index; node >= 0; node = tape.Nodes[node].Parent)
            foreach (ref readonly var declaration in tape.DeclarationsOf(tape.Nodes[node]))
                if (declaration.Prefix == prefix)
                {
                    ns = declaration.Namespace;
                    return true;
                }
        ns = TapeReader.NoNamespace;
        return false;
    }

    private void Render(int index, int prefix, int ns)
    {
        if (rendered[prefix] == ns || prefix == TapeReader.XmlPrefix)
            return;
        open.Add(new RenderedNamespace(index, prefix, ns, rendered[prefix]));
        rendered[prefix] = ns;
    }

    private readonly void SortByPrefix(Span<RenderedNamespace> added)
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
}

/// <summary>A meaning that an element gives a prefix.</summary>
/// <param name="Element">The element.</param>
/// <param name="Prefix">Number of the prefix; 0 for the default namespace.</param>
/// <param name="Namespace">Number of the namespace.</param>
/// <param name="Before">Number of the namespace to go back to after the element.</param>
internal readonly record struct RenderedNamespace(
    int Element,
    int Prefix,
    int Namespace,
    int Before
);
