using System.Globalization;
using System.Text;
using System.Xml;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Xml;

/// <summary>What a document says, as text that can be compared, once by our reader and once by System.Xml.</summary>
internal static class Infoset
{
    /// <summary>By our reader; null when it refuses.</summary>
    public static string? ByTape(byte[] xml, FindingList? findings = null)
    {
        using Tape? tape = Tape.Read(xml, MessageLimits.Default, findings ?? new FindingList());
        if (tape is null)
            return null;
        StringBuilder text = new();
        for (int index = 0; index < tape.Nodes.Count; index++)
        {
            TapeNode node = tape.Nodes[index];
            int depth = 0;
            for (int parent = node.Parent; parent >= 0; parent = tape.Nodes[parent].Parent)
                depth++;
            if (node.Kind == NodeKind.Element)
            {
                List<string> attributes = [];
                for (
                    int a = node.FirstAttribute;
                    a < node.FirstAttribute + node.AttributeCount;
                    a++
                )
                {
                    TapeAttribute attribute = tape.Attributes[a];
                    attributes.Add(
                        Attribute(
                            Text(tape.UriOctets(attribute.Namespace)),
                            Text(tape.LocalName(attribute)),
                            Text(tape.Octets(attribute.Value))
                        )
                    );
                }
                for (
                    int d = node.FirstDeclaration;
                    d < node.FirstDeclaration + node.DeclarationCount;
                    d++
                )
                    attributes.Add(
                        Declaration(
                            Text(tape.PrefixOctets(tape.Declarations[d].Prefix)),
                            Text(tape.UriOctets(tape.Declarations[d].Namespace))
                        )
                    );
                Element(
                    text,
                    depth,
                    Text(tape.UriOctets(node.Namespace)),
                    Text(tape.LocalName(node)),
                    attributes
                );
            }
            else
                Leaf(
                    text,
                    depth,
                    node.Kind == NodeKind.Comment ? '#' : '"',
                    Text(tape.Octets(node.Value))
                );
        }
        return text.ToString();
    }

    /// <summary>By System.Xml; null when it refuses.</summary>
    public static string? BySystemXml(byte[] xml)
    {
        StringBuilder text = new();
        StringBuilder run = new();
        int runDepth = 0;
        try
        {
            using MemoryStream stream = new(xml);
            XmlReaderSettings settings = new()
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                CheckCharacters = true,
            };
            using XmlReader reader = XmlReader.Create(stream, settings);
            while (reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Text
                    or XmlNodeType.CDATA
                    or XmlNodeType.SignificantWhitespace
                    or XmlNodeType.Whitespace when reader.Depth > 0:
                        run.Append(reader.Value);
                        runDepth = reader.Depth;
                        continue;
                    case XmlNodeType.Comment when reader.Depth > 0:
                        Flush(text, run, runDepth);
                        Leaf(text, reader.Depth, '#', reader.Value);
                        break;
                    case XmlNodeType.Element:
                        Flush(text, run, runDepth);
                        int depth = reader.Depth;
                        string uri = reader.NamespaceURI;
                        string name = reader.LocalName;
                        List<string> attributes = [];
                        while (reader.MoveToNextAttribute())
                            attributes.Add(
                                reader.NamespaceURI == "http://www.w3.org/2000/xmlns/"
                                    ? Declaration(
                                        reader.Prefix.Length == 0 ? "" : reader.LocalName,
                                        reader.Value
                                    )
                                    : Attribute(reader.NamespaceURI, reader.LocalName, reader.Value)
                            );
                        Element(text, depth, uri, name, attributes);
                        break;
                    case XmlNodeType.EndElement:
                        Flush(text, run, runDepth);
                        break;
                    default:
                        break;
                }
            }
            return text.ToString();
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static void Flush(StringBuilder text, StringBuilder run, int depth)
    {
        if (run.Length > 0)
            Leaf(text, depth, '"', run.ToString());
        run.Clear();
    }

    private static void Element(
        StringBuilder text,
        int depth,
        string uri,
        string name,
        List<string> attributes
    )
    {
        attributes.Sort(StringComparer.Ordinal);
        text.Append(CultureInfo.InvariantCulture, $"{depth} <{{{uri}}}{name}")
            .AppendJoin("", attributes)
            .Append('\n');
    }

    private static void Leaf(StringBuilder text, int depth, char kind, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"{depth} {kind}{Escape(value)}\n");

    private static string Attribute(string uri, string name, string value) =>
        $" {{{uri}}}{name}={Escape(value)}";

    private static string Declaration(string prefix, string uri) =>
        $" xmlns:{prefix}={Escape(uri)}";

    private static string Escape(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal);

    private static string Text(ReadOnlySpan<byte> octets) => Encoding.UTF8.GetString(octets);
}
