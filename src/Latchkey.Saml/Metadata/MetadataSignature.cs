using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>The signature of metadata: the first child of the root, over the root (saml-metadata-2.0 §3), by a pinned key (rule M2).</summary>
internal static class MetadataSignature
{
    /// <summary>Verifies the root's signature.</summary>
    /// <returns>The signed octets, read anew, to be disposed of by the caller; null when a finding was added.</returns>
    public static VerifiedElement? Verify(
        XmlElement root,
        IReadOnlyList<VerificationKey> keys,
        MessageLimits limits,
        FindingList findings
    )
    {
        if (root.Namespace != XmlNamespace.Metadata)
        {
            findings.Add(
                FindingKinds.MetadataExpected,
                "signed md:EntityDescriptor or md:EntitiesDescriptor",
                root.Name,
                root.Place
            );
            return null;
        }
        XmlElement signature = default;
        var position = 0;
        foreach (var child in root.Children)
        {
            position++;
            if (!child.Is(XmlNamespace.Signature, "Signature"u8))
                continue;
            if (position > 1)
            {
                Misplaced(child, findings);
                return null;
            }
            signature = child;
        }
        if (!signature.Exists)
        {
            findings.Add(FindingKinds.MetadataSignatureMissing, "ds:Signature", at: root.Place);
            return null;
        }
        return ReceivedSignature.TryRead(root, signature, allowSha1: false, findings, out var read)
            ? VerifiedElement.Verify(read, keys, limits, findings)
            : null;
    }

    /// <summary>A ds:Signature of the root that is not its first child.</summary>
    public static void Misplaced(XmlElement signature, FindingList findings) =>
        findings.Add(
            FindingKinds.SignatureShape,
            "one ds:Signature, as the first child of the root",
            at: signature.Place
        );
}
