using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Reads the certificates of a KeyDescriptor. They carry keys, nothing else: dates, issuers and chains play no part (IIP-MD12).</summary>
internal static class KeyDescriptorReader
{
    /// <summary>The usable certificates, DER; what is unusable is left out with a warning.</summary>
    public static List<byte[]> Certificates(XmlElement keyDescriptor, FindingList findings)
    {
        List<byte[]> certificates = [];
        foreach (XmlElement keyInfo in keyDescriptor.Children)
        {
            if (!keyInfo.Is(XmlNamespace.Signature, "KeyInfo"u8))
                continue;
            foreach (XmlElement data in keyInfo.Children)
                if (
                    data.Is(XmlNamespace.Signature, "X509Data"u8)
                    && First(data) is { Exists: true } element
                    && Read(element, findings) is { } certificate
                )
                    certificates.Add(certificate);
        }
        return certificates;
    }

    /// <summary>What the key's owner can decrypt, in order of preference (saml-metadata-2.0 §2.4.1.1).</summary>
    public static List<EncryptionMethod> EncryptionMethods(XmlElement keyDescriptor)
    {
        List<EncryptionMethod> methods = [];
        foreach (var child in keyDescriptor.Children)
            if (
                child.Is(XmlNamespace.Metadata, "EncryptionMethod"u8)
                && child.Attribute("Algorithm"u8).Text is { Length: > 0 } algorithm
            )
                methods.Add(ReadMethod(child, algorithm));
        return methods;
    }

    private static EncryptionMethod ReadMethod(XmlElement element, string algorithm)
    {
        var method = new EncryptionMethod(algorithm);
        foreach (var child in element.Children)
        {
            if (child.Is(XmlNamespace.Encryption, "KeySize"u8))
            {
                if (child.TryText(out var size) && size.TryUnsignedShort(out var bits))
                    method = method with { KeySize = bits };
            }
            else if (child.Is(XmlNamespace.Signature, "DigestMethod"u8))
                method = method with { DigestMethod = child.Attribute("Algorithm"u8).Text };
            else if (child.Is(XmlNamespace.Encryption11, "MGF"u8))
                method = method with { MaskGeneration = child.Attribute("Algorithm"u8).Text };
        }
        return method;
    }

    // Further certificates in one X509Data are the issuers of the first. To take their keys would be to trust
    // everybody they issued to.
    private static XmlElement First(XmlElement data)
    {
        foreach (XmlElement child in data.Children)
            if (child.Is(XmlNamespace.Signature, "X509Certificate"u8))
                return child;
        return default;
    }

    private static byte[]? Read(XmlElement element, FindingList findings)
    {
        X509Certificate2? certificate = element.TryText(out XmlValue text)
            ? Load(text.Octets)
            : null;
        if (certificate is null)
        {
            findings.Add(
                FindingKinds.MetadataCertificateUnreadable,
                expected: "base64 of an X.509 certificate",
                at: element.Place
            );
            return null;
        }

        using (certificate)
        {
            try
            {
                VerificationKey.FromCertificate(certificate.RawDataMemory.Span).Dispose();
                return certificate.RawData;
            }
            catch (CryptographicException e)
            {
                findings.Add(
                    FindingKinds.MetadataKeyRefused,
                    expected: $"RSA with at least {RsaStrength.MinimumBits} bits, or P-256, P-384 or P-521",
                    found: e.Message,
                    at: element.Place
                );
                return null;
            }
        }
    }

    // Long certificates come with line breaks and indentation: the decoder passes over white space. PEM is not what the
    // schema means, but products write it, plain or in base64 once more, and the loader knows it.
    private static X509Certificate2? Load(ReadOnlySpan<byte> text)
    {
        byte[] decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        bool isBase64 =
            Base64.DecodeFromUtf8(text, decoded, out _, out int length) == OperationStatus.Done;
        try
        {
            return X509CertificateLoader.LoadCertificate(
                isBase64 ? decoded.AsSpan(0, length) : text
            );
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
