using System.Globalization;
using System.Text;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Inspection;

/// <summary>Writes XML for reading by people: one element a line, text-only elements whole, invisible characters visible.</summary>
internal static class IndentedXml
{
    /// <summary>The document, indented. Not what was signed: white space between elements is replaced.</summary>
    public static string Write(Tape tape)
    {
        var text = new StringBuilder(tape.Length * 2);
        Element(tape, 0, 0, text);
        return text.ToString();
    }

    // Recursion is bounded by the limit on depth.
    private static void Element(Tape tape, int index, int depth, StringBuilder text)
    {
        ref readonly var node = ref tape.Nodes[index];
        Indent(text, depth);
        var name = Encoding.UTF8.GetString(tape.Octets(node.Value));
        text.Append('<').Append(name);
        Declarations(tape, node, text);
        Attributes(tape, node, text);
        if (node.Next == index + 1)
        {
            text.Append("/>\n");
            return;
        }
        text.Append('>');
        if (HoldsTextOnly(tape, index))
            Escape(Encoding.UTF8.GetString(tape.Octets(tape.Nodes[index + 1].Value)), text);
        else
        {
            text.Append('\n');
            Children(tape, index, depth + 1, text);
            Indent(text, depth);
        }
        text.Append("</").Append(name).Append(">\n");
    }

    private static void Children(Tape tape, int index, int depth, StringBuilder text)
    {
        var end = tape.Nodes[index].Next;
        for (var child = index + 1; child < end; child = tape.Nodes[child].Next)
        {
            ref readonly var node = ref tape.Nodes[child];
            if (node.Kind == NodeKind.Element)
            {
                Element(tape, child, depth, text);
                continue;
            }
            var octets = tape.Octets(node.Value);
            if (node.Kind == NodeKind.Text && !octets.ContainsAnyExcept(" \t\n\r"u8))
                continue;
            Indent(text, depth);
            if (node.Kind == NodeKind.Comment)
                text.Append("<!--");
            Escape(Encoding.UTF8.GetString(octets), text);
            text.Append(node.Kind == NodeKind.Comment ? "-->\n" : "\n");
        }
    }

    private static bool HoldsTextOnly(Tape tape, int index) =>
        tape.Nodes[index + 1].Kind == NodeKind.Text && tape.Nodes[index].Next == index + 2;

    private static void Declarations(Tape tape, in TapeNode node, StringBuilder text)
    {
        for (var d = node.FirstDeclaration; d < node.FirstDeclaration + node.DeclarationCount; d++)
        {
            ref readonly var declaration = ref tape.Declarations[d];
            var prefix = Encoding.UTF8.GetString(tape.PrefixOctets(declaration.Prefix));
            text.Append(prefix.Length == 0 ? " xmlns" : " xmlns:" + prefix);
            var uri =
                declaration.Namespace == TapeReader.NoNamespace
                    ? default
                    : tape.UriOctets(declaration.Namespace);
            Quote(Encoding.UTF8.GetString(uri), text);
        }
    }

    private static void Attributes(Tape tape, in TapeNode node, StringBuilder text)
    {
        for (var a = node.FirstAttribute; a < node.FirstAttribute + node.AttributeCount; a++)
        {
            ref readonly var attribute = ref tape.Attributes[a];
            text.Append(' ')
                .Append(
                    Encoding.UTF8.GetString(
                        tape.Source.Slice(attribute.Offset, attribute.NameLength)
                    )
                );
            Quote(Encoding.UTF8.GetString(tape.Octets(attribute.Value)), text);
        }
    }

    private static void Quote(string value, StringBuilder text)
    {
        text.Append("=\"");
        Escape(value, text);
        text.Append('"');
    }

    private static void Escape(string value, StringBuilder text)
    {
        foreach (var rune in value.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&':
                    text.Append("&amp;");
                    break;
                case '<':
                    text.Append("&lt;");
                    break;
                case '>':
                    text.Append("&gt;");
                    break;
                case '"':
                    text.Append("&quot;");
                    break;
                case '\n':
                    text.Append('\n');
                    break;
                default:
                    if (IsInvisible(rune))
                        text.Append(CultureInfo.InvariantCulture, $"&#x{rune.Value:X};");
                    else
                        text.Append(rune.ToString());
                    break;
            }
        }
    }

    // A terminal obeys some of these, and the eye is deceived by others: direction marks, joiners, private characters.
    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
        || (Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator && rune.Value != ' ');

    private static void Indent(StringBuilder text, int depth) => text.Append(' ', depth * 2);
}
