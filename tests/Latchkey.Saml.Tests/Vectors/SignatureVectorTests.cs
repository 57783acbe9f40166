using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Tests.Issuing;

namespace Latchkey.Saml.Tests.Vectors;

/// <summary>
/// The W3C's and merlin's XML signatures, as xmlsec has them. Every file of a set is run, and what of it our profile
/// leaves out is recorded with its reason in <c>Data/published</c>.
/// </summary>
public sealed partial class SignatureVectorTests
{
    [Theory]
    [InlineData("merlin-exc-c14n-one")]
    [InlineData("merlin-xmldsig-twenty-three")]
    public void S2_S3_Each_signature_of_a_set_is_good_as_far_as_it_lies_in_our_profile(
        string set
    ) => Judge(TestData.PathOf($"vectors/{set}"), set);

    [Fact]
    public void S2_S3_Each_signature_of_the_interop_set_of_2012_is_good_as_far_as_it_lies_in_our_profile() =>
        Judge(Checkouts.Folder("xmlsec/tests/xmldsig11-interop-2012"), "xmldsig11-interop-2012");

    private static void Judge(string folder, string set)
    {
        List<X509Certificate2> certificates = Certificates(folder);
        StringBuilder said = new();
        foreach (string file in Directory.GetFiles(folder, "*.xml").Order(StringComparer.Ordinal))
        {
            byte[] xml = File.ReadAllBytes(file);
            string outcome = new SignatureVector(
                xml,
                [.. Carried(Encoding.UTF8.GetString(xml)), .. certificates]
            ).Describe();
            said.Append(Path.GetFileName(file)).Append('\t').Append(outcome).Append('\n');
        }
        Encoding.UTF8.GetBytes(said.ToString()).ShouldEqualGolden($"published/{set}.tsv");
    }

    private static List<X509Certificate2> Certificates(string folder)
    {
        List<X509Certificate2> certificates = [];
        foreach (
            string file in Directory
                .GetFiles(folder, "*.crt", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
        )
            try
            {
                certificates.Add(X509CertificateLoader.LoadCertificateFromFile(file));
            }
            catch (CryptographicException)
            {
                // DSA is no key to us.
            }
        return certificates;
    }

    // Certificates and bare keys that stand in the KeyInfo, the latter in certificates made for the occasion.
    private static List<X509Certificate2> Carried(string xml)
    {
        List<X509Certificate2> carried = [];
        foreach (Match match in Certificate().Matches(xml))
            carried.Add(
                X509CertificateLoader.LoadCertificate(
                    Convert.FromBase64String(match.Groups[1].Value)
                )
            );
        foreach (Match match in Rsa().Matches(xml))
        {
            RSA rsa = RSA.Create(
                new RSAParameters
                {
                    Modulus = Convert.FromBase64String(match.Groups[1].Value),
                    Exponent = Convert.FromBase64String(match.Groups[2].Value),
                }
            );
            carried.Add(Wrapped(new PublicKey(rsa)));
        }
        foreach (Match match in Curve().Matches(xml))
        {
            byte[] point = Convert.FromBase64String(match.Groups[2].Value);
            int length = point.Length / 2;
            ECDsa curve = ECDsa.Create(
                new ECParameters
                {
                    Curve = ECCurve.CreateFromValue(match.Groups[1].Value),
                    Q = new ECPoint { X = point[1..(length + 1)], Y = point[(length + 1)..] },
                }
            );
            carried.Add(Wrapped(new PublicKey(curve)));
        }
        foreach (Match match in Der().Matches(xml))
            carried.Add(
                Wrapped(
                    PublicKey.CreateFromSubjectPublicKeyInfo(
                        Convert.FromBase64String(match.Groups[1].Value),
                        out _
                    )
                )
            );
        return carried;
    }

    private static X509Certificate2 Wrapped(PublicKey key)
    {
        using ECDsa issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(
            new X500DistinguishedName("CN=vector"),
            key,
            HashAlgorithmName.SHA256
        );
        return request.Create(
            new X500DistinguishedName("CN=issuer"),
            X509SignatureGenerator.CreateForECDsa(issuer),
            SampleResponses.Now,
            SampleResponses.Now.AddDays(1),
            [1]
        );
    }

    [GeneratedRegex(
        "<(?:\\w+:)?X509Certificate>([^<]*)<",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Certificate();

    [GeneratedRegex(
        "<(?:\\w+:)?Modulus>([^<]*)<.*?<(?:\\w+:)?Exponent>([^<]*)<",
        RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Rsa();

    [GeneratedRegex(
        "NamedCurve URI=\"urn:oid:([0-9.]*)\".*?<(?:\\w+:)?PublicKey>([^<]*)<",
        RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Curve();

    [GeneratedRegex(
        "<(?:\\w+:)?DEREncodedKeyValue[^>]*>([^<]*)<",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Der();
}
