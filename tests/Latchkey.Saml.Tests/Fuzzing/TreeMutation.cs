using System.Text;
using System.Xml;
using Latchkey.Saml.Tests.Encryption;

namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>Alters a document as attackers do: elements are moved, copied, wrapped, renamed, taken from another message.</summary>
internal sealed class TreeMutation(Random random, IReadOnlyList<string> donors)
{
    private const string Assertion = "urn:oasis:names:tc:SAML:2.0:assertion";
    private const string Protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
    private const string Signature = "http://www.w3.org/2000/09/xmldsig#";

    private static readonly string[] Namespaces = [Assertion, Protocol, Signature, "urn:x", ""];
    private static readonly (string Name, string Namespace)[] Names =
    [
        ("samlp:Extensions", Protocol),
        ("samlp:Response", Protocol),
        ("samlp:StatusDetail", Protocol),
        ("saml:Advice", Assertion),
        ("saml:Assertion", Assertion),
        ("saml:AttributeValue", Assertion),
        ("saml:Subject", Assertion),
        ("saml:NameID", Assertion),
        ("saml:EncryptedAssertion", Assertion),
        ("ds:Object", Signature),
        ("ds:Signature", Signature),
        ("ds:KeyInfo", Signature),
        ("ds:SignedInfo", Signature),
        ("x", "urn:x"),
        ("y", ""),
    ];

    private static readonly string[] IdNames = ["ID", "Id", "id", "xml:id"];

