namespace Latchkey.Saml.Xml;

/// <summary>Writes what an element holds as text: for values that may hold elements, which nothing here looks into (rule X4).</summary>
internal static class ElementText
{
    /// <summary>
    /// Writes each child element in the form of exclusive canonicalization without comments, so that it stands alone with
    /// every namespace it uses, and text between them escaped as that form has it. White space alone between elements is
    /// layout and left out.
    /// </summary>
    /// <returns>False when it is longer than allowed.</returns>
    public static bool Write(XmlElement element, OctetBuffer output, int maximum)
    {
        var tape = element.Tape;
        var end = tape.Nodes[element.Index].Next;
        for (var child = element.Index + 1; child < end; child = tape.Nodes[child].Next)
        {
            ref readonly var node = ref tape.Nodes[child];
            if (node.Kind == NodeKind.Element)
            {
                if (
                    !ExclusiveCanonicalizer.Write(
                        new XmlElement(tape, child),
                        ExclusiveCanonicalizer.NothingLeftOut,
                        default,
                        output,
                        maximum
                    )
                )
                    return false;
            }
            else if (
                node.Kind == NodeKind.Text
                && tape.Octets(node.Value).ContainsAnyExcept(" \t\n\r"u8)
            )
            {
                var canonical = new CanonicalOutput(tape, output);
                canonical.WriteText(node.Value);
                canonical.Flush();
            }
        }
        return output.Length <= maximum;
    }
}
