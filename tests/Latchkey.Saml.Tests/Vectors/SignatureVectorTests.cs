using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Tests.Issuing;

namespace Latchkey.Saml.Tests.Vectors;

/// <summary>
/// The W3C's and merlin's XML signatures. Every file of a set is run, and what of it our profile leaves out is recorded
/// with its reason in <c>Data/published</c>.
/// </summary>
public sealed partial class SignatureVectorTests
{
    private const string SignatureXPath = "(//*[local-name()='Signature'])[1]";
    private const string Identified = "http://www.w3.org/2000/09/xmldsig#:Object";

    public static TheoryData<string> Sets =>
        [
            "merlin-exc-c14n-one",
            "merlin-xmldsig-twenty-three",
            "aleksey-xmldsig-01",
            "xmldsig11/microsoft",
            "xmldsig11/oracle",
            "xmldsig11/sun",
        ];

    [Theory]
    [MemberData(nameof(Sets))]
    public void S2_S3_Each_signature_of_a_set_is_good_as_far_as_it_lies_in_our_profile(
        string set
    ) =>
        Encoding
            .UTF8.GetBytes(Judge(Files(set)))
            .ShouldEqualGolden($"published/{set.Replace('/', '-')}.tsv");

    [Theory]
    [MemberData(nameof(Sets))]
    public void Xmlsec1_says_that_each_signature_is_good_that_is_good_here(string set)
    {
        // Of one key at one go; a certificate that a file carries comes before the key that is given.
        List<string> certified = [];
        Dictionary<string, (X509Certificate2 Signer, List<string> Files)> keyed = [];
        foreach (string file in Files(set))
        {
            byte[] xml = File.ReadAllBytes(file);
            SignatureVector vector = new(xml, Keys(file, xml));
            if (!vector.Describe().StartsWith("digest good; value good", StringComparison.Ordinal))
                continue;
            if (Certificate().IsMatch(Encoding.UTF8.GetString(xml)))
                certified.Add(file);
            else
            {
                string key = Convert.ToBase64String(
                    vector.Signer!.PublicKey.ExportSubjectPublicKeyInfo()
                );
                keyed.TryAdd(key, (vector.Signer, []));
                keyed[key].Files.Add(file);
            }
        }
        if (certified.Count > 0)
            Xmlsec1.ShouldVerifyFiles(certified, null, SignatureXPath, Identified);
        foreach ((X509Certificate2 signer, List<string> files) in keyed.Values)
        {
            string certificate = Path.GetTempFileName();
            try
            {
                File.WriteAllText(certificate, signer.ExportCertificatePem());
                Xmlsec1.ShouldVerifyFiles(files, certificate, SignatureXPath, Identified);
            }
            finally
            {
                File.Delete(certificate);
            }
        }
    }

    /// <summary>What is said of each, a line for each file.</summary>
    internal static string Judge(IEnumerable<string> files)
    {
        StringBuilder said = new();
        foreach (string file in files)
        {
            byte[] xml = File.ReadAllBytes(file);
            string outcome = new SignatureVector(xml, Keys(file, xml)).Describe();
            said.Append(Path.GetFileName(file)).Append('\t').Append(outcome).Append('\n');
        }
        return said.ToString();
    }

    private static IOrderedEnumerable<string> Files(string set) =>
        Directory
            .GetFiles(TestData.PathOf($"vectors/{set}"), "*.xml")
            .Order(StringComparer.Ordinal);

    private static List<X509Certificate2> Keys(string file, byte[] xml) =>
        [.. Carried(Encoding.UTF8.GetString(xml)), .. Certificates(Path.GetDirectoryName(file)!)];

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
            carried.Add(
                OnCurve(match.Groups[1].Value, point[1..(length + 1)], point[(length + 1)..])
            );
        }
        foreach (Match match in Rfc4050().Matches(xml))
        {
            int length = match.Groups[1].Value switch
            {
                "1.2.840.10045.3.1.7" => 32,
                "1.3.132.0.34" => 48,
                _ => 66,
            };
            carried.Add(
                OnCurve(
                    match.Groups[1].Value,
                    Coordinate(match.Groups[2].Value, length),
                    Coordinate(match.Groups[3].Value, length)
                )
            );
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

    private static X509Certificate2 OnCurve(string curve, byte[] x, byte[] y)
    {
        using ECDsa key = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.CreateFromValue(curve),
                Q = new ECPoint { X = x, Y = y },
            }
        );
        return Wrapped(new PublicKey(key));
    }

    private static byte[] Coordinate(string number, int length)
    {
        byte[] octets = BigInteger
            .Parse(number, CultureInfo.InvariantCulture)
            .ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - octets.Length], .. octets];
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

    // Coordinates in decimal (RFC 4050).
    [GeneratedRegex(
        "NamedCurve URN=\"urn:oid:([0-9.]*)\".*?<(?:\\w+:)?X Value=\"([0-9]*)\".*?<(?:\\w+:)?Y Value=\"([0-9]*)\"",
        RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Rfc4050();

    [GeneratedRegex(
        "<(?:\\w+:)?DEREncodedKeyValue[^>]*>([^<]*)<",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Der();
}
