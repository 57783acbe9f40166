using System.Collections.Specialized;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Web;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Requests;

public sealed class AuthnRequestWriterTests
{
    private const string SignOn = "https://id.example.test/saml2/wiki";
    private const string RequestName = "urn:oasis:names:tc:SAML:2.0:protocol:AuthnRequest";

    private static readonly AuthnRequest Request = new()
    {
        Id = "_request00000000000000000000000000000000001",
        IssueInstant = SampleResponses.Now,
        Issuer = "https://wiki.example.test/metadata",
        AssertionConsumerServiceUrl = "https://wiki.example.test/acs?a=1&b=2",
        ProtocolBinding = SamlBindings.Post,
        Destination = SignOn,
        ForceAuthn = true,
        IsPassive = true,
        ProviderName = "Wiki <&> \"Söhne\"",
        NameIdPolicy = new NameIdPolicy(NameIdFormats.Persistent, AllowCreate: true, "qualifier"),
        RequestedAuthnContext = new RequestedAuthnContext(
            [AuthnContextClasses.PasswordProtectedTransport, AuthnContextClasses.Password],
            AuthnContextComparison.Minimum
        ),
    };

    [Fact]
    public void A_signed_request_by_POST_is_the_same_byte_for_byte() =>
        Convert
            .FromBase64String(MessageWriter.ToFormValue(Request, TestKeys.ServiceProvider))
            .ShouldEqualGolden("golden/authnrequest-signed.xml");

    [Fact]
    public void The_smallest_request_is_the_same_byte_for_byte() =>
        Convert
            .FromBase64String(
                MessageWriter.ToFormValue(
                    new AuthnRequest
                    {
                        Id = "_1",
                        IssueInstant = SampleResponses.Now,
                        Issuer = "https://wiki.example.test/metadata",
                        AssertionConsumerServiceIndex = 3,
                    }
                )
            )
            .ShouldEqualGolden("golden/authnrequest-smallest.xml");

    [Theory]
    [InlineData(SignatureAlgorithm.RsaSha256)]
    [InlineData(SignatureAlgorithm.RsaSha384)]
    [InlineData(SignatureAlgorithm.RsaSha512)]
    public void Xmlsec1_verifies_a_request_by_POST(SignatureAlgorithm algorithm) =>
        Xmlsec1.ShouldVerify(
            Convert.FromBase64String(
                MessageWriter.ToFormValue(Request, TestKeys.ServiceProvider, algorithm)
            ),
            TestData.PathOf("keys/test-only-sp.crt.pem"),
            "/*/*[local-name()='Signature']",
            RequestName
        );

    [Theory]
    [Trait("Rule", "B1")]
    [InlineData(SignatureAlgorithm.RsaSha256, "SHA256")]
    [InlineData(SignatureAlgorithm.RsaSha384, "SHA384")]
    [InlineData(SignatureAlgorithm.RsaSha512, "SHA512")]
    public void The_signature_of_a_redirect_is_over_the_octets_of_its_query(
        SignatureAlgorithm algorithm,
        string hash
    )
    {
        string url = MessageWriter.ToRedirectUrl(
            Request,
            SignOn,
            "opaque &=+/%20 ü",
            TestKeys.ServiceProvider,
            algorithm
        );

        string query = url[(SignOn.Length + 1)..];
        int end = query.IndexOf("&Signature=", StringComparison.Ordinal);
        using RSA key = TestKeys.ServiceProvider.Certificate.GetRSAPublicKey()!;
        key.VerifyData(
                Encoding.ASCII.GetBytes(query[..end]),
                Convert.FromBase64String(Uri.UnescapeDataString(query[(end + 11)..])),
                new HashAlgorithmName(hash),
                RSASignaturePadding.Pkcs1
            )
            .ShouldBeTrue();
    }

    [Fact]
    public void A_redirect_carries_message_relay_state_and_no_enveloped_signature()
    {
        string url = MessageWriter.ToRedirectUrl(
            Request,
            SignOn,
            "opaque &=+/%20 ü",
            TestKeys.ServiceProvider
        );

        NameValueCollection query = HttpUtility.ParseQueryString(new Uri(url).Query);
        query.AllKeys.ShouldBe(["SAMLRequest", "RelayState", "SigAlg", "Signature"]);
        query["RelayState"].ShouldBe("opaque &=+/%20 ü");
        Inflate(query["SAMLRequest"]!)
            .ShouldBe(
                Encoding.UTF8.GetString(
                    Convert.FromBase64String(MessageWriter.ToFormValue(Request))
                )
            );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_relay_state_the_parameter_is_left_out(string? relayState) =>
        MessageWriter.ToRedirectUrl(Request, SignOn, relayState).ShouldNotContain("RelayState");

    [Fact]
    public void An_address_with_a_query_keeps_it() =>
        MessageWriter
            .ToRedirectUrl(Request, SignOn + "?tenant=1")
            .ShouldStartWith(SignOn + "?tenant=1&SAMLRequest=");

    [Fact]
    public void A_redirect_names_the_address_it_is_sent_to()
    {
        string url = MessageWriter.ToRedirectUrl(Request with { Destination = null }, SignOn);

        Inflate(HttpUtility.ParseQueryString(new Uri(url).Query)["SAMLRequest"]!)
            .ShouldContain($"Destination=\"{SignOn}\"");
    }

    [Fact]
    public void Index_and_address_exclude_each_other() =>
        Should.Throw<ArgumentException>(() =>
            MessageWriter.ToFormValue(Request with { AssertionConsumerServiceIndex = 1 })
        );

    [Fact]
    public void A_signed_request_by_POST_needs_a_Destination() =>
        Should.Throw<ArgumentException>(() =>
            MessageWriter.ToFormValue(Request with { Destination = null }, TestKeys.ServiceProvider)
        );

    private static string Inflate(string message)
    {
        using DeflateStream inflate = new(
            new MemoryStream(Convert.FromBase64String(message)),
            CompressionMode.Decompress
        );
        using StreamReader reader = new(inflate, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
