using Latchkey.Saml.Encryption;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Responses;

/// <summary>The NameID and the attributes that stand encrypted in a verified assertion (saml-core-2.0 §2.2.4, §2.7.3.2).</summary>
internal sealed class OpenedParts : IDisposable
{
    private readonly List<VerifiedElement> opened = [];

    private OpenedParts() { }

    /// <summary>The decrypted NameID; default when there is none.</summary>
    public XmlElement NameId { get; private set; }

    /// <summary>The decrypted attributes in the order of their encrypted elements.</summary>
    public List<XmlElement> Attributes { get; } = [];

    /// <summary>Opens them: from verified octets only, so that a signature vouches for each ciphertext (rules E1, E2).</summary>
    /// <param name="assertion">The assertion, read from the source.</param>
    /// <param name="source">What the facts come from; null when nothing verified, and nothing is opened then.</param>
    /// <param name="decryption">Our keys.</param>
    /// <param name="findings">Takes what cannot be opened.</param>
    public static OpenedParts Open(
        in AssertionParts assertion,
        VerifiedElement? source,
        Decryption decryption,
        FindingList findings
    )
    {
        var parts = new OpenedParts();
        if (!decryption.IsPossible)
        {
            if (assertion.EncryptedNameId.Exists)
                findings.Add(
                    FindingKinds.NameIdEncrypted,
                    "saml:NameID",
                    at: assertion.EncryptedNameId.Place
                );
            if (assertion.EncryptedAttributes is [var first, ..])
                findings.Add(FindingKinds.AttributeEncrypted, "saml:Attribute", at: first.Place);
            return parts;
        }
        if (source is null)
            return parts;
        if (assertion.EncryptedNameId.Exists)
        {
            parts.NameId = parts.Open(
                source,
                assertion.EncryptedNameId,
                "NameID"u8,
                decryption,
                findings
            );
            if (parts.NameId.Exists)
                parts.NameId.RequiredText(findings);
        }
        foreach (var encrypted in assertion.EncryptedAttributes ?? [])
        {
            var attribute = parts.Open(source, encrypted, "Attribute"u8, decryption, findings);
            if (!attribute.Exists)
                continue;
            AssertionParts.ReadAttribute(attribute, findings);
            parts.Attributes.Add(attribute);
        }
        return parts;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var element in opened)
            element.Dispose();
    }

    private XmlElement Open(
        VerifiedElement source,
        XmlElement encrypted,
        ReadOnlySpan<byte> content,
        Decryption decryption,
        FindingList findings
    )
    {
        var element = source.Decrypt(encrypted, content, decryption, findings);
        if (element is null)
            return default;
        opened.Add(element);
        return element.Root;
    }
}
