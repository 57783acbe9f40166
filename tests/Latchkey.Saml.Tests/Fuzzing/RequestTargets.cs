using System.Globalization;
using System.IO.Compression;
using System.Text;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>Signed AuthnRequests, for the two targets below.</summary>
internal static class SignedRequests
{
    public const string SignOn = "https://id.example.test/saml2/wiki";

    public static AuthnRequest Ada { get; } =
        new()
        {
            Id = "_request00000000000000000000000000000000001",
            IssueInstant = SampleResponses.Now,
            Issuer = "https://wiki.example.test/metadata",
            Destination = SignOn,
            AssertionConsumerServiceUrl = "https://wiki.example.test/acs",
            ForceAuthn = true,
        };

    public static AuthnRequest Eve { get; } =
        Ada with
        {
            Id = "_request00000000000000000000000000000000002",
            AssertionConsumerServiceUrl = "https://wiki.example.test/acs/eve",
            ForceAuthn = false,
        };

    public static MessageRules Rules { get; } =
        new()
        {
            PeerEntityId = Ada.Issuer,
            Destination = SignOn,
            Keys =
            [
                VerificationKey.FromCertificate(TestKeys.CertificateDer("test-only-sp")),
                VerificationKey.FromCertificate(TestKeys.CertificateDer("ec")),
            ],
            RequireSignature = true,
            AllowSha1 = true,
            Now = SampleResponses.Now,
        };
}

/// <summary>An altered AuthnRequest by POST is refused, or says exactly what was signed.</summary>
internal sealed class PostedRequestTarget : FuzzTarget
{
    private static readonly string Signed = Facts.Of(
        AuthnRequestValidator.Validate(
            IncomingMessage.FromForm(
                MessageWriter.ToFormValue(SignedRequests.Ada, TestKeys.ServiceProvider)
            ),
            SignedRequests.Rules
        )
    );

    private static readonly SigningKey Curve = TestKeys.Load("ec");
    private readonly AlteredMessages messages = new(
        [Xml(SignedRequests.Ada, TestKeys.ServiceProvider), Xml(SignedRequests.Ada, Curve)],
        // Not signed: two requests that are both genuine are no attack.
        [Xml(SignedRequests.Eve, key: null), ReceivedResponses.Written(SignedParts.Response)]
    );

    public override string Name => "request-post";

    public override byte[] Make(Random random) => messages.Next(random);

    public override void Check(byte[] input) =>
        AuthnRequestValidator
            .Validate(IncomingMessage.FromForm(Convert.ToBase64String(input)), SignedRequests.Rules)
            .ShouldSayNothingButWhatWasSigned(Signed);

    private static string Xml(AuthnRequest request, SigningKey? key) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(MessageWriter.ToFormValue(request, key)));
}

/// <summary>An altered query by Redirect is refused, or says exactly what was signed, RelayState with it (rule B1).</summary>
internal sealed class RedirectRequestTarget : FuzzTarget
{
    private static readonly string[] Genuine =
    [
        Query(TestKeys.ServiceProvider),
        Query(TestKeys.Load("ec")),
    ];

    private static readonly string Evil = Packed(
        Encoding.UTF8.GetString(
            Convert.FromBase64String(MessageWriter.ToFormValue(SignedRequests.Eve))
        ),
        CompressionLevel.Optimal
    );

    private static readonly string Signed = Facts.Of(
        AuthnRequestValidator.Validate(
            IncomingMessage.FromRedirect(Genuine[0]),
            SignedRequests.Rules
        )
    );

    public override string Name => "request-redirect";

    public override byte[] Make(Random random)
    {
        List<string> parameters = [.. Genuine[random.Next(Genuine.Length)].Split('&')];
        for (int times = random.Next(1, 4); times > 0 && parameters.Count > 0; times--)
            Alter(parameters, random);
        byte[] query = Encoding.UTF8.GetBytes(string.Join('&', parameters));
        return random.Next(2) == 0 ? query : Mutation.OfOctets(query, random);
    }

    public override void Check(byte[] input) =>
        AuthnRequestValidator
            .Validate(
                IncomingMessage.FromRedirect(Encoding.UTF8.GetString(input)),
                SignedRequests.Rules
            )
            .ShouldSayNothingButWhatWasSigned(Signed);

    private static void Alter(List<string> parameters, Random random)
    {
        int at = random.Next(parameters.Count);
        string one = parameters[at];
        int value = one.IndexOf('=', StringComparison.Ordinal) + 1;
        switch (random.Next(8))
        {
            case 0:
                parameters.Insert(random.Next(parameters.Count + 1), one);
                break;
            case 1:
                parameters.RemoveAt(at);
                break;
            case 2:
                int other = random.Next(parameters.Count);
                (parameters[at], parameters[other]) = (parameters[other], one);
                break;
            case 3:
                parameters.Insert(
                    random.Next(parameters.Count + 1),
                    new[]
                    {
                        $"SAMLRequest={Evil}",
                        "RelayState=eve",
                        "relayState=eve",
                        "SAMLResponse=x",
                        "x=y",
                        "",
                        "SAMLEncoding=urn%3Aoasis%3Anames%3Atc%3ASAML%3A2.0%3Abindings%3AURL-Encoding%3ADEFLATE",
                    }[random.Next(7)]
                );
                break;
            case 4:
                parameters[at] = one[..value] + Escaped(one[value..], random);
                break;
            case 5:
                parameters[at] =
                    one[..value]
                    + one[value..]
                        .Replace("%2B", "+", StringComparison.Ordinal)
                        .Replace("%3D", "=", StringComparison.Ordinal);
                break;
            case 6:
                parameters[at] = one[..value] + one[value..].ToLowerInvariant();
                break;
            default:
                parameters[at] = one[..value] + (random.Next(2) == 0 ? Evil : "eve");
                break;
        }
    }

    // One character written as an escape: another spelling of the same, which was not signed.
    private static string Escaped(string value, Random random)
    {
        if (value.Length == 0)
            return "%";
        int at = random.Next(value.Length);
        string escape = "%" + ((int)value[at]).ToString("x2", CultureInfo.InvariantCulture);
        return value[..at] + escape + value[(at + 1)..];
    }

    private static string Query(SigningKey key)
    {
        string url = MessageWriter.ToRedirectUrl(
            SignedRequests.Ada,
            SignedRequests.SignOn,
            "state + 1%",
            key
        );
        return url[(url.IndexOf('?', StringComparison.Ordinal) + 1)..];
    }

    private static string Packed(string xml, CompressionLevel level)
    {
        using MemoryStream packed = new();
        using (DeflateStream deflate = new(packed, level, leaveOpen: true))
            deflate.Write(Encoding.UTF8.GetBytes(xml));
        return Uri.EscapeDataString(Convert.ToBase64String(packed.ToArray()));
    }
}
