using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Xml;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Messages;

/// <summary>Signs the root of a message by System.Security.Cryptography.Xml, which shares no code with us.</summary>
internal static class PlatformSigning
{
    public static string Sign(string xml, string keyName)
    {
        XmlDocument document = new() { PreserveWhitespace = true };
        document.LoadXml(xml);
        XmlElement root = document.DocumentElement!;
        using RSA key = ReceivedResponses.PrivateKey(keyName);
        SignedXml signed = new(root) { SigningKey = key };
        signed.SignedInfo!.CanonicalizationMethod = SignedXml.XmlDsigExcC14NTransformUrl;
        signed.SignedInfo.SignatureMethod = SignedXml.XmlDsigRSASHA256Url;
        Reference reference = new("#" + root.GetAttribute("ID"))
        {
            DigestMethod = SignedXml.XmlDsigSHA256Url,
        };
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        reference.AddTransform(new XmlDsigExcC14NTransform());
        signed.AddReference(reference);
        signed.ComputeSignature();
        root.InsertAfter(document.ImportNode(signed.GetXml(), deep: true), root.FirstChild);
        return document.OuterXml;
    }
}
