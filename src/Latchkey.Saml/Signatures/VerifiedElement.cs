using System.Buffers.Text;
using System.Security.Cryptography;
using Latchkey.Saml.Bindings;
using Latchkey.Saml.Encryption;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Signatures;

/// <summary>
/// An element read from the very octets that a signature covers (rule S7). There is no way to make one but
/// <see cref="Verify"/>, and <see cref="Decrypt"/> from one that is, so whatever is read from it was signed, whatever
/// else the message held.
/// </summary>
internal sealed class VerifiedElement : IDisposable
{
    private const int LongestDigest = 64;

    // RSA of 16384 bits, the largest that the platforms know.
    private const int LongestSignature = 2048;

    private readonly Tape tape;

    private VerifiedElement(Tape tape) => this.tape = tape;

    /// <summary>The signed element, without the signature.</summary>
    public XmlElement Root => tape.Root;

    /// <inheritdoc/>
    public void Dispose() => tape.Dispose();

    /// <summary>
    /// Decrypts an element that stands in the signed octets. Whoever signed the ciphertext vouched for what it opens to
    /// (rule E1).
    /// </summary>
    /// <param name="encrypted">The encrypted element, of this very tree.</param>
    /// <param name="content">The local name of the one element that has to come out.</param>
    /// <param name="decryption">Our keys.</param>
    /// <param name="findings">Takes the reason when nothing comes out.</param>
    /// <returns>The content, to be disposed of by the caller; null when a finding was added.</returns>
    public VerifiedElement? Decrypt(
        XmlElement encrypted,
        ReadOnlySpan<byte> content,
        Decryption decryption,
        FindingList findings
    )
    {
        if (!Holds(encrypted))
            throw new ArgumentException(
                "The element is not of the signed octets.",
                nameof(encrypted)
            );
        var opened = decryption.Open(encrypted, content, inVerifiedOctets: true, findings);
        return opened is null ? null : new VerifiedElement(opened);
    }

    /// <summary>Whether an element stands in the signed octets.</summary>
    public bool Holds(XmlElement element) => element.Exists && element.Tape == tape;

    /// <summary>
    /// Verifies a signature that stands in the signed octets itself. They were read anew already, and what this
    /// signature covers is a part of them, so nothing more is read; what does not verify is a finding (rule S8).
    /// </summary>
    /// <param name="signature">The signature, of the narrow profile, of an element that these octets hold.</param>
    /// <param name="keys">The sender's keys from configuration; every one is tried.</param>
    /// <param name="limits">Bounds on the signed octets.</param>
    /// <param name="findings">Takes the reason when it does not verify.</param>
    public void VerifyInside(
        in ReceivedSignature signature,
        IReadOnlyList<VerificationKey> keys,
        MessageLimits limits,
        FindingList findings
    )
    {
        if (!Holds(signature.Signed))
            throw new ArgumentException(
                "The element is not of the signed octets.",
                nameof(signature)
            );
        using var signed = new OctetBuffer(tape.Length);
        using var scratch = new OctetBuffer(tape.Length);
        IsGenuine(signature, keys, limits, signed, scratch, findings);
    }

    /// <summary>Verifies a signature and reads the signed octets anew.</summary>
    /// <param name="signature">The signature, of the narrow profile.</param>
    /// <param name="keys">The sender's keys from configuration; every one is tried.</param>
    /// <param name="limits">Bounds on the signed octets.</param>
    /// <param name="findings">Takes the reason when there is nothing to trust.</param>
    /// <returns>The verified element, to be disposed of by the caller; null when it did not verify.</returns>
    public static VerifiedElement? Verify(
        in ReceivedSignature signature,
        IReadOnlyList<VerificationKey> keys,
        MessageLimits limits,
        FindingList findings
    )
    {
        using var signed = new OctetBuffer(signature.Signed.Tape.Length);
        using var scratch = new OctetBuffer(signature.Signed.Tape.Length);
        return IsGenuine(signature, keys, limits, signed, scratch, findings)
            ? ReadAnew(signature, signed, scratch, limits, findings)
            : null;
    }

