using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Encryption;

/// <summary>A content key that is encrypted for somebody.</summary>
/// <param name="Transport">How.</param>
/// <param name="Value">The encrypted key, base64.</param>
internal readonly record struct WrappedKey(KeyTransport Transport, XmlValue Value);

/// <summary>
/// Reads EncryptedAssertion, EncryptedID or EncryptedAttribute as their schema lists them (saml-core-2.0 §2.2.4,
/// xmlenc-core1 §3). Nothing is fetched or looked up: the keys are the EncryptedKey elements that stand in the KeyInfo
/// of the EncryptedData and behind it, all of them, whatever RetrievalMethod, KeyName, Recipient or ReferenceList say
/// (rule E3).
/// </summary>
internal readonly struct ReceivedEncryption
{
    private const string ElementType = "http://www.w3.org/2001/04/xmlenc#Element";

    /// <summary>The cipher; null when it is not allowed.</summary>
    public ContentCipher? Cipher { get; private init; }

    /// <summary>Where the cipher is named, for findings.</summary>
    public XmlElement Method { get; private init; }

    /// <summary>The encrypted content, base64.</summary>
    public XmlValue Value { get; private init; }

    /// <summary>The content key, for one recipient or several.</summary>
    public List<WrappedKey> Keys { get; private init; }

    /// <summary>Reads the element. What is read is of use only if nothing was found.</summary>
    public static ReceivedEncryption Read(XmlElement element, FindingList findings)
    {
        var keys = new List<WrappedKey>();
        var content = new ElementContent(element, findings);
        var data = content.Required(XmlNamespace.Encryption, "EncryptedData"u8);
        var read = data.Exists ? ReadData(data, keys, findings) : default;
        while (true)
        {
            var key = content.Optional(XmlNamespace.Encryption, "EncryptedKey"u8);
            if (!key.Exists)
                break;
            ReadKey(key, keys, findings);
        }
        content.End();
        if (keys.Count == 0 && !findings.Refused)
            findings.Add(
                FindingKinds.EncryptionShape,
                "xenc:EncryptedKey in the EncryptedData or behind it",
                at: element.Place
            );
        return read;
    }

    private static ReceivedEncryption ReadData(
        XmlElement data,
        List<WrappedKey> keys,
        FindingList findings
    )
    {
        var type = data.Attribute("Type"u8);
        if (type.Exists && !type.Is(ElementType))
            findings.Add(FindingKinds.EncryptionShape, ElementType, type.Text, type.Place);

        var content = new ElementContent(data, findings);
        var method = content.Required(XmlNamespace.Encryption, "EncryptionMethod"u8);
        var keyInfo = content.Optional(XmlNamespace.Signature, "KeyInfo"u8);
        var value = ReadCipherData(ref content, findings);
        content.Optional(XmlNamespace.Encryption, "EncryptionProperties"u8);
        content.End();
        if (keyInfo.Exists)
            foreach (var child in keyInfo.Children)
                if (child.Is(XmlNamespace.Encryption, "EncryptedKey"u8))
                    ReadKey(child, keys, findings);

        return new ReceivedEncryption
        {
            Cipher = method.Exists ? ReadCipher(method, findings) : null,
            Method = method,
            Value = value,
            Keys = keys,
        };
    }

    private static ContentCipher? ReadCipher(XmlElement method, FindingList findings)
    {
        var content = new ElementContent(method, findings);
        content.Optional(XmlNamespace.Encryption, "KeySize"u8);
        content.End();
        var algorithm = method.Attribute("Algorithm"u8);
        var cipher = ContentCipher.Of(algorithm.Octets);
        if (cipher is null)
            findings.Add(
                FindingKinds.EncryptionAlgorithm,
                ContentCipher.Allowed,
                algorithm.Text,
                method.Place
            );
        return cipher;
    }

    private static void ReadKey(XmlElement key, List<WrappedKey> keys, FindingList findings)
    {
        var content = new ElementContent(key, findings);
        var method = content.Required(XmlNamespace.Encryption, "EncryptionMethod"u8);
        // For whom the key is: a hint. All of our keys are tried.
        content.Optional(XmlNamespace.Signature, "KeyInfo"u8);
        var value = ReadCipherData(ref content, findings);
        content.Optional(XmlNamespace.Encryption, "EncryptionProperties"u8);
        content.Optional(XmlNamespace.Encryption, "ReferenceList"u8);
        content.Optional(XmlNamespace.Encryption, "CarriedKeyName"u8);
        content.End();
        if (method.Exists && ReadTransport(method, findings) is { } transport)
            keys.Add(new WrappedKey(transport, value));
    }

    private static KeyTransport? ReadTransport(XmlElement method, FindingList findings)
    {
        XmlElement digest = default;
        XmlElement mask = default;
        var content = new ElementContent(method, findings);
        content.Optional(XmlNamespace.Encryption, "KeySize"u8);
        // A label of our own choosing by the sender: nobody uses one, and it would have to be checked.
        var label = content.Optional(XmlNamespace.Encryption, "OAEPparams"u8).TextOnly(findings);
        while (content.Next.Exists)
        {
            if (!digest.Exists)
            {
                digest = content.Optional(XmlNamespace.Signature, "DigestMethod"u8);
                if (digest.Exists)
                    continue;
            }
            if (mask.Exists)
                break;
            mask = content.Optional(XmlNamespace.Encryption11, "MGF"u8);
            if (!mask.Exists)
                break;
        }
        content.End();

        var uri = method.Attribute("Algorithm"u8);
        var digestUri = digest.Exists ? digest.Attribute("Algorithm"u8) : default;
        var maskUri = mask.Exists ? mask.Attribute("Algorithm"u8) : default;
        var transport = label.Octets.IsEmpty
            ? KeyTransport.Of(uri.Octets, digestUri.Octets, maskUri.Octets)
            : null;
        if (transport is null)
            findings.Add(
                FindingKinds.EncryptionAlgorithm,
                KeyTransport.Allowed,
                string.Join(
                    ", ",
                    new[]
                    {
                        uri.Text,
                        digestUri.Text,
                        maskUri.Text,
                        label.Octets.IsEmpty ? null : "OAEPparams",
                    }.Where(part => part is not null)
                ),
                method.Place
            );
        return transport;
    }

    // CipherReference would have us fetch something (CVE-2023-36661 and others): it is named and refused.
    private static XmlValue ReadCipherData(ref ElementContent content, FindingList findings)
    {
        var data = content.Required(XmlNamespace.Encryption, "CipherData"u8);
        if (!data.Exists)
            return default;
        var inner = new ElementContent(data, findings);
        var value = inner.Optional(XmlNamespace.Encryption, "CipherValue"u8);
        if (value.Exists)
            inner.End();
        if (value.Exists && value.IsOneText && value.TryText(out var text))
            return text;
        findings.Add(
            FindingKinds.EncryptionShape,
            "base64 in xenc:CipherValue",
            value.Exists ? null
                : inner.Next.Exists ? inner.Next.Name
                : null,
            data.Place
        );
        return default;
    }
}
