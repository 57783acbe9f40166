using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Xml;

/// <summary>The exclusive canonical form of a whole document, by us and by System.Security.Cryptography.Xml.</summary>
internal static class CanonicalForms
{
    public static string Ours(byte[] document, bool comments, string list)
    {
        using Tape tape = Tape.Read(document, MessageLimits.Default, new FindingList())!;
        return Encoding.UTF8.GetString(Ours(tape.Root, comments, list));
    }

    public static byte[] Ours(Latchkey.Saml.Xml.XmlElement element, bool comments, string list)
    {
        using Tape prefixes = Tape.Read(
            Encoding.UTF8.GetBytes($"<i l=\"{list}\"/>"),
            MessageLimits.Default,
            new FindingList()
        )!;
        using OctetBuffer output = new(16);
        ExclusiveCanonicalizer
            .Write(
                element,
                ExclusiveCanonicalizer.NothingLeftOut,
                new CanonicalForm(comments, prefixes.Root.Attribute("l"u8)),
                output,
                10_000_000
            )
            .ShouldBeTrue();
        return output.Written.ToArray();
    }

    public static string Theirs(byte[] document, bool comments, string list)
    {
        XmlDocument dom = new() { PreserveWhitespace = true };
        using MemoryStream input = new(document);
        using XmlReader reader = XmlReader.Create(input);
        dom.Load(reader);
        // Outside the root only comments would remain, and we canonicalize elements.
        foreach (XmlNode node in dom.ChildNodes.Cast<XmlNode>().ToList())
            if (node != dom.DocumentElement)
                dom.RemoveChild(node);
        XmlDsigExcC14NTransform transform = new(comments, list);
        transform.LoadInput(dom);
        using Stream canonical = (Stream)transform.GetOutput(typeof(Stream));
        using StreamReader text = new(canonical, Encoding.UTF8);
        return text.ReadToEnd();
    }
}