    // Whether digest and signature hold. The octets of the signed element are in the first buffer afterwards.
    private static bool IsGenuine(
        in ReceivedSignature signature,
        IReadOnlyList<VerificationKey> keys,
        MessageLimits limits,
        OctetBuffer signed,
        OctetBuffer scratch,
        FindingList findings
    )
    {
        if (
            !ExclusiveCanonicalizer.Write(
                signature.Signed,
                signature.Signature.Index,
                signature.ReferenceForm,
                signed,
                limits.XmlBytes
            )
            || !ExclusiveCanonicalizer.Write(
                signature.SignedInfo,
                ExclusiveCanonicalizer.NothingLeftOut,
                signature.SignedInfoForm,
                scratch,
                limits.XmlBytes
            )
        )
        {
            findings.Add(
                FindingKinds.XmlLimit,
                $"a canonical form of at most {limits.XmlBytes} bytes",
                at: signature.Signed.Place
            );
            return false;
        }

        // Both are checked, whatever the first one says: which of them fails tells an altered message from a foreign key.
        var unaltered = IsDigestOf(signature, signed.Written, findings);
        var genuine = IsSignatureOf(signature, scratch.Written, keys, findings);
        return unaltered && genuine;
    }

    private static bool IsDigestOf(
        in ReceivedSignature signature,
        ReadOnlySpan<byte> octets,
        FindingList findings
    )
    {
        Span<byte> buffer = stackalloc byte[LongestDigest];
        return IsDigest(
            signature,
            AllowedAlgorithms.Digest(signature.DigestHash, octets, buffer),
            findings
        );
    }

    /// <summary>Whether the signature names this digest.</summary>
    internal static bool IsDigest(
        in ReceivedSignature signature,
        ReadOnlySpan<byte> digest,
        FindingList findings
    )
    {
        Span<byte> claimed = stackalloc byte[LongestDigest];
        if (
            !StrictBase64.TryDecode(signature.DigestValue.Octets, claimed, out var length)
            || length != digest.Length
        )
        {
            findings.Add(
                FindingKinds.SignatureValueMalformed,
                $"{digest.Length} bytes in base64",
                signature.DigestValue.Text,
                signature.DigestValue.Place
            );
            return false;
        }
        if (CryptographicOperations.FixedTimeEquals(digest, claimed[..length]))
            return true;
        findings.Add(
            FindingKinds.DigestMismatch,
            signature.DigestValue.Text,
            Convert.ToBase64String(digest),
            signature.Signed.Place
        );
        return false;
    }

    /// <summary>Whether one of the keys made the signature over SignedInfo.</summary>
    internal static bool IsSignatureOf(
        in ReceivedSignature signature,
        ReadOnlySpan<byte> signedInfo,
        IReadOnlyList<VerificationKey> keys,
        FindingList findings
    )
    {
        // Room for what is there and no more: the stack is cleared before it is used.
        var room = Base64.GetMaxDecodedFromUtf8Length(signature.SignatureValue.Octets.Length);
        Span<byte> value = stackalloc byte[Math.Min(room, LongestSignature)];
        if (!StrictBase64.TryDecode(signature.SignatureValue.Octets, value, out var length))
        {
            findings.Add(
                FindingKinds.SignatureValueMalformed,
                "a signature in base64",
                signature.SignatureValue.Text,
                signature.SignatureValue.Place
            );
            return false;
        }
        Span<byte> buffer = stackalloc byte[LongestDigest];
        // A signature whose algorithm is not allowed was not read.
        var suite = signature.Suite!;
        var digest = AllowedAlgorithms.Digest(suite.Hash, signedInfo, buffer);
        return KnownKeys.Verify(
            digest,
            value[..length],
            suite,
            keys,
            signature.Signature,
            findings
        );
    }

    // The signed octets are read like a message that just arrived, and have to be exactly what that reading writes.
    // Soundness then rests on no property of the first reading: the facts are the signed octets, understood once.
    private static VerifiedElement? ReadAnew(
        in ReceivedSignature signature,
        OctetBuffer signed,
        OctetBuffer scratch,
        MessageLimits limits,
        FindingList findings
    )
    {
        // The very array that was digested; nothing writes to it any more.
        var anew = Tape.Take(signed.GiveAway(out var length), length, limits, findings);
        if (anew is null)
            return null;
        scratch.Clear();
        if (
            anew.Root.Is(signature.Signed.Namespace, signature.Signed.LocalName)
            && ExclusiveCanonicalizer.Write(
                anew.Root,
                ExclusiveCanonicalizer.NothingLeftOut,
                signature.ReferenceForm,
                scratch,
                limits.XmlBytes
            )
            && scratch.Written.SequenceEqual(anew.Source)
        )
            return new VerifiedElement(anew);
        findings.Add(
            FindingKinds.CanonicalFormUnstable,
            "the octets that were signed",
            "others",
            signature.Signed.Place
        );
        anew.Dispose();
        return null;
    }
}
