using Latchkey.Saml.Encryption;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Responses;

/// <summary>The assertion of an EncryptedAssertion, if the message has one and it could be opened.</summary>
internal sealed class OpenedAssertion : IDisposable
{
    private readonly Tape? unverified;

    private OpenedAssertion(VerifiedElement? verified, Tape? unverified)
    {
        Verified = verified;
        this.unverified = unverified;
    }

    /// <summary>The assertion when a verified signature of the Response covers its ciphertext, and so vouches for it (rule E1).</summary>
    public VerifiedElement? Verified { get; }

    /// <summary>The assertion; default when there is none. Nothing is to be believed of it unless it is <see cref="Verified"/> or signed itself.</summary>
    public XmlElement Root => Verified?.Root ?? unverified?.Root ?? default;

    /// <summary>Opens it. A Response whose own signature failed is refused already, and nothing in it is decrypted.</summary>
    public static OpenedAssertion Open(
        in ResponseParts response,
        VerifiedElement? verifiedResponse,
        Decryption decryption,
        FindingList findings
    )
    {
        if (
            !response.EncryptedAssertion.Exists
            || response.SurplusAssertion.Exists
            || !decryption.IsPossible
        )
            return new OpenedAssertion(null, null);
        if (verifiedResponse is not null)
            return new OpenedAssertion(
                verifiedResponse.Decrypt(
                    response.EncryptedAssertion,
                    "Assertion"u8,
                    decryption,
                    findings
                ),
                null
            );
        return new OpenedAssertion(
            null,
            response.Signature.Exists
                ? null
                : decryption.Open(
                    response.EncryptedAssertion,
                    "Assertion"u8,
                    inVerifiedOctets: false,
                    findings
                )
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Verified?.Dispose();
        unverified?.Dispose();
    }
}
