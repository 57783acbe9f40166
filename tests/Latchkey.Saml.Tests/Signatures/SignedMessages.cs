using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Signatures;

/// <summary>A Response and a request, signed by a key and an algorithm of choice, and received.</summary>
internal static class SignedMessages
{
    public const string SignOn = "https://id.example.test/saml2/wiki";

    public static readonly AuthnRequest Request = new()
    {
        Id = "_request00000000000000000000000000000000001",
        IssueInstant = SampleResponses.Now,
        Issuer = "https://wiki.example.test/metadata",
        Destination = SignOn,
    };

    public static string Written(SigningKey key, SignatureAlgorithm algorithm) =>
        Encoding.UTF8.GetString(
            ResponseWriter.Write(
                SampleResponses.Ada,
                key,
                SignedParts.AssertionAndResponse,
                algorithm
            )
        );

    public static VerificationKey Verification(string name) =>
        VerificationKey.FromCertificate(TestKeys.CertificateDer(name));

    public static Verdict<Received<AuthnRequest>> Receive(
        string url,
        VerificationKey key,
        bool allowSha1 = false
    ) =>
        AuthnRequestValidator.Validate(
            IncomingMessage.FromRedirect(url[url.IndexOf('?', StringComparison.Ordinal)..]),
            new MessageRules
            {
                PeerEntityId = Request.Issuer,
                Destination = SignOn,
                Keys = [key],
                RequireSignature = true,
                AllowSha1 = allowSha1,
                Now = SampleResponses.Now,
            }
        );
}