    /// <summary>A document altered a few times; null when the text is none.</summary>
    public string? Of(string text)
    {
        XmlDocument document = new() { PreserveWhitespace = true };
        try
        {
            document.LoadXml(text);
            for (int times = random.Next(1, 5); times > 0; times--)
                Once(document);
            return Written(document);
        }
        // What the tree does not let happen is no alteration.
        catch (Exception refused)
            when (refused is XmlException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private void Once(XmlDocument document)
    {
        List<XmlElement> elements =
        [
            document.DocumentElement!,
            .. document.GetElementsByTagName("*").OfType<XmlElement>().Skip(1),
        ];
        XmlElement one = Pick(elements);
        XmlElement other = Pick(elements);
        switch (random.Next(13))
        {
            case 0 when !IsInside(other, one):
                Place(one, other);
                break;
            case 1:
                Place(one.CloneNode(deep: true), other);
                break;
            case 2 when one.ParentNode is XmlElement parent:
                parent.RemoveChild(one);
                break;
            case 3:
                Wrap(one);
                break;
            case 4:
                Rename(one);
                break;
            case 5:
                Split(document, one);
                break;
            case 6:
                one.SetAttribute(Pick(IdNames), Pick(Ids(elements)));
                break;
            case 7 when one.Attributes.Count > 0:
                one.Attributes.Remove(one.Attributes[random.Next(one.Attributes.Count)]);
                break;
            case 8:
                Place(document.ImportNode(Pick(Donated()), deep: true), other);
                break;
            case 9:
                EvilCopy(one, other);
                break;
            case 10 when one.ParentNode is XmlElement:
                Encrypt(document, one);
                break;
            case 11 when other.ParentNode is XmlElement && !IsInside(other, one):
                other.ParentNode.ReplaceChild(one, other);
                break;
            default:
                SetText(one);
                break;
        }
    }

    private void Place(XmlNode node, XmlElement there)
    {
        if (there.ParentNode is not XmlElement parent || random.Next(3) == 0)
            there.InsertBefore(node, random.Next(2) == 0 ? there.FirstChild : null);
        else if (random.Next(2) == 0)
            parent.InsertBefore(node, there);
        else
            parent.InsertAfter(node, there);
    }

    private void Wrap(XmlElement one)
    {
        (string name, string ns) = Pick(Names);
        XmlElement around = one.OwnerDocument.CreateElement(name, ns);
        one.ParentNode!.ReplaceChild(around, one);
        around.AppendChild(one);
        if (random.Next(2) == 0)
            around.SetAttribute("ID", one.GetAttribute("ID"));
    }

    private void Rename(XmlElement one)
    {
        (string name, string ns) = Pick(Names);
        XmlElement renamed = one.OwnerDocument.CreateElement(
            random.Next(2) == 0 ? name : one.Name,
            random.Next(2) == 0 ? ns : Pick(Namespaces)
        );
        while (one.FirstChild is { } child)
            renamed.AppendChild(child);
        while (one.Attributes.Count > 0)
            renamed.Attributes.Append(one.Attributes[0]);
        one.ParentNode!.ReplaceChild(renamed, one);
    }

    // Comments and instructions in the middle of a text made products read half of it (CVE-2017-11427 and others).
    private void Split(XmlDocument document, XmlElement one)
    {
        if (one.FirstChild is not XmlText text)
        {
            one.AppendChild(document.CreateComment("x"));
            return;
        }
        text.SplitText(random.Next(text.Length + 1));
        one.InsertAfter(
            random.Next(4) switch
            {
                0 => document.CreateProcessingInstruction("x", "y"),
                1 => document.CreateCDataSection("eve"),
                2 => document.CreateElement("saml:NameID", Assertion),
                _ => document.CreateComment("x"),
            },
            text
        );
    }

    private void EvilCopy(XmlElement one, XmlElement other)
    {
        XmlElement copy = (XmlElement)one.CloneNode(deep: true);
        foreach (XmlText text in copy.SelectNodes("//text()")!.OfType<XmlText>().ToList())
            text.Value = text.Value!.Replace("ada", "eve", StringComparison.Ordinal);
        if (random.Next(2) == 0 && copy.HasAttribute("ID"))
            copy.SetAttribute("ID", "_evil");
        if (random.Next(2) == 0)
            foreach (XmlElement signature in copy.ChildNodes.OfType<XmlElement>().ToList())
                if (signature.LocalName == "Signature")
                    copy.RemoveChild(signature);
        Place(copy, other);
    }

    // Anybody can encrypt for a service provider: its key is public.
    private void Encrypt(XmlDocument document, XmlElement one)
    {
        Sealing sealing = new();
        if (random.Next(2) == 0)
            sealing = sealing with { Cipher = Sealing.Xenc + "aes128-cbc", KeyLength = 16 };
        XmlDocument holder = new() { PreserveWhitespace = true };
        holder.LoadXml(
            sealing.Container(
                Encoding.UTF8.GetBytes(one.OuterXml),
                one.LocalName switch
                {
                    "NameID" => "saml:EncryptedID",
                    "Attribute" => "saml:EncryptedAttribute",
                    _ => "saml:EncryptedAssertion",
                }
            )
        );
        one.ParentNode!.ReplaceChild(document.ImportNode(holder.DocumentElement!, deep: true), one);
    }

    private void SetText(XmlElement one)
    {
        if (one.Attributes.Count > 0 && random.Next(2) == 0)
            one.Attributes[random.Next(one.Attributes.Count)].Value = Pick(
                (string[])["eve", "", "_x", "2027-01-01T00:00:00Z"]
            );
        else
            one.InnerText = Pick((string[])["eve@evil.example", "", " ", "A\r\nB"]);
    }

    private List<XmlElement> Donated()
    {
        XmlDocument donor = new() { PreserveWhitespace = true };
        donor.LoadXml(Pick(donors));
        return
        [
            donor.DocumentElement!,
            .. donor.GetElementsByTagName("*").OfType<XmlElement>().Skip(1),
        ];
    }

    private static List<string> Ids(List<XmlElement> elements) =>
        ["_x", "", .. elements.Select(e => e.GetAttribute("ID")).Where(id => id.Length > 0)];

    private static bool IsInside(XmlNode? node, XmlElement ancestor)
    {
        for (; node is not null; node = node.ParentNode)
            if (node == ancestor)
                return true;
        return false;
    }

    // OuterXml would lose the escape of a carriage return, and with it every signature.
    private static string Written(XmlDocument document)
    {
        StringBuilder text = new();
        XmlWriterSettings settings = new()
        {
            NewLineHandling = NewLineHandling.Entitize,
            OmitXmlDeclaration = true,
        };
        using (XmlWriter writer = XmlWriter.Create(text, settings))
            document.Save(writer);
        return text.ToString();
    }

    private T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
