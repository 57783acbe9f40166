using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Signatures;

/// <summary>Tries the configured keys of a sender, and no other (rule S4).</summary>
internal static class KnownKeys
{
    /// <summary>Whether one of the keys made the signature; if none did, that is a finding.</summary>
    /// <param name="digest">The digest of what is signed.</param>
    /// <param name="signature">The signature value.</param>
    /// <param name="suite">What made the digest and the signature.</param>
    /// <param name="keys">The sender's keys.</param>
    /// <param name="at">The ds:Signature; default for a signature outside XML.</param>
    /// <param name="findings">Takes the finding.</param>
    /// <param name="place">Where a signature outside XML stands.</param>
    public static bool Verify(
        ReadOnlySpan<byte> digest,
        ReadOnlySpan<byte> signature,
        SignatureSuite suite,
        IReadOnlyList<VerificationKey> keys,
        XmlElement at,
        FindingList findings,
        string? place = null
    )
    {
        if (keys.Count == 0)
        {
            findings.Add(
                FindingKinds.NoVerificationKey,
                "a signing key of the sender in its metadata",
                at: at.Exists ? at.Place : place
            );
            return false;
        }
        for (var k = 0; k < keys.Count; k++)
            if (keys[k].VerifyHash(digest, signature, suite))
                return true;
        findings.Add(
            FindingKinds.SignatureInvalid,
            "a signature by " + string.Join(" or ", keys.Select(key => key.Certificate.Subject)),
            at: at.Exists ? at.Place : place
        );
        return false;
    }
}
