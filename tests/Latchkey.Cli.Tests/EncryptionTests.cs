using System.Security.Cryptography;
using Latchkey.Saml.Keys;

namespace Latchkey.Cli.Tests;

/// <summary>Encrypted Responses made by <c>sign</c>, explained by <c>decode</c>, opened by <c>verify</c>.</summary>
public sealed class EncryptionTests(Parties parties) : IClassFixture<Parties>
{
    private static readonly Lazy<DecryptionKey> s_recipient = new(() =>
        DecryptionKey.Create("Recipient", Parties.Time, Parties.Time.AddYears(1))
    );

    [Theory]
    [InlineData("aes128-gcm")]
    [InlineData("aes256-gcm")]
    public async Task With_the_private_key_alone_an_encrypted_Response_is_accepted(
        string encryption
    )
    {
        var run = await parties.VerifyAsync(
            await EncryptedAsync(encryption),
            "--decryption-key",
            PrivateKey()
        );

        run.Code.ShouldBe(0, run.Output);
    }

    [Fact]
    public async Task Every_given_key_is_tried()
    {
        var run = await parties.VerifyAsync(
            await EncryptedAsync("aes256-gcm"),
            "--decryption-key",
            parties.PathOf("idp.pem"),
            "--decryption-key",
            PrivateKey()
        );

        run.Code.ShouldBe(0, run.Output);
    }

    [Fact]
    public async Task Without_a_key_an_encrypted_Response_is_refused()
    {
        var run = await parties.VerifyAsync(await EncryptedAsync("aes256-gcm"));

        run.Output.ShouldContain("\"code\":\"assertion-encrypted\"");
    }

    [Fact]
    public async Task With_another_key_an_encrypted_Response_is_refused()
    {
        var run = await parties.VerifyAsync(
            await EncryptedAsync("aes256-gcm"),
            "--decryption-key",
            parties.PathOf("idp.pem")
        );

        run.Output.ShouldContain("\"code\":\"decryption-failed\"");
    }

    [Fact]
    public async Task E2_CBC_is_refused()
    {
        var run = await parties.VerifyAsync(
            await EncryptedAsync("aes256-cbc"),
            "--decryption-key",
            PrivateKey()
        );

        run.Code.ShouldBe(1, run.Output);
    }

    [Fact]
    public async Task E2_CBC_under_a_signed_Response_passes_with_leave()
    {
        var run = await parties.VerifyAsync(
            await EncryptedAsync("aes256-cbc"),
            "--decryption-key",
            PrivateKey(),
            "--allow",
            "cbc"
        );

        run.Code.ShouldBe(0, run.Output);
    }

    [Fact]
    public async Task E2_CBC_without_a_signed_Response_is_not_made()
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
            "--encrypt-for",
            parties.PathOf("idp.pem"),
            "--encryption",
            "aes256-cbc",
            "--sign",
            "assertion"
        );

        run.Code.ShouldBe(2, run.Output);
    }

    [Fact]
    public async Task Decode_explains_how_it_is_encrypted()
    {
        var run = await Run.Latchkey("saml", "decode", await EncryptedAsync("aes256-gcm"));

        run.Output.ShouldContain("Encrypted data in saml:EncryptedAssertion: AES-256-GCM");
    }

    [Fact]
    public async Task A_decryption_key_that_is_not_RSA_is_unusable()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = parties.Write("ec-only.pem", ec.ExportPkcs8PrivateKeyPem());

        var run = await parties.VerifyAsync("AAAA", "--decryption-key", file);

        (run.Code, run.Error).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(2),
            r => r.Error.ShouldContain("has to be RSA")
        );
    }

    [Fact]
    public async Task A_decryption_key_that_is_not_there_is_unusable()
    {
        var run = await parties.VerifyAsync(
            "AAAA",
            "--decryption-key",
            parties.PathOf("nowhere.pem")
        );

        run.Code.ShouldBe(2);
    }

    private Task<string> EncryptedAsync(string encryption, params string[] more) =>
        parties.AnswerAsync([
            "--encrypt-for",
            parties.Write("recipient.crt", s_recipient.Value.Certificate.ExportCertificatePem()),
            "--encryption",
            encryption,
            .. more,
        ]);

    private string PrivateKey() =>
        parties.Write(
            "recipient.pem",
            PemEncoding.WriteString("PRIVATE KEY", s_recipient.Value.ExportPkcs8())
        );
}
