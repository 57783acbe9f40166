using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Saml.Bindings;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Captured;

/// <summary>
/// Our reading, canonicalization and digests with the framework's RSA over them. Half of what was captured is signed
/// with keys of 1024 bits, which the product accepts nowhere; here their strength does not matter.
/// </summary>
internal static class CapturedSignature
{
    public static string Describe(byte[] xml, IReadOnlyList<X509Certificate2> certificates)
    {
        using Tape? tape = Tape.Read(xml, MessageLimits.Default, new FindingList());
        if (tape is null)
            return "not read";
        List<string> found = [];
        Describe(tape.Root, certificates, found);
        foreach (XmlElement child in tape.Root.Children)
            if (child.Is(XmlNamespace.Assertion, "Assertion"u8))
                Describe(child, certificates, found);
        return found.Count == 0 ? "none" : string.Join(", ", found);
    }

    private static void Describe(
        XmlElement signed,
        IReadOnlyList<X509Certificate2> certificates,
        List<string> found
    )
    {
        foreach (XmlElement child in signed.Children)
        {
            if (!child.Is(XmlNamespace.Signature, "Signature"u8))
                continue;
            FindingList findings = new();
            string name = Encoding.UTF8.GetString(signed.LocalName);
            if (
                !ReceivedSignature.TryRead(
                    signed,
                    child,
                    allowSha1: true,
                    findings,
                    out ReceivedSignature signature
                )
            )
                found.Add($"{name} {findings.Items[0].Code}");
            else if (!IsUnaltered(signature))
                found.Add($"{name} altered");
            else
                found.Add(
                    $"{name} {(certificates.Any(certificate => IsGenuine(signature, certificate)) ? "good" : "of another key")}"
                );
        }
    }

    private static bool IsUnaltered(in ReceivedSignature signature)
    {
        using OctetBuffer octets = new(1024);
        ExclusiveCanonicalizer.Write(
            signature.Signed,
            signature.Signature.Index,
            signature.ReferenceForm,
            octets,
            10_000_000
        );
        return signature.DigestValue.Text is { } value
            && Decoded(value)
                .SequenceEqual(
                    CryptographicOperations.HashData(signature.DigestHash, octets.Written)
                );
    }

    private static bool IsGenuine(in ReceivedSignature signature, X509Certificate2 certificate)
    {
        using RSA? rsa = certificate.GetRSAPublicKey();
        using OctetBuffer octets = new(1024);
        ExclusiveCanonicalizer.Write(
            signature.SignedInfo,
            ExclusiveCanonicalizer.NothingLeftOut,
            signature.SignedInfoForm,
            octets,
            10_000_000
        );
        return rsa is not null
            && signature.SignatureValue.Text is { } value
            && rsa.VerifyData(
                octets.Written,
                Decoded(value),
                signature.Suite!.Hash,
                RSASignaturePadding.Pkcs1
            );
    }

    private static byte[] Decoded(string base64)
    {
        byte[] octets = new byte[base64.Length];
        return StrictBase64.TryDecode(base64, octets, out int length) ? octets[..length] : [];
    }
}
