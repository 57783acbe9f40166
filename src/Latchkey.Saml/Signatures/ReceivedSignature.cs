using System.Security.Cryptography;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Signatures;

/// <summary>
/// A ds:Signature of the narrow profile (saml-core-2.0 §5.4), read but not verified: one Reference to the element it
/// stands in, enveloped-signature then exclusive canonicalization, allowed algorithms, nothing else (rules S1 to S3, S5).
/// </summary>
internal readonly struct ReceivedSignature
{
    // A PrefixList names a handful of prefixes; a long one is made to cost time.
    private const int LongestPrefixList = 1024;

    private ReceivedSignature(XmlElement signed, XmlElement signature)
    {
        Signed = signed;
        Signature = signature;
    }

    /// <summary>The element that is signed: the parent, by identity.</summary>
    public XmlElement Signed { get; }

    /// <summary>The ds:Signature itself: what the enveloped-signature transform takes out, by identity.</summary>
    public XmlElement Signature { get; }

    /// <summary>What the signature value covers.</summary>
    public XmlElement SignedInfo { get; private init; }

    /// <summary>How SignedInfo is canonicalized.</summary>
    public CanonicalForm SignedInfoForm { get; private init; }

    /// <summary>How SignedInfo was hashed and signed; null when that is not allowed.</summary>
    public SignatureSuite? Suite { get; private init; }

    /// <summary>How the signed element is canonicalized.</summary>
    public CanonicalForm ReferenceForm { get; private init; }

    /// <summary>The digest over the signed element.</summary>
    public HashAlgorithmName DigestHash { get; private init; }

    /// <summary>The digest, base64.</summary>
    public XmlValue DigestValue { get; private init; }

    /// <summary>The signature, base64.</summary>
    public XmlValue SignatureValue { get; private init; }

    /// <summary>Reads a signature.</summary>
    /// <param name="signed">The element whose child it is.</param>
    /// <param name="signature">The ds:Signature.</param>
    /// <param name="allowSha1">Whether SHA-1 passes, with a warning (rule S3).</param>
    /// <param name="findings">Takes what is not in the profile.</param>
    /// <param name="read">The signature, when true is returned.</param>
    public static bool TryRead(
        XmlElement signed,
        XmlElement signature,
        bool allowSha1,
        FindingList findings,
        out ReceivedSignature read
    )
    {
        // A list of its own: what was found elsewhere in the message says nothing about this signature.
        var own = new FindingList();
        var content = new ElementContent(signature, own);
        var signedInfo = content.Required(XmlNamespace.Signature, "SignedInfo"u8);
        var signatureValue = content.Required(XmlNamespace.Signature, "SignatureValue"u8);
        // Never a key and never looked into (rule S4): keys come from configuration.
        content.Optional(XmlNamespace.Signature, "KeyInfo"u8);
        content.End();

        read = new ReceivedSignature(signed, signature)
        {
            SignedInfo = signedInfo,
            SignatureValue = Base64Text(signatureValue, own),
        };
        if (signedInfo.Exists)
            read = ReadSignedInfo(read, allowSha1, own);
        foreach (var finding in own.Items)
            findings.Add(AsSignatureFinding(finding));
        return !own.Refused;
    }

    private static ReceivedSignature ReadSignedInfo(
        ReceivedSignature read,
        bool allowSha1,
        FindingList findings
    )
    {
        var content = new ElementContent(read.SignedInfo, findings);
        var canonicalization = content.Required(XmlNamespace.Signature, "CanonicalizationMethod"u8);
        var method = content.Required(XmlNamespace.Signature, "SignatureMethod"u8);
        var reference = content.Required(XmlNamespace.Signature, "Reference"u8);
        content.End();
        if (!canonicalization.Exists || !method.Exists || !reference.Exists)
            return read;

        // HMACOutputLength and the parameters of other families would stand inside SignatureMethod.
        new ElementContent(method, findings).End();
        var algorithm = method.Attribute("Algorithm"u8);
        if (!AllowedAlgorithms.TrySignature(algorithm.Octets, allowSha1, out var suite))
            findings.Add(
                FindingKinds.SignatureAlgorithm,
                AllowedAlgorithms.Signatures,
                algorithm.Text,
                method.Place
            );
        else if (suite.Hash == HashAlgorithmName.SHA1)
            findings.Add(
                FindingKinds.Sha1Used,
                AllowedAlgorithms.Signatures,
                algorithm.Text,
                method.Place
            );
        return ReadReference(
            read with
            {
                Suite = suite,
                SignedInfoForm = Canonicalization(
                    canonicalization,
                    FindingKinds.SignatureCanonicalization,
                    findings
                ),
            },
            reference,
            allowSha1,
            findings
        );
    }

    private static ReceivedSignature ReadReference(
        ReceivedSignature read,
        XmlElement reference,
        bool allowSha1,
        FindingList findings
    )
    {
        RefersToParent(read.Signed, reference, findings);
        var content = new ElementContent(reference, findings);
        var transforms = content.Required(XmlNamespace.Signature, "Transforms"u8);
        var method = content.Required(XmlNamespace.Signature, "DigestMethod"u8);
        var value = content.Required(XmlNamespace.Signature, "DigestValue"u8);
        content.End();
        if (!transforms.Exists || !method.Exists || !value.Exists)
            return read;

        new ElementContent(method, findings).End();
        var algorithm = method.Attribute("Algorithm"u8);
        if (!AllowedAlgorithms.TryDigest(algorithm.Octets, allowSha1, out var hash))
            findings.Add(
                FindingKinds.DigestAlgorithm,
                AllowedAlgorithms.Digests,
                algorithm.Text,
                method.Place
            );
        else if (hash == HashAlgorithmName.SHA1)
            findings.Add(
                FindingKinds.Sha1Used,
                AllowedAlgorithms.Digests,
                algorithm.Text,
                method.Place
            );
        return read with
        {
            ReferenceForm = Transforms(transforms, findings),
            DigestHash = hash,
            DigestValue = Base64Text(value, findings),
        };
    }

    // Rule S1: "#" and the parent's own ID. The parent is known; nothing is ever looked up by the ID.
    private static void RefersToParent(
        XmlElement signed,
        XmlElement reference,
        FindingList findings
    )
    {
        var id = signed.Attribute("ID"u8);
        var uri = reference.Attribute("URI"u8);
        if (
            id.Exists
            && uri.Octets is [(byte)'#', .. var target]
            && target.SequenceEqual(id.Octets)
        )
            return;
        findings.Add(FindingKinds.SignatureReference, "#" + id.Text, uri.Text, reference.Place);
    }

    // Rule S2: exactly these two, in this order.
    private static CanonicalForm Transforms(XmlElement transforms, FindingList findings)
    {
        var content = new ElementContent(transforms, findings);
        var enveloped = content.Required(XmlNamespace.Signature, "Transform"u8);
        var canonicalization = content.Required(XmlNamespace.Signature, "Transform"u8);
        content.End();
        if (!enveloped.Exists || !canonicalization.Exists)
            return default;
        new ElementContent(enveloped, findings).End();
        var algorithm = enveloped.Attribute("Algorithm"u8);
        if (!AllowedAlgorithms.IsEnvelopedSignature(algorithm.Octets))
            findings.Add(
                FindingKinds.SignatureTransforms,
                "enveloped-signature as the first transform",
                algorithm.Text,
                enveloped.Place
            );
        // A reference of the form "#ID" selects no comments, whatever the transform would do with them
        // (xmldsig-core §4.3.3.3).
        return Canonicalization(canonicalization, FindingKinds.SignatureTransforms, findings) with
        {
            WithComments = false,
        };
    }

    private static CanonicalForm Canonicalization(
        XmlElement element,
        FindingKind kind,
        FindingList findings
    )
    {
        var algorithm = element.Attribute("Algorithm"u8);
        if (!AllowedAlgorithms.TryCanonicalization(algorithm.Octets, out var withComments))
            findings.Add(kind, "exclusive canonicalization 1.0", algorithm.Text, element.Place);

        var content = new ElementContent(element, findings);
        var inclusive = content.Optional(
            XmlNamespace.ExclusiveCanonicalization,
            "InclusiveNamespaces"u8
        );
        content.End();
        if (!inclusive.Exists)
            return new CanonicalForm(withComments, default);
        new ElementContent(inclusive, findings).End();
        var prefixes = inclusive.Attribute("PrefixList"u8);
        if (prefixes.Octets.Length > LongestPrefixList)
            findings.Add(
                FindingKinds.SignatureShape,
                $"a PrefixList of at most {LongestPrefixList} bytes",
                at: inclusive.Place
            );
        return new CanonicalForm(withComments, prefixes);
    }

    // Rule S5: one run of text, so that no comment or element can divide what is compared.
    private static XmlValue Base64Text(XmlElement element, FindingList findings)
    {
        if (!element.Exists)
            return default;
        if (element.IsOneText && element.TryText(out var text))
            return text;
        findings.Add(
            FindingKinds.SignatureShape,
            $"base64 only in {element.Name}",
            at: element.Place
        );
        return default;
    }

    // An element that is missing or too many is a matter of the signature's shape here.
    private static Finding AsSignatureFinding(Finding finding) =>
        finding.Kind == FindingKinds.ElementMissing
        || finding.Kind == FindingKinds.ElementUnexpected
        || finding.Kind == FindingKinds.TextUnexpected
            ? finding with
            {
                Kind = FindingKinds.SignatureShape,
            }
            : finding;
}
