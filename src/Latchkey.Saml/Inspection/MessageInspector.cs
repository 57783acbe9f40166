using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Inspection;

/// <summary>
/// Shows people what a message holds: unpacks it whatever it is packed in, indents it, and lists signatures and
/// encryption wherever they stand. It looks everywhere, as no validator may (rule X4), verifies nothing, and no product
/// code may decide anything by what it returns.
/// </summary>
public static class MessageInspector
{
    /// <summary>Inspects a message in any of its forms: XML, in a SOAP envelope or not, base64, DEFLATE in base64, a URL, a query, a form body, or an artifact in its place.</summary>
    /// <param name="input">The octets as they were found, hostile or not. Space around them is passed over.</param>
    /// <param name="limits">Bounds (rule X2).</param>
    /// <returns>As much as could be read; what could not is among its findings.</returns>
    public static InspectedMessage Inspect(ReadOnlySpan<byte> input, MessageLimits? limits = null)
    {
        limits ??= MessageLimits.Default;
        var findings = new FindingList();
        var unpacked = Unpacking.Unpack(input, limits, findings);
        if (unpacked.Xml.IsEmpty)
            return unpacked with { Findings = findings.Items };
        using var tape = Tape.Read(unpacked.Xml.Span, limits, findings);
        return tape is null
            ? unpacked with
            {
                Findings = findings.Items,
            }
            : Describe(unpacked, tape) with
            {
                Findings = findings.Items,
            };
    }

    private static InspectedMessage Describe(InspectedMessage unpacked, Tape tape)
    {
        var signatures = new List<InspectedSignature>();
        var encryptions = new List<InspectedEncryption>();
        for (var node = 0; node < tape.Nodes.Count; node++)
        {
            if (tape.Nodes[node].Kind != NodeKind.Element)
                continue;
            var element = new XmlElement(tape, node);
            if (element.Is(XmlNamespace.Signature, "Signature"u8))
                signatures.Add(SignatureInspection.Describe(element));
            else if (EncryptionInspection.IsEncryptedData(element))
                encryptions.Add(EncryptionInspection.Describe(element));
        }
        var message = MessageDetails.MessageIn(tape.Root);
        var embedded = MessageDetails.EmbeddedIn(message);
        return unpacked with
        {
            Indented = IndentedXml.Write(tape),
            InSoap = message.Index != 0,
            Root = message.Name,
            Issuer = IssuerOf(message),
            RootAttributes = AttributesOf(tape, message.Index),
            Details = MessageDetails.Of(message),
            Embedded = embedded.Exists ? embedded.Name : null,
            Signatures = signatures,
            Encryptions = encryptions,
        };
    }

    private static string? IssuerOf(XmlElement root)
    {
        foreach (var child in root.Children)
            if (child.Is(XmlNamespace.Assertion, "Issuer"u8) && child.TryText(out var text))
                return text.Text;
        return null;
    }

    private static List<KeyValuePair<string, string>> AttributesOf(Tape tape, int element)
    {
        var list = new List<KeyValuePair<string, string>>();
        ref readonly var node = ref tape.Nodes[element];
        for (var a = node.FirstAttribute; a < node.FirstAttribute + node.AttributeCount; a++)
        {
            ref readonly var attribute = ref tape.Attributes[a];
            if (attribute.Namespace == TapeReader.NoNamespace)
                list.Add(
                    new(
                        Encoding.UTF8.GetString(tape.LocalName(attribute)),
                        Encoding.UTF8.GetString(tape.Octets(attribute.Value))
                    )
                );
        }
        return list;
    }
}
