using System.Security.Cryptography;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Requests;

namespace Latchkey.Cli.Tests;

/// <summary><c>latchkey saml sign</c> and <c>latchkey saml request</c>.</summary>
public sealed class MakingTests(Parties parties) : IClassFixture<Parties>
{
    private const string Destination = "https://idp.example.test/sso";

    [Theory]
    [InlineData("rsa-sha512")]
    [InlineData("rsa-pss-sha256")]
    public async Task A_Response_by_a_named_algorithm_is_accepted(string algorithm)
    {
        var run = await parties.VerifyAsync(await parties.AnswerAsync("--algorithm", algorithm));

        run.Code.ShouldBe(0, run.Output);
    }

    [Fact]
    public async Task An_elliptic_curve_key_signs_by_its_own_algorithm()
    {
        using var key = SigningKey.Create(
            "EC",
            Parties.Time,
            Parties.Time.AddYears(1),
            EllipticCurve.P256
        );

        var run = await RequestAsync("--binding", "post", "--key", parties.WriteKey("ec.pem", key));

        (await Run.Latchkey("saml", "decode", run.Output.Trim())).Output.ShouldContain(
            "ECDSA with SHA-256"
        );
    }

    [Fact]
    public async Task S3_An_algorithm_that_the_key_is_not_for_is_unusable()
    {
        var run = await RequestAsync(
            "--key",
            parties.PathOf("idp.pem"),
            "--algorithm",
            "ecdsa-sha256"
        );

        run.Code.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_of_the_old_form_is_read()
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(parties.Key.ExportPkcs8(), out _);
        var file = parties.Write(
            "old.pem",
            rsa.ExportRSAPrivateKeyPem() + "\n" + parties.Key.Certificate.ExportCertificatePem()
        );

        (await RequestAsync("--key", file)).Code.ShouldBe(0);
    }

    [Fact]
    public async Task An_encrypted_key_is_unusable_with_a_sentence()
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(parties.Key.ExportPkcs8(), out _);
        var parameters = new PbeParameters(
            PbeEncryptionAlgorithm.Aes256Cbc,
            HashAlgorithmName.SHA256,
            10_000
        );
        var file = parties.Write(
            "encrypted.pem",
            rsa.ExportEncryptedPkcs8PrivateKeyPem("secret", parameters)
        );

        (await RequestAsync("--key", file)).Error.ShouldContain("is encrypted");
    }

    [Fact]
    public async Task A_file_without_a_key_is_unusable()
    {
        (await RequestAsync("--key", parties.PathOf("idp.xml"))).Code.ShouldBe(2);
    }

    [Theory]
    [InlineData("--attribute", "groups")]
    [InlineData("--attribute", "groups=\u0001")]
    public async Task A_value_that_no_Response_can_carry_is_unusable(string option, string value)
    {
        var run = await Run.Latchkey(
            "saml",
            "sign",
            "--key",
            parties.PathOf("idp.pem"),
            "--issuer",
            Parties.Issuer,
            "--audience",
            Parties.Audience,
            "--acs",
            Parties.Acs,
            option,
            value
        );

        run.Code.ShouldBe(2, run.Output);
    }

    [Fact]
    public async Task A_signed_request_by_Redirect_is_accepted_by_the_other_side()
    {
        var run = await RequestAsync("--key", parties.PathOf("idp.pem"), "--relay-state", "/x");

        AuthnRequestValidator
            .Validate(IncomingMessage.FromRedirect(new Uri(run.Output.Trim()).Query), Rules())
            .Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_signed_request_by_POST_is_accepted_by_the_other_side()
    {
        var run = await RequestAsync("--key", parties.PathOf("idp.pem"), "--binding", "post");

        AuthnRequestValidator
            .Validate(IncomingMessage.FromForm(run.Output.Trim()), Rules())
            .Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task The_ID_of_a_request_goes_to_standard_error()
    {
        (await RequestAsync("--id", "_mine")).Error.ShouldBe("ID: _mine\n");
    }

    [Fact]
    public async Task The_address_can_come_from_metadata()
    {
        var run = await Run.Latchkey(
            "saml",
            "request",
            "--issuer",
            Parties.Audience,
            "--idp-metadata",
            parties.PathOf("idp.xml")
        );

        run.Output.ShouldStartWith(Destination + "?SAMLRequest=");
    }

    [Theory]
    [InlineData()]
    [InlineData("--destination", "https://idp.test", "--binding", "post", "--relay-state", "x")]
    [InlineData("--destination", "https://idp.test", "--acs", "https://a.test", "--acs-index", "1")]
    public async Task A_request_that_contradicts_itself_is_unusable(params string[] options)
    {
        var run = await Run.Latchkey(["saml", "request", "--issuer", Parties.Audience, .. options]);

        run.Code.ShouldBe(2);
    }

    private Task<Run> RequestAsync(params string[] more) =>
        Run.Latchkey([
            "saml",
            "request",
            "--issuer",
            Parties.Audience,
            "--destination",
            Destination,
            "--now",
            Parties.Now,
            .. more,
        ]);

    private MessageRules Rules() =>
        new()
        {
            PeerEntityId = Parties.Audience,
            Destination = Destination,
            Keys = [VerificationKey.FromCertificate(parties.Key.Certificate.RawData)],
            RequireSignature = true,
            Now = Parties.Time,
        };
}
