using System.Buffers;
using System.Security.Cryptography;
using Latchkey.Saml.Bindings;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Encryption;

/// <summary>
/// Decrypts the encrypted elements of one message with our keys. What comes out is as trustworthy as anything that a
/// stranger sends (rule E1): anybody can encrypt for us.
/// </summary>
/// <remarks>
/// Whatever fails, there is one finding and one way to it (rule E2): a key that cannot be unwrapped is replaced by a
/// random one, with which decryption then fails as it does with any wrong key, and all keys are tried with all of ours.
/// </remarks>
internal sealed class Decryption(
    IReadOnlyList<DecryptionKey> keys,
    bool allowCbc,
    MessageLimits limits
)
{
    // RSA of 16384 bits, the largest that the platforms know.
    private const int LongestWrappedKey = 2048;
    private const int LongestContentKey = 32;

    private int keysLeft = limits.EncryptedKeys;

    /// <summary>Whether there is a key to decrypt with.</summary>
    public bool IsPossible => keys.Count > 0;

    /// <summary>Decrypts an element and reads what comes out as a document of its own (rules X1 to X3, E3).</summary>
    /// <param name="encrypted">saml:EncryptedAssertion, saml:EncryptedID or saml:EncryptedAttribute.</param>
    /// <param name="content">The local name of the one element that has to come out.</param>
    /// <param name="inVerifiedOctets">Whether the ciphertext stands in octets whose signature verified.</param>
    /// <param name="findings">Takes the reason when nothing comes out.</param>
    /// <returns>The content, to be disposed of by the caller; null when a finding was added.</returns>
    public Tape? Open(
        XmlElement encrypted,
        ReadOnlySpan<byte> content,
        bool inVerifiedOctets,
        FindingList findings
    )
    {
        // A list of its own: what was found elsewhere in the message says nothing about this element.
        var own = new FindingList();
        var read = ReceivedEncryption.Read(encrypted, own);
        if (!own.Refused)
            Demand(read, encrypted, inVerifiedOctets, own);
        var opened = own.Refused ? null : Open(read, encrypted, content, own);
        foreach (var finding in own.Items)
            findings.Add(finding);
        return opened;
    }

    private void Demand(
        in ReceivedEncryption read,
        XmlElement encrypted,
        bool inVerifiedOctets,
        FindingList findings
    )
    {
        if (read.Cipher!.IsCbc && !allowCbc)
            findings.Add(
                FindingKinds.EncryptionAlgorithm,
                ContentCipher.Allowed,
                read.Cipher.Uri,
                read.Method.Place
            );
        else if (read.Cipher.IsCbc && !inVerifiedOctets)
            findings.Add(
                FindingKinds.EncryptionUnauthenticated,
                "a verified signature around the EncryptedData",
                read.Cipher.Uri,
                read.Method.Place
            );
        keysLeft -= read.Keys.Count;
        if (keysLeft < 0)
            findings.Add(
                FindingKinds.XmlLimit,
                $"at most {limits.EncryptedKeys} EncryptedKey elements",
                at: encrypted.Place
            );
    }

    private Tape? Open(
        in ReceivedEncryption read,
        XmlElement encrypted,
        ReadOnlySpan<byte> content,
        FindingList findings
    )
    {
        var sealedOctets = ArrayPool<byte>.Shared.Rent(read.Value.Octets.Length);
        var plaintext = ArrayPool<byte>.Shared.Rent(read.Value.Octets.Length);
        try
        {
            if (!StrictBase64.TryDecode(read.Value.Octets, sealedOctets, out var length))
                findings.Add(
                    FindingKinds.EncryptionShape,
                    "base64 in xenc:CipherValue",
                    at: encrypted.Place
                );
            else if (TryOpen(read, sealedOctets.AsSpan(0, length), plaintext, out var opened))
                return ReadContent(plaintext.AsSpan(0, opened), encrypted, content, findings);
            else
                findings.Add(
                    FindingKinds.DecryptionFailed,
                    "encrypted for "
                        + string.Join(" or ", keys.Select(key => key.Certificate.Subject)),
                    at: encrypted.Place
                );
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
            ArrayPool<byte>.Shared.Return(sealedOctets);
            ArrayPool<byte>.Shared.Return(plaintext);
        }
    }

    private bool TryOpen(
        in ReceivedEncryption read,
        ReadOnlySpan<byte> sealedOctets,
        Span<byte> plaintext,
        out int length
    )
    {
        Span<byte> wrapped = stackalloc byte[LongestWrappedKey];
        Span<byte> contentKey = stackalloc byte[LongestContentKey];
        contentKey = contentKey[..read.Cipher!.KeyLength];
        try
        {
            foreach (var key in read.Keys)
            {
                if (!StrictBase64.TryDecode(key.Value.Octets, wrapped, out var wrappedLength))
                    wrappedLength = 0;
                foreach (var own in keys)
                {
                    // Both, always: whether the key or the content was wrong is nobody's business.
                    var unwrapped = own.TryUnwrap(
                        wrapped[..wrappedLength],
                        key.Transport,
                        contentKey
                    );
                    if (
                        read.Cipher.TryOpen(contentKey, sealedOctets, plaintext, out length)
                        & unwrapped
                    )
                        return true;
                }
            }
            length = 0;
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(contentKey);
        }
    }

    // What is said from here on tells a stranger nothing about a ciphertext: only who knew the content key, or was
    // vouched for by a signature, gets here. The element stands alone: prefixes of the message around it mean nothing
    // in it, as exclusive canonicalization writes it.
    private Tape? ReadContent(
        ReadOnlySpan<byte> plaintext,
        XmlElement encrypted,
        ReadOnlySpan<byte> content,
        FindingList findings
    )
    {
        var tape = Tape.Read(plaintext, limits, findings);
        if (tape is null || tape.Root.Is(XmlNamespace.Assertion, content))
            return tape;
        findings.Add(
            FindingKinds.DecryptedContent,
            "saml:" + System.Text.Encoding.UTF8.GetString(content),
            tape.Root.Name,
            encrypted.Place
        );
        tape.Dispose();
        return null;
    }
}
