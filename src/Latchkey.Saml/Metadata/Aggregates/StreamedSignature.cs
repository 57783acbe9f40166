using System.Security.Cryptography;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata.Aggregates;

/// <summary>
/// The signature over an aggregate that is read once, front to back. It stands first in the root, so that its key is
/// checked before the rest arrives; the digest grows with the canonical form of each piece and is compared at the end.
/// Until then nothing that was read is believed.
/// </summary>
internal sealed class StreamedSignature : IDisposable
{
    private readonly Tape tape;
    private readonly ReceivedSignature signature;
    private readonly IncrementalHash digest;

    private StreamedSignature(Tape tape, ReceivedSignature signature)
    {
        this.tape = tape;
        this.signature = signature;
        digest = IncrementalHash.CreateHash(signature.DigestHash);
    }

    /// <summary>How the aggregate is canonicalized.</summary>
    public CanonicalForm Form => signature.ReferenceForm;

    /// <summary>The signature itself, to be left out of its piece.</summary>
    public int Index => signature.Signature.Index;

    /// <summary>Reads the signature from the piece it stands in and checks who made it.</summary>
    /// <param name="tape">A document of that piece; taken over when the result is not null.</param>
    /// <param name="element">The piece's element.</param>
    /// <param name="keys">The publisher's keys.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="findings">Takes the reason when there is nothing to go by.</param>
    public static StreamedSignature? Begin(
        Tape tape,
        XmlElement element,
        IReadOnlyList<VerificationKey> keys,
        MessageLimits limits,
        FindingList findings
    )
    {
        if (
            !ReceivedSignature.TryRead(
                tape.Root,
                element,
                allowSha1: false,
                findings,
                out var received
            )
        )
            return null;
        using var signedInfo = new OctetBuffer(4096);
        if (
            !ExclusiveCanonicalizer.Write(
                received.SignedInfo,
                ExclusiveCanonicalizer.NothingLeftOut,
                received.SignedInfoForm,
                signedInfo,
                limits.XmlBytes
            )
        )
        {
            findings.Add(
                FindingKinds.XmlLimit,
                $"a canonical form of at most {limits.XmlBytes} bytes",
                at: element.Place
            );
            return null;
        }
        return VerifiedElement.IsSignatureOf(received, signedInfo.Written, keys, findings)
            ? new StreamedSignature(tape, received)
            : null;
    }

    /// <summary>Adds canonical octets.</summary>
    public void Append(ReadOnlySpan<byte> octets) => digest.AppendData(octets);

    /// <summary>Whether all that was added is what was signed.</summary>
    public bool End(FindingList findings)
    {
        Span<byte> result = stackalloc byte[SignatureSuite.LongestDigest];
        var length = digest.GetHashAndReset(result);
        return VerifiedElement.IsDigest(signature, result[..length], findings);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        digest.Dispose();
        tape.Dispose();
    }
}
