using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Inspection;

/// <summary>Describes an xenc:EncryptedData wherever it stands; decrypts nothing.</summary>
internal static class EncryptionInspection
{
    public static bool IsEncryptedData(XmlElement element) =>
        IsEncryption(element, "EncryptedData"u8);

    public static InspectedEncryption Describe(XmlElement data)
    {
        var parent = data.Tape.Nodes[data.Index].Parent;
        var keys = new List<InspectedEncryptedKey>();
        // A key stands inside, in ds:KeyInfo, or beside (saml-core-2.0 §2.2.4).
        foreach (var child in data.Children)
            if (child.Is(XmlNamespace.Signature, "KeyInfo"u8))
                Keys(child, keys);
        if (parent >= 0)
            Keys(new XmlElement(data.Tape, parent), keys);
        return new InspectedEncryption
        {
            At = data.Place,
            Parent = parent < 0 ? null : new XmlElement(data.Tape, parent).Name,
            Algorithm = Method(data).Algorithm,
            Keys = keys,
        };
    }

    private static void Keys(XmlElement around, List<InspectedEncryptedKey> keys)
    {
        foreach (var child in around.Children)
        {
            if (!IsEncryption(child, "EncryptedKey"u8))
                continue;
            var (algorithm, digest, mask) = Method(child);
            keys.Add(
                new InspectedEncryptedKey(
                    algorithm,
                    digest,
                    mask,
                    child.Attribute("Recipient"u8).Text
                )
            );
        }
    }

    private static (string? Algorithm, string? Digest, string? Mask) Method(XmlElement encrypted)
    {
        foreach (var method in encrypted.Children)
        {
            if (!IsEncryption(method, "EncryptionMethod"u8))
                continue;
            string? digest = null;
            string? mask = null;
            foreach (var parameter in method.Children)
            {
                if (parameter.Is(XmlNamespace.Signature, "DigestMethod"u8))
                    digest = parameter.Attribute("Algorithm"u8).Text;
                else if (parameter.LocalName.SequenceEqual("MGF"u8) && IsEncryption11(parameter))
                    mask = parameter.Attribute("Algorithm"u8).Text;
            }
            return (method.Attribute("Algorithm"u8).Text, digest, mask);
        }
        return default;
    }

    private static bool IsEncryption(XmlElement element, ReadOnlySpan<byte> name) =>
        element.LocalName.SequenceEqual(name)
        && UriOf(element).SequenceEqual("http://www.w3.org/2001/04/xmlenc#"u8);

    private static bool IsEncryption11(XmlElement element) =>
        UriOf(element).SequenceEqual("http://www.w3.org/2009/xmlenc11#"u8);

    private static ReadOnlySpan<byte> UriOf(XmlElement element) =>
        element.Tape.UriOctets(element.Tape.Nodes[element.Index].Namespace);
}
