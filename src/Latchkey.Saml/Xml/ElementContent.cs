using System.Text;
using Latchkey.Saml.Findings;

namespace Latchkey.Saml.Xml;

/// <summary>
/// Reads an element's children as its schema lists them: exact namespace, name, order and number (rule X4). A reader
/// that uses it looks like the schema it enforces; what <see cref="End"/> finds unread is a finding.
/// </summary>
internal ref struct ElementContent
{
    private readonly XmlElement parent;
    private readonly FindingList findings;
    private readonly int end;
    private int next;

    /// <summary>Begins with the first child element.</summary>
    public ElementContent(XmlElement parent, FindingList findings)
    {
        this.parent = parent;
        this.findings = findings;
        end = parent.Tape.Nodes[parent.Index].Next;
        next = parent.Index + 1;
        SkipToElement();
    }

    /// <summary>The next child element, whatever it is; default at the end.</summary>
    public readonly XmlElement Next => next < end ? new XmlElement(parent.Tape, next) : default;

    /// <summary>The child if it is next, else default.</summary>
    public XmlElement Optional(XmlNamespace ns, ReadOnlySpan<byte> name)
    {
        if (next == end)
            return default;
        var child = new XmlElement(parent.Tape, next);
        if (!child.Is(ns, name))
            return default;
        next = parent.Tape.Nodes[next].Next;
        SkipToElement();
        return child;
    }

    /// <summary>The child, which has to be next; default, and a finding, when it is not.</summary>
    public XmlElement Required(XmlNamespace ns, ReadOnlySpan<byte> name)
    {
        var child = Optional(ns, name);
        if (!child.Exists)
            findings.Add(
                FindingKinds.ElementMissing,
                expected: XmlNamespaces.PrefixOf(ns) + Encoding.UTF8.GetString(name),
                found: Next.Exists ? Next.Name : null,
                at: parent.Place
            );
        return child;
    }

    /// <summary>Takes the next child, whatever it is.</summary>
    public XmlElement Any()
    {
        var child = Next;
        if (child.Exists)
        {
            next = parent.Tape.Nodes[next].Next;
            SkipToElement();
        }
        return child;
    }

    /// <summary>Leaves everything that is left unread: an extension point.</summary>
    public void SkipRest()
    {
        while (next < end)
            Any();
    }

    /// <summary>Nothing may be left.</summary>
    public readonly void End()
    {
        if (next < end)
            findings.Add(
                FindingKinds.ElementUnexpected,
                expected: $"the end of {parent.Name}",
                found: Next.Name,
                at: Next.Place
            );
    }

    // Between child elements there is white space and comments only.
    private void SkipToElement()
    {
        for (; next < end; next = parent.Tape.Nodes[next].Next)
        {
            ref readonly var node = ref parent.Tape.Nodes[next];
            if (node.Kind == NodeKind.Element)
                return;
            if (
                node.Kind == NodeKind.Text
                && parent.Tape.Octets(node.Value).ContainsAnyExcept(" \t\n\r"u8)
            )
                findings.Add(
                    FindingKinds.TextUnexpected,
                    expected: $"elements only in {parent.Name}",
                    found: Encoding.UTF8.GetString(parent.Tape.Octets(node.Value)),
                    at: Place.Of(parent.Tape, parent.Index, node.Offset)
                );
        }
    }
}
