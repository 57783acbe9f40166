using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Server.Certificates;
using Latchkey.Server.Problems;
using Latchkey.Server.Tests.Applications;

namespace Latchkey.Server.Tests.Certificates;

/// <summary>Key pairs that were made elsewhere are read and matched when they come in (J-28, J-38).</summary>
[Trait("Rule", "J-28")]
public sealed class OwnKeyPairTests
{
    private static readonly DateTimeOffset s_now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RSA s_rsa = RSA.Create(2048);
    private static readonly ECDsa s_curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static TheoryData<string> Forms =>
        ["pkcs8", "pkcs1", "encrypted", "file", "chain", "pkcs12", "curve", "curve-sec1"];

    [Theory]
    [MemberData(nameof(Forms))]
    [Trait("Rule", "S4-02")]
    [Trait("Rule", "S4-03")]
    public void A_pair_is_read_in_every_form_that_tools_write(string form)
    {
        using var certificate = form.StartsWith("curve", StringComparison.Ordinal)
            ? Curve()
            : Rsa(s_rsa);
        var pem = certificate.ExportCertificatePem() + "\n";
        using var other = RSA.Create(2048);
        using var above = Rsa(other);
        HandedKeyPair handed = form switch
        {
            "pkcs8" => new(pem + s_rsa.ExportPkcs8PrivateKeyPem(), null, null),
            "pkcs1" => new(s_rsa.ExportRSAPrivateKeyPem() + "\n" + pem, null, null),
            "encrypted" => new(
                pem + s_rsa.ExportEncryptedPkcs8PrivateKeyPem("secret", Strong()),
                null,
                "secret"
            ),
            "file" => new(
                null,
                Encoding.ASCII.GetBytes(pem + s_rsa.ExportPkcs8PrivateKeyPem()),
                null
            ),
            "chain" => new(
                above.ExportCertificatePem() + "\n" + pem + s_rsa.ExportPkcs8PrivateKeyPem(),
                null,
                null
            ),
            "pkcs12" => new(null, Pkcs12(certificate, s_rsa, "secret"), "secret"),
            "curve" => new(pem + s_curve.ExportPkcs8PrivateKeyPem(), null, null),
            _ => new(pem + s_curve.ExportECPrivateKeyPem(), null, null),
        };

        using var read = Read(handed);

        read.Certificate.RawData.ShouldBe(certificate.RawData);
        using var key = Saml.Keys.SigningKey.Import(read.Pkcs8, read.Certificate.RawData);
        key.Certificate.RawData.ShouldBe(certificate.RawData);
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused()
    {
        using var other = RSA.Create(2048);
        using var certificate = Rsa(s_rsa);

        Fault(
                new(
                    certificate.ExportCertificatePem() + "\n" + other.ExportPkcs8PrivateKeyPem(),
                    null,
                    null
                )
            )
            .ShouldBe("key-pair-mismatch");
    }

    [Fact]
    public void A_PKCS_12_file_that_puts_a_key_beside_the_certificate_of_another_is_refused() =>
        Fault(new(null, TestData.Bytes("mismatched.p12"), "secret")).ShouldBe("key-pair-mismatch");

    [Theory]
    [InlineData("secp256k1")]
    [InlineData("brainpoolP256r1")]
    public void A_curve_that_nothing_is_signed_with_is_refused(string name)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(name));
        using var certificate = new CertificateRequest("CN=own", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(s_now.AddYears(-1), s_now.AddYears(1))
            .WithoutKey();

        Fault(
                new(
                    certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem(),
                    null,
                    null
                )
            )
            .ShouldBe("certificate-key-kind");
    }

    [Fact]
    public void A_certificate_that_has_ended_is_refused()
    {
        using var certificate = Rsa(s_rsa, s_now.AddDays(-1));

        Fault(
                new(
                    certificate.ExportCertificatePem() + "\n" + s_rsa.ExportPkcs8PrivateKeyPem(),
                    null,
                    null
                )
            )
            .ShouldBe("certificate-expired");
    }

    [Fact]
    public void A_weak_key_is_refused()
    {
        using var weak = RSA.Create(1024);
        using var certificate = Rsa(weak);

        Fault(
                new(
                    certificate.ExportCertificatePem() + "\n" + weak.ExportPkcs8PrivateKeyPem(),
                    null,
                    null
                )
            )
            .ShouldBe("certificate-key-short");
    }

    [Fact]
    public void A_certificate_without_its_key_is_refused()
    {
        using var certificate = Rsa(s_rsa);

        Fault(new(certificate.ExportCertificatePem(), null, null)).ShouldBe("private-key-missing");
    }

    [Fact]
    public void A_PKCS_12_file_without_a_key_is_refused()
    {
        using var certificate = Rsa(s_rsa);

        Fault(new(null, certificate.Export(X509ContentType.Pkcs12, "secret"), "secret"))
            .ShouldBe("private-key-missing");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public void A_wrong_password_is_called_that(string? password)
    {
        using var certificate = Rsa(s_rsa);
        var pem =
            certificate.ExportCertificatePem()
            + "\n"
            + s_rsa.ExportEncryptedPkcs8PrivateKeyPem("secret", Strong());

        Fault(new(pem, null, password)).ShouldBe("key-password-wrong");
        Fault(new(null, Pkcs12(certificate, s_rsa, "secret"), password))
            .ShouldBe("key-password-wrong");
    }

    [Fact]
    public void What_is_no_key_pair_at_all_is_refused()
    {
        Fault(new("nonsense", null, null)).ShouldBe("key-pair-no-certificate");
        Fault(new(null, [1, 2, 3], null)).ShouldBe("key-pair-unreadable");
        Fault(new(null, null, null)).ShouldBe("key-pair-no-certificate");
    }

    [Fact]
    public void A_private_key_that_cannot_be_read_is_called_that()
    {
        using var certificate = Rsa(s_rsa);
        var broken = PemEncoding.WriteString("PRIVATE KEY", new byte[100]);

        Fault(new(certificate.ExportCertificatePem() + "\n" + broken, null, null))
            .ShouldBe("private-key-unreadable");
    }

    private static OwnKeyPair Read(HandedKeyPair handed)
    {
        var outcome = OwnKeyPair.Read(handed, s_now);
        outcome.Problems.ShouldBeEmpty();
        return outcome.Value!;
    }

    private static string Fault(HandedKeyPair handed) =>
        OwnKeyPair.Read(handed, s_now).Problems.Single().Code;

    private static X509Certificate2 Rsa(RSA key, DateTimeOffset? end = null) =>
        new CertificateRequest("CN=own", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(s_now.AddYears(-1), end ?? s_now.AddYears(1))
            .WithoutKey();

    private static X509Certificate2 Curve() =>
        new CertificateRequest("CN=own", s_curve, HashAlgorithmName.SHA256)
            .CreateSelfSigned(s_now.AddYears(-1), s_now.AddYears(1))
            .WithoutKey();

    private static byte[] Pkcs12(X509Certificate2 certificate, RSA key, string password)
    {
        using var whole = certificate.CopyWithPrivateKey(key);
        return whole.Export(X509ContentType.Pkcs12, password);
    }

    private static PbeParameters Strong() =>
        new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
}

file static class CertificateExtensions
{
    public static X509Certificate2 WithoutKey(this X509Certificate2 whole)
    {
        using (whole)
        {
            return X509CertificateLoader.LoadCertificate(whole.RawData);
        }
    }
}
