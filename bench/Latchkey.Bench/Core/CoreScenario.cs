using System.Buffers;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Responses;
using static Latchkey.Bench.Core.RawOperations;

namespace Latchkey.Bench.Core;

/// <summary>The protocol core against the cryptography it wraps.</summary>
internal sealed class CoreScenario : IDisposable
{
    public const string Text = """
        One process and one thread, in processor time, except for two threads, which are measured by the clock. Issuing is
        from facts to the base64 of the form's value, written into a page's buffer; validating is from that base64 to
        claims. The message has ten attributes. SignedXml and node-saml do the same to the same message, as far as they do
        it: SignedXml the signature only.

        """;

    private readonly SigningKey key = SigningKey.Create(
        "Bench",
        Samples.Now,
        Samples.Now.AddYears(3)
    );
    private readonly SigningKey ecKey = SigningKey.Create(
        "Bench",
        Samples.Now,
        Samples.Now.AddYears(3),
        EllipticCurve.P256
    );
    private readonly DecryptionKey decryption = DecryptionKey.Create(
        "Bench",
        Samples.Now,
        Samples.Now.AddYears(3)
    );
    private readonly VerificationKey peerKey;
    private readonly EncryptionKey encryption;
    private readonly RawOperations raw;
    private readonly ResponseRules rules;
    private readonly ArrayBufferWriter<byte> page = new(64 * 1024);
    private readonly Rounds measured = new();
    private readonly List<Row> allocated = [];

    private CoreScenario()
    {
        peerKey = VerificationKey.FromCertificate(key.Certificate.RawData);
        encryption = EncryptionKey.FromCertificate(decryption.Certificate.RawData);
        raw = new RawOperations(key, ecKey, decryption);
        rules = Samples.ResponseRules(peerKey, decryption);
    }

    public static IReadOnlyList<Row> Run(int rounds)
    {
        using CoreScenario scenario = new();
        scenario.raw.AddTo(scenario.measured);
        scenario.AddIssuing();
        scenario.AddValidating();
        scenario.AddRefusing();
        scenario.AddRequests();
        using NodeSamlPeer? peer = scenario.AddPeers();
        return
        [
            .. scenario.measured.Measure(rounds),
            .. scenario.allocated,
            .. TwoThreads.Measure(RsaVerify, scenario.raw.Verify, rounds),
            .. scenario.MeasureTwoThreads(rounds),
            .. AggregateRows.Measure(Math.Min(rounds, 7)),
        ];
    }

    public void Dispose()
    {
        key.Dispose();
        ecKey.Dispose();
        decryption.Dispose();
        peerKey.Dispose();
        encryption.Dispose();
        raw.Dispose();
    }

    private void AddIssuing()
    {
        AddIssuing("issue-one-signature", SignedParts.Assertion, [RsaSign], 1.05, 10_240);
        AddIssuing(
            "issue-two-signatures",
            SignedParts.AssertionAndResponse,
            [RsaSign, RsaSign],
            1.04,
            13_312
        );
        Add(
            "issue-one-signature-p256",
            () => Issue(ecKey, SignedParts.Assertion, SignatureAlgorithm.EcdsaSha256),
            [EcSign],
            1.6
        );
        Add(
            "issue-two-signatures-p256",
            () => Issue(ecKey, SignedParts.AssertionAndResponse, SignatureAlgorithm.EcdsaSha256),
            [EcSign, EcSign],
            1.6
        );
    }

    private void AddIssuing(
        string name,
        SignedParts parts,
        string[] against,
        double atMost,
        double bytes
    ) => Add(name, () => Issue(key, parts, SignatureAlgorithm.RsaSha256), against, atMost, bytes);

