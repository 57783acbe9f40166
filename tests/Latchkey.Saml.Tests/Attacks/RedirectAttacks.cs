using System.IO.Compression;
using System.Text;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>Queries of the Redirect binding whose parts two programs read differently, and what does not fit when inflated.</summary>
internal static class RedirectAttacks
{
    private const string SignOn = "https://id.example.test/saml2/wiki";

    private static readonly AuthnRequest Request = new()
    {
        Id = "_request00000000000000000000000000000000001",
        IssueInstant = SampleResponses.Now,
        Issuer = "https://wiki.example.test/metadata",
        Destination = SignOn,
        AssertionConsumerServiceUrl = "https://wiki.example.test/acs?tenant=1&lang=en",
    };

    /// <summary>What the identity provider knows of the service provider.</summary>
    public static MessageRules Rules =>
        new()
        {
            PeerEntityId = Request.Issuer,
            Destination = SignOn,
            Keys = [VerificationKey.FromCertificate(TestKeys.CertificateDer("test-only-sp"))],
            RequireSignature = true,
            Now = SampleResponses.Now,
        };

    public static IEnumerable<Attack> All => [.. Queries, .. Inflated];

    private static string Signed => QueryOf(MessageWriter.ToRedirectUrl(Request, SignOn, "a b&c=é+%", TestKeys.ServiceProvider));

    /// <summary>A genuine request, unsigned.</summary>
    public static string Xml => Encoding.UTF8.GetString(Convert.FromBase64String(MessageWriter.ToFormValue(Request)));

    // File, what, the finding, what stands in the signed query, what it becomes.
    private static IEnumerable<Attack> Queries =>
        from query in ((string File, string What, string Code, string Old, string Replacement)[])
        [
            ("relay-state", "RelayState altered", "signature-invalid", "RelayState=a", "RelayState=b"),
            ("relay-state-other-case", "RelayState under another name", "signature-invalid", "RelayState=a", "relayState=a"),
            ("percent-case", "percent-encoding in another case", "signature-invalid", "%C3%A9", "%c3%a9"),
            ("plus-for-percent", "a space written the other way", "signature-invalid", "a%20b", "a+b"),
            ("other-hash", "SigAlg names another hash", "signature-invalid", "rsa-sha256", "rsa-sha384"),
            ("sha1", "SigAlg names SHA-1", "signature-algorithm", "rsa-sha256", "rsa-sha1"),
            ("hmac", "SigAlg names HMAC", "signature-algorithm", "rsa-sha256", "hmac-sha256"),
            ("no-signature", "SigAlg without Signature", "query-parameter-missing", "&Signature=", "&signature="),
            ("no-sigalg", "Signature without SigAlg", "query-parameter-missing", "&SigAlg=", "&sigAlg="),
            ("signature-twice", "Signature twice", "query-parameter-repeated", "&Signature=", "&Signature=x&Signature="),
            ("request-twice", "SAMLRequest twice (CVE-2025-27773)", "query-parameter-repeated", "SAMLRequest=", "SAMLRequest=x&SAMLRequest="),
            ("request-and-response", "SAMLResponse beside SAMLRequest (CVE-2025-31335)", "query-parameter-repeated", "SAMLRequest=", "SAMLResponse=x&SAMLRequest="),
            ("relay-state-twice", "RelayState twice", "query-parameter-repeated", "&RelayState=", "&RelayState=x&RelayState="),
            ("encoded-name", "the name of a parameter percent-encoded", "query-parameter-malformed", "SAMLRequest=", "SAML%52equest=x&SAMLRequest="),
            ("broken-percent", "percent signs that encode nothing", "query-parameter-malformed", "SAMLRequest=", "SAMLRequest=%zz"),
            ("broken-utf-8", "RelayState that is no UTF-8", "query-parameter-malformed", "RelayState=a", "RelayState=%FFa"),
            ("other-encoding", "SAMLEncoding of the attacker's own", "query-encoding-unsupported", "SAMLRequest=", "SAMLEncoding=urn%3Ax&SAMLRequest="),
            ("no-base64", "a request that is no base64", "base64-malformed", "SAMLRequest=", "SAMLRequest=*"),
        ]
        select new Attack($"redirect/{query.File}.url", "B1", query.What, query.Code, () => Signed.With(query.Old, query.Replacement));

    private static IEnumerable<Attack> Inflated =>
    [
        new("redirect/unsigned.url", "I2", "no signature where one is demanded", "signature-missing", () => QueryOf(MessageWriter.ToRedirectUrl(Request, SignOn))),
        new("redirect/foreign-key.url", "S4", "signed by somebody else", "signature-invalid", () => QueryOf(MessageWriter.ToRedirectUrl(Request, SignOn, key: TestKeys.IdentityProvider))),
        new("redirect/enveloped-signature.url", "B1", "a signature in the XML in place of one in the query", "signature-missing", () =>
            Query(Encoding.UTF8.GetBytes(Xml.Sign("/samlp:AuthnRequest", signed => signed.SigningKey = ReceivedResponses.PrivateKey("test-only-sp"))))),
        new("redirect/not-deflated.url", "B1", "a request that was not deflated", "request-not-deflated", () => "SAMLRequest=" + Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(Xml)))),
        new("redirect/zlib.url", "B1", "a zlib stream", "deflate-malformed", () =>
        {
            using MemoryStream output = new();
            using (ZLibStream zlib = new(output, CompressionLevel.Optimal))
                zlib.Write(Encoding.UTF8.GetBytes(Xml));
            return "SAMLRequest=" + Uri.EscapeDataString(Convert.ToBase64String(output.ToArray()));
        }),
        new("redirect/trailing-data.url", "B1", "data behind the deflated stream", "deflate-malformed", () =>
            "SAMLRequest=" + Uri.EscapeDataString(Convert.ToBase64String([.. Deflated(Encoding.UTF8.GetBytes(Xml)), 1, 2, 3]))),
        new("redirect/cut.url", "B1", "a deflated stream cut short", "deflate-malformed", () =>
            "SAMLRequest=" + Uri.EscapeDataString(Convert.ToBase64String(Deflated(Encoding.UTF8.GetBytes(Xml))[..^20]))),
        new("redirect/inflate-bomb.url", "X2", "twenty million bytes, deflated (CVE-2025-25293)", "message-too-long", () => Query(new byte[20_000_000])),
        new("redirect/inflate-bomb-xml.url", "X2", "two million spaces around a request", "message-too-long", () => Query(Encoding.UTF8.GetBytes(new string(' ', 2_000_000) + Xml))),
        new("redirect/doctype.url", "X1", "a document type", "xml-doctype", () => Query(Encoding.UTF8.GetBytes("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + Xml))),
        new("redirect/response-as-request.url", "S9", "a Response in place of the request", "message-type-unexpected", () => Query(Encoding.UTF8.GetBytes(ReceivedResponses.Unsigned))),
        new("redirect/long-relay-state.url", "X2", "a RelayState beyond the limit", "relay-state-too-long", () => QueryOf(MessageWriter.ToRedirectUrl(Request, SignOn)) + "&RelayState=" + new string('x', 4_097)),
    ];

    private static string QueryOf(string url) => url[(url.IndexOf('?', StringComparison.Ordinal) + 1)..];

    private static string Query(byte[] xml) => "SAMLRequest=" + Uri.EscapeDataString(Convert.ToBase64String(Deflated(xml)));

    private static byte[] Deflated(byte[] octets)
    {
        using MemoryStream output = new();
        using (DeflateStream deflate = new(output, CompressionLevel.SmallestSize))
            deflate.Write(octets);
        return output.ToArray();
    }
}
