using System.Text;
using Latchkey.Server.Certificates;
using Latchkey.Server.Tests.Applications;

namespace Latchkey.Server.Tests.Certificates;

public sealed class CertificateTextTests
{
    private static readonly string Pem = TestData.Text("rsa-2048.pem");

    private static string Base64 =>
        string.Concat(Pem.Split('\n').Where(line => !line.StartsWith('-')));

    [Fact]
    public void K_07_PEM_bare_base64_and_base64_of_PEM_are_the_same_certificate()
    {
        Parse(Pem).ShouldBe([Base64]);
        Parse(Base64).ShouldBe([Base64]);
        Parse(Convert.ToBase64String(Encoding.ASCII.GetBytes(Pem))).ShouldBe([Base64]);
    }

    [Fact]
    public void Several_certificates_may_stand_in_one_text() =>
        Parse(Pem + TestData.Text("ec-p256.pem")).Count.ShouldBe(2);

    [Theory]
    [InlineData("")]
    [InlineData("MIIB")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----")]
    public void Other_texts_are_refused(string text) =>
        Fault(text).ShouldBe("certificate-unreadable");

    [Fact]
    public void S3_A_short_key_is_refused() =>
        Fault(TestData.Text("rsa-1024.pem")).ShouldBe("certificate-key-short");

    [Fact]
    public void A_text_without_end_is_refused_before_it_is_read() =>
        Fault(new string('A', CertificateText.MaxLength + 1)).ShouldBe("certificate-too-long");

    [Fact]
    public void Fingerprints_are_pairs_with_colons() =>
        CertificateText
            .Sha1("abc"u8)
            .ShouldBe("A9:99:3E:36:47:06:81:6A:BA:3E:25:71:78:50:C2:6C:9C:D0:D8:9D");

    private static IReadOnlyList<string> Parse(string text)
    {
        CertificateText.TryParse(text, out var certificates, out _).ShouldBeTrue();
        return certificates;
    }

    private static string? Fault(string text)
    {
        CertificateText.TryParse(text, out _, out var fault).ShouldBeFalse();
        return fault;
    }
}
