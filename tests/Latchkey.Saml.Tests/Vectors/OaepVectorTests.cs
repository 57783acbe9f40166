using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Saml.Encryption;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Tests.Issuing;

namespace Latchkey.Saml.Tests.Vectors;

/// <summary>Published vectors for RSA-OAEP with either hash for digest and mask (<c>Data/vectors/README.md</c>).</summary>
public sealed class OaepVectorTests
{
    [Theory]
    [InlineData("sha1", "sha1", 6)]
    [InlineData("sha1", "sha256", 18)]
    [InlineData("sha256", "sha1", 18)]
    [InlineData("sha256", "sha256", 18)]
    public void E2_OAEP_opens_what_others_wrapped(string digest, string mask, int count)
    {
        KeyTransport transport = KeyTransport.Of(
            "http://www.w3.org/2009/xmlenc11#rsa-oaep"u8,
            Encoding.ASCII.GetBytes(
                digest == "sha1"
                    ? "http://www.w3.org/2000/09/xmldsig#sha1"
                    : "http://www.w3.org/2001/04/xmlenc#sha256"
            ),
            Encoding.ASCII.GetBytes("http://www.w3.org/2009/xmlenc11#mgf1" + mask)
        )!;
        int opened = 0;
        string[] key = [];
        DecryptionKey? decryption = null;
        foreach (
            string[] cells in TestData
                .Text("vectors/oaep.txt")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' '))
        )
        {
            if (cells[0] == "key")
            {
                key = cells;
                decryption?.Dispose();
                decryption = null;
            }
            if (cells[0] != digest || cells[1] != mask)
                continue;
            decryption ??= Key(key);
            byte[] message = Convert.FromHexString(cells[2]);
            byte[] wrapped = Convert.FromHexString(cells[3]);
            byte[] content = new byte[message.Length];

            decryption.TryUnwrap(wrapped, transport, content).ShouldBeTrue();
            content.ShouldBe(message);
            wrapped[^1] ^= 1;
            decryption.TryUnwrap(wrapped, transport, content).ShouldBeFalse();
            // What is given instead is drawn by chance (implicit rejection): one byte of it may well be the right one.
            if (message.Length >= 16)
                content.ShouldNotBe(message);
            opened++;
        }
        decryption?.Dispose();
        opened.ShouldBe(count);
    }

    private static DecryptionKey Key(string[] cells)
    {
        byte[] Number(int cell, int length) =>
            Convert.FromHexString(cells[cell].PadLeft(2 * length, '0'));
        int modulus = cells[1].Length / 2;
        using RSA rsa = RSA.Create(
            new RSAParameters
            {
                Modulus = Number(1, modulus),
                Exponent = Number(2, 3),
                D = Number(3, modulus),
                P = Number(4, modulus / 2),
                Q = Number(5, modulus / 2),
                DP = Number(6, modulus / 2),
                DQ = Number(7, modulus / 2),
                InverseQ = Number(8, modulus / 2),
            }
        );
        CertificateRequest request = new(
            "CN=vector",
            rsa,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        using X509Certificate2 certificate = request.CreateSelfSigned(
            SampleResponses.Now,
            SampleResponses.Now.AddDays(1)
        );
        return DecryptionKey.Import(rsa.ExportPkcs8PrivateKey(), certificate.RawData);
    }
}
