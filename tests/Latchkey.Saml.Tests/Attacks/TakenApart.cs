using System.Text;
using System.Xml;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>A genuine signed Response taken apart, to be put together again by an attacker who wants to be eve.</summary>
internal sealed class TakenApart
{
    public const string Evil = "eve@evil.example";

    public TakenApart(SignedParts parts)
    {
        Document = new XmlDocument { PreserveWhitespace = true };
        Document.LoadXml(ReceivedResponses.Written(parts));
    }

    public XmlDocument Document { get; }

    /// <summary>The message as text. OuterXml would lose the escape of a carriage return, and with it every signature.</summary>
    public string Text
    {
        get
        {
            StringBuilder text = new();
            XmlWriterSettings settings = new() { NewLineHandling = NewLineHandling.Entitize, OmitXmlDeclaration = true };
            using (XmlWriter writer = XmlWriter.Create(text, settings))
                Document.Save(writer);
            return text.ToString();
        }
    }

    public XmlElement Response => Document.DocumentElement!;

    public XmlElement Assertion => One(Response, "saml:Assertion");

    public XmlElement Signature => One(Assertion, "ds:Signature");

    public static XmlElement One(XmlElement parent, string path)
    {
        return (XmlElement)parent.SelectSingleNode(path, Names(parent.OwnerDocument))!;
    }

    /// <summary>A copy of an element that says eve, under another ID or the same, without its signature.</summary>
    public static XmlElement EvilCopy(XmlElement element, bool sameId)
    {
        XmlElement copy = (XmlElement)element.CloneNode(deep: true);
        RemoveSignature(copy);
        if (!sameId)
        {
            copy.SetAttribute("ID", "_evil" + copy.LocalName);
            if (One(copy, "saml:Assertion") is { } assertion)
                assertion.SetAttribute("ID", "_evilAssertion");
        }
        One(copy, ".//saml:NameID").InnerText = Evil;
        return copy;
    }

    public static void RemoveSignature(XmlElement element)
    {
        if (One(element, "ds:Signature") is { } signature)
            element.RemoveChild(signature);
    }

    public XmlElement New(string prefix, string name) =>
        Document.CreateElement(prefix, name, Names(Document).LookupNamespace(prefix));

    /// <summary>Puts a child behind the Issuer, where a signature or extensions stand.</summary>
    public static void AfterIssuer(XmlElement parent, XmlElement child) =>
        parent.InsertAfter(child, One(parent, "saml:Issuer"));

    private static XmlNamespaceManager Names(XmlDocument document)
    {
        XmlNamespaceManager names = new(document.NameTable);
        names.AddNamespace("samlp", "urn:oasis:names:tc:SAML:2.0:protocol");
        names.AddNamespace("saml", "urn:oasis:names:tc:SAML:2.0:assertion");
        names.AddNamespace("ds", "http://www.w3.org/2000/09/xmldsig#");
        return names;
    }
}
