using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Responses;

namespace Latchkey.Bench.Core;

/// <summary>The protocol core against the cryptography it wraps.</summary>
internal static class CoreScenario
{
    private const string Sign = "rsa-2048-sign";
    private const string Verify = "rsa-2048-verify";
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    public static IReadOnlyList<Row> Run(int rounds)
    {
        using SigningKey key = SigningKey.Create("Bench", Now.AddDays(-1), Now.AddYears(3));
        using VerificationKey peerKey = VerificationKey.FromCertificate(key.Certificate.RawData);
        using RSA rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.ExportPkcs8(), out _);
        using RSA publicKey = key.Certificate.GetRSAPublicKey()!;
        byte[] digest = SHA256.HashData("bench"u8);
        byte[] signature = rsa.SignHash(
            digest,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        byte[] room = new byte[256];

        ResponseToIssue response = Facts();
        ArrayBufferWriter<byte> page = new(64 * 1024);
        string one = Issue(response, key, SignedParts.Assertion);
        string both = Issue(response, key, SignedParts.AssertionAndResponse);
        string garbage = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64 * 1024));
        string markup = Convert.ToBase64String(DeepMarkup(64 * 1024));
        ResponseRules rules = Rules(response, peerKey);
        SignedXmlPeer peer = new(Convert.FromBase64String(one), rsa, key.Certificate);

        AuthnRequest request = Request();
        string query = new Uri(
            MessageWriter.ToRedirectUrl(request, request.Destination!, "state", key)
        ).Query;
        string posted = MessageWriter.ToFormValue(request);
        MessageRules requestRules = RequestRules(peerKey);

        void IssueToPage(SignedParts parts)
        {
            page.ResetWrittenCount();
            ResponseWriter.WriteFormValue(response, key, parts, SignatureAlgorithm.RsaSha256, page);
        }

        Rounds measured = new();
        measured.Add(
            Sign,
            () =>
                rsa.TrySignHash(
                    digest,
                    room,
                    HashAlgorithmName.SHA256,
                    RSASignaturePadding.Pkcs1,
                    out _
                )
        );
        measured.Add(
            Verify,
            () =>
                publicKey.VerifyHash(
                    digest.AsSpan(),
                    signature,
                    HashAlgorithmName.SHA256,
                    RSASignaturePadding.Pkcs1
                )
        );
        measured.Add("issue-one-signature", () => IssueToPage(SignedParts.Assertion), Sign);
        measured.Add(
            "issue-two-signatures",
            () => IssueToPage(SignedParts.AssertionAndResponse),
            Sign
        );
        measured.Add("validate-one-signature", () => Accept(one, rules), Verify);
        measured.Add("validate-two-signatures", () => Accept(both, rules), Verify);
        measured.Add("refuse-64k-of-noise", () => Refuse(garbage, rules), Verify);
        measured.Add("refuse-64k-of-markup", () => Refuse(markup, rules), Verify);
        measured.Add("authnrequest-signed-redirect", () => Read(query, requestRules), Verify);
        measured.Add(
            "authnrequest-unsigned-post",
            () =>
                Demand(
                    AuthnRequestValidator
                        .Validate(IncomingMessage.FromForm(posted), requestRules)
                        .Accepted
                ),
            Verify
        );
        measured.Add("signedxml-issue", () => peer.Issue(), Sign);
        measured.Add("signedxml-verify", () => peer.Verify(one, publicKey), Verify);

        return
        [
            .. measured.Measure(rounds),
            Rounds.Allocated(
                "issue-one-signature-allocated",
                () => IssueToPage(SignedParts.Assertion)
            ),
            Rounds.Allocated(
                "issue-one-signature-as-string-allocated",
                () => Issue(response, key, SignedParts.Assertion)
            ),
            Rounds.Allocated("validate-one-signature-allocated", () => Accept(one, rules)),
            Rounds.Allocated("refuse-64k-of-markup-allocated", () => Refuse(markup, rules)),
            Rounds.Allocated(
                "authnrequest-signed-redirect-allocated",
                () => Read(query, requestRules)
            ),
            Rounds.Allocated("signedxml-issue-allocated", () => peer.Issue()),
            Rounds.Allocated("signedxml-verify-allocated", () => peer.Verify(one, publicKey)),
            new Row("form-value-length", one.Length, "characters", null, null),
            .. AggregateRows.Measure(Math.Min(rounds, 7)),
        ];
    }

    private static string Issue(ResponseToIssue response, SigningKey key, SignedParts parts) =>
        ResponseWriter.WriteFormValue(response, key, parts, SignatureAlgorithm.RsaSha256);

    private static void Accept(string samlResponse, ResponseRules rules) =>
        Demand(ResponseValidator.Validate(samlResponse, rules).Accepted);

    private static void Refuse(string samlResponse, ResponseRules rules) =>
        Demand(!ResponseValidator.Validate(samlResponse, rules).Accepted);

    private static void Read(string query, MessageRules rules) =>
        Demand(AuthnRequestValidator.Validate(IncomingMessage.FromRedirect(query), rules).Accepted);

    // A measurement of something that fails measures nothing.
    private static void Demand(bool condition)
    {
        if (!condition)
            throw new InvalidOperationException("The outcome is not the expected one.");
    }

    private static ResponseToIssue Facts() =>
        new()
        {
            Id = IdSource.Random.Next(),
            IssueInstant = Now,
            Issuer = "https://id.example.test/saml2/wiki",
            Destination = "https://wiki.example.test/signin-saml2",
            InResponseTo = IdSource.Random.Next(),
            Assertion = new AssertionToIssue
            {
                Id = IdSource.Random.Next(),
                Audience = "https://wiki.example.test",
                NameId = new NameId("ada@example.test", NameIdFormats.EmailAddress),
                NotBefore = Now.AddMinutes(-3),
                NotOnOrAfter = Now.AddMinutes(5),
                AuthnInstant = Now.AddMinutes(-1),
                SessionIndex = IdSource.Random.Next(),
                AuthnContextClassRef = AuthnContextClasses.PasswordProtectedTransport,
                Attributes =
                [
                    .. Enumerable
                        .Range(0, 10)
                        .Select(n => new SamlAttribute(
                            $"attribute{n}",
                            [$"value {n} of Ada Lovelace"],
                            AttributeNameFormats.Basic
                        )),
                ],
            },
        };

    private static ResponseRules Rules(ResponseToIssue facts, VerificationKey key) =>
        new()
        {
            ServiceProviderEntityId = facts.Assertion.Audience,
            AssertionConsumerServiceUrl = facts.Destination,
            IdentityProviderEntityId = facts.Issuer,
            Keys = [key],
            RequestId = facts.InResponseTo,
            Now = Now,
        };

    private static AuthnRequest Request() =>
        new()
        {
            Id = IdSource.Random.Next(),
            IssueInstant = Now,
            Issuer = "https://wiki.example.test",
            Destination = "https://id.example.test/saml2/wiki",
            AssertionConsumerServiceUrl = "https://wiki.example.test/signin-saml2",
            ProtocolBinding = SamlBindings.Post,
            NameIdPolicy = new NameIdPolicy(AllowCreate: true),
        };

    private static MessageRules RequestRules(VerificationKey key) =>
        new()
        {
            PeerEntityId = Request().Issuer,
            Destination = Request().Destination!,
            Keys = [key],
            Now = Now,
        };

    // Well-formed and within the limits up to the last byte, but no message.
    private static byte[] DeepMarkup(int length)
    {
        ArrayBufferWriter<byte> xml = new(length + 64);
        xml.Write("<a>"u8);
        while (xml.WrittenCount < length)
            xml.Write("<b c=\"&amp;\">&lt;text</b>"u8);
        xml.Write("</a>"u8);
        return xml.WrittenSpan.ToArray();
    }
}
