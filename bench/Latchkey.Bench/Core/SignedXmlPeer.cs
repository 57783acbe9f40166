using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;

namespace Latchkey.Bench.Core;

/// <summary>The least that the framework's own XML signatures need for the same: no rules, no facts, signature only.</summary>
internal sealed class SignedXmlPeer(byte[] signedResponse, RSA key, X509Certificate2 certificate)
{
    private readonly string unsignedAssertion = UnsignedAssertion(signedResponse);

    public string Issue()
    {
        XmlDocument document = new() { PreserveWhitespace = true };
        document.LoadXml(unsignedAssertion);
        XmlElement assertion = document.DocumentElement!;

        Reference reference = new("#" + assertion.GetAttribute("ID"));
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        reference.AddTransform(new XmlDsigExcC14NTransform());
        SignedXml signed = new(document) { SigningKey = key };
        signed.SignedInfo!.CanonicalizationMethod = SignedXml.XmlDsigExcC14NTransformUrl;
        signed.AddReference(reference);
        signed.KeyInfo.AddClause(new KeyInfoX509Data(certificate));
        signed.ComputeSignature();
        assertion.InsertAfter(signed.GetXml(), assertion.FirstChild);
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(document.OuterXml));
    }

    public void Verify(string samlResponse, RSA publicKey)
    {
        XmlDocument document = new() { PreserveWhitespace = true };
        document.LoadXml(Encoding.UTF8.GetString(Convert.FromBase64String(samlResponse)));
        XmlElement signature = (XmlElement)
            document.GetElementsByTagName("Signature", SignedXml.XmlDsigNamespaceUrl)[0]!;
        SignedXml signed = new((XmlElement)signature.ParentNode!);
        signed.LoadXml(signature);
        if (!signed.CheckSignature(publicKey))
            throw new InvalidOperationException("SignedXml refuses what it should accept.");
    }

    private static string UnsignedAssertion(byte[] response)
    {
        XmlDocument document = new() { PreserveWhitespace = true };
        document.LoadXml(Encoding.UTF8.GetString(response));
        XmlElement assertion = (XmlElement)document.DocumentElement!.LastChild!;
        assertion.RemoveChild(
            assertion.GetElementsByTagName("Signature", SignedXml.XmlDsigNamespaceUrl)[0]!
        );
        return assertion.OuterXml;
    }
}
