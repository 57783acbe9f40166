using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using Latchkey.Saml.Keys;

namespace Latchkey.Cli.Tests;

/// <summary>What the library does not write: a Response signed with SHA-1, as old identity providers send it.</summary>
internal static class Sha1Response
{
    /// <summary>Takes the signatures out of a Response and signs it anew.</summary>
    /// <returns>The base64 of the form field.</returns>
    public static string Sign(string xml, SigningKey key)
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        document.LoadXml(xml);
        foreach (
            var old in document
                .GetElementsByTagName("Signature", SignedXml.XmlDsigNamespaceUrl)
                .Cast<XmlNode>()
                .ToList()
        )
            old.ParentNode!.RemoveChild(old);

        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.ExportPkcs8(), out _);
        var root = document.DocumentElement!;
        var signed = new SignedXml(document) { SigningKey = rsa };
        signed.SignedInfo!.SignatureMethod = SignedXml.XmlDsigRSASHA1Url;
        signed.SignedInfo.CanonicalizationMethod = SignedXml.XmlDsigExcC14NTransformUrl;
        var reference = new Reference("#" + root.GetAttribute("ID"))
        {
            DigestMethod = SignedXml.XmlDsigSHA1Url,
        };
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        reference.AddTransform(new XmlDsigExcC14NTransform());
        signed.AddReference(reference);
        signed.ComputeSignature();
        root.InsertAfter(signed.GetXml(), root.FirstChild);
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(document.OuterXml));
    }
}
