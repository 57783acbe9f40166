using Latchkey.Saml.Bindings;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Inspection;

/// <summary>Describes a ds:Signature wherever it stands; verifies nothing.</summary>
internal static class SignatureInspection
{
    public static InspectedSignature Describe(XmlElement signature)
    {
        var parentIndex = signature.Tape.Nodes[signature.Index].Parent;
        XmlElement parent = parentIndex < 0 ? default : new(signature.Tape, parentIndex);
        var signedInfo = Child(signature, "SignedInfo"u8);
        var objections = new FindingList();
        if (parent.Exists)
            ReceivedSignature.TryRead(parent, signature, allowSha1: false, objections, out _);
        return new InspectedSignature
        {
            At = signature.Place,
            Parent = parent.Exists ? parent.Name : null,
            StandsWhereItCounts = parent.Exists && Counts(parent),
            Algorithm = AlgorithmOf(signedInfo, "SignatureMethod"u8),
            Canonicalization = AlgorithmOf(signedInfo, "CanonicalizationMethod"u8),
            References = References(signedInfo, parent),
            Certificates = Certificates(Child(signature, "KeyInfo"u8)),
            Objections = objections.Items,
        };
    }

    // The message, in an envelope or not; the message behind an artifact; an assertion directly in either; an entity of
    // metadata.
    private static bool Counts(XmlElement parent)
    {
        var message = MessageDetails.MessageIn(parent.Tape.Root);
        var embedded = MessageDetails.EmbeddedIn(message);
        if (parent.Index == message.Index || (embedded.Exists && parent.Index == embedded.Index))
            return true;
        var around = parent.Tape.Nodes[parent.Index].Parent;
        var inMessage = around == message.Index || (embedded.Exists && around == embedded.Index);
        return (inMessage && parent.Is(XmlNamespace.Assertion, "Assertion"u8))
            || parent.Is(XmlNamespace.Metadata, "EntityDescriptor"u8)
            || parent.Is(XmlNamespace.Metadata, "EntitiesDescriptor"u8);
    }

    private static List<InspectedReference> References(XmlElement signedInfo, XmlElement parent)
    {
        var references = new List<InspectedReference>();
        if (!signedInfo.Exists)
            return references;
        var id = parent.Exists ? parent.Attribute("ID"u8) : default;
        foreach (var reference in signedInfo.Children)
        {
            if (!reference.Is(XmlNamespace.Signature, "Reference"u8))
                continue;
            var uri = reference.Attribute("URI"u8);
            references.Add(
                new InspectedReference(
                    uri.Text,
                    AlgorithmOf(reference, "DigestMethod"u8),
                    Transforms(Child(reference, "Transforms"u8)),
                    id.Exists
                        && uri.Octets is [(byte)'#', .. var target]
                        && target.SequenceEqual(id.Octets)
                )
            );
        }
        return references;
    }

    private static List<string> Transforms(XmlElement transforms)
    {
        var uris = new List<string>();
        if (!transforms.Exists)
            return uris;
        foreach (var transform in transforms.Children)
            uris.Add(transform.Attribute("Algorithm"u8).Text ?? transform.Name);
        return uris;
    }

    private static List<ReadOnlyMemory<byte>> Certificates(XmlElement keyInfo)
    {
        var certificates = new List<ReadOnlyMemory<byte>>();
        if (!keyInfo.Exists)
            return certificates;
        foreach (var data in keyInfo.Children)
        {
            if (!data.Is(XmlNamespace.Signature, "X509Data"u8))
                continue;
            foreach (var certificate in data.Children)
            {
                if (
                    !certificate.Is(XmlNamespace.Signature, "X509Certificate"u8)
                    || !certificate.TryText(out var text)
                )
                    continue;
                var der = new byte[text.Octets.Length];
                if (StrictBase64.TryDecode(text.Octets, der, out var length))
                    certificates.Add(der.AsMemory(0, length));
            }
        }
        return certificates;
    }

    private static string? AlgorithmOf(XmlElement parent, ReadOnlySpan<byte> name)
    {
        var child = parent.Exists ? Child(parent, name) : default;
        return child.Exists ? child.Attribute("Algorithm"u8).Text : null;
    }

    private static XmlElement Child(XmlElement parent, ReadOnlySpan<byte> name)
    {
        foreach (var child in parent.Children)
            if (child.Is(XmlNamespace.Signature, name))
                return child;
        return default;
    }
}
