using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Vectors;

/// <summary>
/// A ds:Signature of any shape, taken apart where our profile would refuse the whole: each reference to an element of
/// the document by our canonicalizer and digests, the value by our suites. What the profile has no means for is named.
/// </summary>
internal sealed class SignatureVector(byte[] xml, IReadOnlyList<X509Certificate2> certificates)
{
    private const string Inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

    /// <summary>Whose signature value it is, once it is described as good.</summary>
    public X509Certificate2? Signer { get; private set; }

    public string Describe()
    {
        FindingList findings = new();
        using Tape? tape = Tape.Read(xml, MessageLimits.Default, findings);
        if (tape is null)
            return $"left out: {findings.Items[0].Code} ({findings.Items[0].Kind.Rule})";
        XmlElement signature = Elements(tape)
            .First(one => one.Is(XmlNamespace.Signature, "Signature"u8));
        XmlElement signedInfo = Child(signature, "SignedInfo");
        List<string> said = [];
        foreach (XmlElement reference in signedInfo.Children)
            if (reference.Is(XmlNamespace.Signature, "Reference"u8))
                said.Add(Reference(tape, signature, reference));
        said.Add(Value(signature, signedInfo));
        return string.Join("; ", said.Distinct());
    }

    private static string Reference(Tape tape, XmlElement signature, XmlElement reference)
    {
        string uri = Attribute(reference, "URI");
        string digest = Attribute(Child(reference, "DigestMethod"), "Algorithm");
        if (
            !AllowedAlgorithms.TryDigest(
                Encoding.UTF8.GetBytes(digest),
                allowSha1: true,
                out HashAlgorithmName hash
            )
        )
            return $"digest left out: {Short(digest)} (S3)";
        bool comments = uri.StartsWith("#xpointer(", StringComparison.Ordinal);
        XmlElement target = Target(tape, uri, comments);
        if (!target.Exists)
            return $"digest left out: reference {Short(uri)} (S1)";
        int leftOut = ExclusiveCanonicalizer.NothingLeftOut;
        CanonicalForm form = new(false, default);
        XmlElement transforms = Child(reference, "Transforms");
        if (transforms.Exists)
            foreach (XmlElement transform in transforms.Children)
            {
                string algorithm = Attribute(transform, "Algorithm");
                if (AllowedAlgorithms.IsEnvelopedSignature(Encoding.UTF8.GetBytes(algorithm)))
                    leftOut = signature.Index;
                else if (
                    AllowedAlgorithms.TryCanonicalization(
                        Encoding.UTF8.GetBytes(algorithm),
                        out bool with
                    )
                )
                    form = new CanonicalForm(with && comments, Prefixes(transform));
                else if (algorithm != Inclusive)
                    return $"digest left out: transform {Short(algorithm)} (S2)";
            }
        using OctetBuffer octets = new(1024);
        ExclusiveCanonicalizer.Write(target, leftOut, form, octets, 10_000_000);
        bool equal = Convert
            .FromBase64String(
                Child(reference, "DigestValue").TryText(out XmlValue value) ? value.Text! : ""
            )
            .SequenceEqual(CryptographicOperations.HashData(hash, octets.Written));
        return equal
            ? "digest good"
            : "digest left out: inclusive canonicalization differs here (S2)";
    }

    private string Value(XmlElement signature, XmlElement signedInfo)
    {
        string method = Attribute(Child(signedInfo, "SignatureMethod"), "Algorithm");
        if (
            !AllowedAlgorithms.TrySignature(
                Encoding.UTF8.GetBytes(method),
                allowSha1: true,
                out SignatureSuite? suite
            )
        )
            return $"value left out: {Short(method)} (S3)";
        AllowedAlgorithms.TryCanonicalization(
            Encoding.UTF8.GetBytes(
                Attribute(Child(signedInfo, "CanonicalizationMethod"), "Algorithm")
            ),
            out bool comments
        );
        using OctetBuffer octets = new(1024);
        ExclusiveCanonicalizer.Write(
            signedInfo,
            ExclusiveCanonicalizer.NothingLeftOut,
            new CanonicalForm(comments, default),
            octets,
            10_000_000
        );
        byte[] digest = CryptographicOperations.HashData(suite.Hash, octets.Written);
        byte[] value = Convert.FromBase64String(
            Child(signature, "SignatureValue").TryText(out XmlValue text) ? text.Text! : ""
        );
        foreach (X509Certificate2 certificate in certificates)
            if (IsGood(certificate, digest, value, suite, out string strength))
            {
                Signer = certificate;
                return $"value good{strength}";
            }
        if (
            suite.Family == SignatureFamily.Ecdsa
            && !certificates.Any(one => IsOfItsLength(one, value))
        )
            return string.Create(
                CultureInfo.InvariantCulture,
                $"value left out: {value.Length} octets, which is not the length that its curve asks for (S3)"
            );
        return "value of a key that is not among those of the set";
    }

    private static bool IsOfItsLength(X509Certificate2 certificate, byte[] value)
    {
        using ECDsa? curve = certificate.GetECDsaPublicKey();
        return curve is not null && value.Length == (curve.KeySize + 7) / 8 * 2;
    }

    // By the product's key where it takes the certificate, by the framework where it is too weak for it.
    private static bool IsGood(
        X509Certificate2 certificate,
        byte[] digest,
        byte[] value,
        SignatureSuite suite,
        out string strength
    )
    {
        strength = "";
        try
        {
            using VerificationKey key = VerificationKey.FromCertificate(certificate.RawData);
            return key.VerifyHash(digest, value, suite);
        }
        catch (CryptographicException)
        {
            using RSA? rsa = certificate.GetRSAPublicKey();
            if (rsa is null || suite.Family == SignatureFamily.Ecdsa)
                return false;
            strength = string.Create(
                CultureInfo.InvariantCulture,
                $" (RSA of {rsa.KeySize} bits, which the product refuses, S3)"
            );
            return rsa.VerifyHash(digest, value, suite.Hash, RSASignaturePadding.Pkcs1);
        }
    }

    private static XmlValue Prefixes(XmlElement transform)
    {
        foreach (XmlElement child in transform.Children)
            if (child.Is(XmlNamespace.ExclusiveCanonicalization, "InclusiveNamespaces"u8))
                return child.Attribute("PrefixList"u8);
        return default;
    }

    private static XmlElement Target(Tape tape, string uri, bool comments)
    {
        if (uri.Length == 0)
            return tape.Root;
        string id = comments
            ? uri["#xpointer(".Length..^1]
                .Replace("id('", "", StringComparison.Ordinal)
                .Replace("')", "", StringComparison.Ordinal)
            : uri.TrimStart('#');
        return uri[0] != '#'
            ? default
            : Elements(tape).FirstOrDefault(one => Attribute(one, "Id") == id);
    }

    private static List<XmlElement> Elements(Tape tape)
    {
        List<XmlElement> elements = [];
        for (int node = 0; node < tape.Nodes.Count; node++)
            if (tape.Nodes[node].Kind == NodeKind.Element)
                elements.Add(new XmlElement(tape, node));
        return elements;
    }

    private static XmlElement Child(XmlElement element, string name)
    {
        foreach (XmlElement child in element.Children)
            if (child.Is(XmlNamespace.Signature, Encoding.UTF8.GetBytes(name)))
                return child;
        return default;
    }

    private static string Attribute(XmlElement element, string name) =>
        element.Exists ? element.Attribute(Encoding.UTF8.GetBytes(name)).Text ?? "" : "";

    private static string Short(string uri) => uri[(uri.LastIndexOfAny(['#', '/']) + 1)..];
}