    private void AddValidating()
    {
        string one = Issued(SignedParts.Assertion);
        string two = Issued(SignedParts.AssertionAndResponse);
        string encrypted = Encrypted(KeyEncryption.RsaOaepMgf1p);
        string twoHashes = Encrypted(KeyEncryption.RsaOaepSha256MaskSha1);
        Add("validate-one-signature", () => Accept(one), [RsaVerify], 2.1, 6_144);
        Add("validate-two-signatures", () => Accept(two), [RsaVerify, RsaVerify], 1.9);
        Add("validate-encrypted", () => Accept(encrypted), [RsaDecrypt, RsaVerify], 1.15);
        Add("validate-encrypted-oaep-two-hashes", () => Accept(twoHashes), [RsaDecrypt, RsaVerify]);
    }

    private void AddRefusing()
    {
        string noise = Samples.Noise(64 * 1024);
        string markup = Samples.Markup(64 * 1024);
        Add("refuse-64k-of-noise", () => Refuse(noise), atMost: 1000);
        Add("refuse-64k-of-markup", () => Refuse(markup), atMost: 1000);
    }

    private void AddRequests()
    {
        MessageRules requestRules = Samples.RequestRules(peerKey);
        string query = new Uri(
            MessageWriter.ToRedirectUrl(Samples.Request, Samples.Request.Destination!, "state", key)
        ).Query;
        string posted = MessageWriter.ToFormValue(Samples.Request);
        Add("authnrequest-unsigned-post", () => Demand(Post()));
        Add("authnrequest-signed-redirect", () => Demand(Redirect()), [RsaVerify]);

        bool Post() =>
            AuthnRequestValidator.Validate(IncomingMessage.FromForm(posted), requestRules).Accepted;
        bool Redirect() =>
            AuthnRequestValidator
                .Validate(IncomingMessage.FromRedirect(query), requestRules)
                .Accepted;
    }

    private NodeSamlPeer? AddPeers()
    {
        string one = Issued(SignedParts.Assertion);
        SignedXmlPeer signedXml = new(Convert.FromBase64String(one), raw.Rsa, key.Certificate);
        Add("signedxml-issue", () => signedXml.Issue(), [RsaSign]);
        Add("signedxml-verify", () => signedXml.Verify(one, raw.PublicRsa), [RsaVerify]);
        NodeSamlPeer? nodeSaml = NodeSamlPeer.Start(one, key.Certificate.RawData);
        if (nodeSaml is null)
            Console.Error.WriteLine("node-saml is left out: node.js or its packages are missing.");
        else
            measured.Add("node-saml-validate", nodeSaml.TimeOf, [RsaVerify]);
        return nodeSaml;
    }

    private IEnumerable<Row> MeasureTwoThreads(int rounds)
    {
        string one = Issued(SignedParts.Assertion);
        return TwoThreads.Measure("validate", () => Accept(one), rounds, atLeast: 1.9);
    }

    private void Add(
        string name,
        Action run,
        string[]? against = null,
        double? atMost = null,
        double? bytes = null
    )
    {
        measured.Add(name, run, against, atMost);
        allocated.Add(Rounds.Allocated($"{name}-allocated", run, bytes));
    }

    private void Issue(SigningKey signing, SignedParts parts, SignatureAlgorithm algorithm)
    {
        page.ResetWrittenCount();
        ResponseWriter.WriteFormValue(Samples.Response, signing, parts, algorithm, page);
    }

    private string Issued(SignedParts parts) =>
        ResponseWriter.WriteFormValue(Samples.Response, key, parts, SignatureAlgorithm.RsaSha256);

    private string Encrypted(KeyEncryption transport) =>
        ResponseWriter.WriteFormValue(
            Samples.Response with
            {
                Encryption = new AssertionEncryption(encryption) { KeyTransport = transport },
            },
            key,
            SignedParts.Response,
            SignatureAlgorithm.RsaSha256
        );

    private void Accept(string samlResponse) =>
        Demand(ResponseValidator.Validate(samlResponse, rules).Accepted);

    private void Refuse(string samlResponse) =>
        Demand(!ResponseValidator.Validate(samlResponse, rules).Accepted);

    // A measurement of something that fails measures nothing.
    private static void Demand(bool condition)
    {
        if (!condition)
            throw new InvalidOperationException("The outcome is not the expected one.");
    }
}
