using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Bindings;
using Latchkey.Saml.Encryption;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Xml;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Vectors;

/// <summary>
/// Ciphertexts of the W3C's XML Encryption 1.1 interop set, of Phaos and of merlin. Every file is run, and what our
/// profile leaves out is recorded with its finding in <c>Data/published</c>.
/// </summary>
public sealed partial class EncryptionVectorTests
{
    public static TheoryData<string> Sets => ["xmlenc11", "phaos-xmlenc-3", "merlin-xmlenc-five"];

    [Theory]
    [MemberData(nameof(Sets))]
    public void E2_Each_ciphertext_of_a_set_opens_as_far_as_it_lies_in_our_profile(string set) =>
        Encoding
            .UTF8.GetBytes(
                Judge(
                    Directory
                        .GetFiles(TestData.PathOf($"vectors/{set}"), "*.xml")
                        .Order(StringComparer.Ordinal)
                )
            )
            .ShouldEqualGolden($"published/{set}.tsv");

    [Theory]
    [MemberData(nameof(Sets))]
    public void Xmlsec1_opens_what_opens_here(string set)
    {
        string folder = TestData.PathOf($"vectors/{set}");
        string[] opened =
        [
            .. TestData
                .Text($"published/{set}.tsv")
                .Split('\n')
                .Select(line => line.Split('\t'))
                .Where(cells => cells is [_, ['o', 'p', 'e', 'n', 'e', 'd', ..]])
                .Select(cells => Path.Combine(folder, cells[0])),
        ];
        opened.ShouldNotBeEmpty();
        List<DecryptionKey> keys = Keys(folder);
        foreach (string file in opened)
        {
            string contentKey = Path.ChangeExtension(file, ".key");
            string output = File.Exists(contentKey)
                ? Decrypted(file, "--aeskey", contentKey)
                : Decrypted(file, keys[0]);
            string plain = Plain(file);
            (
                output == File.ReadAllText(plain)
                || CanonicalForms.Ours(Encoding.UTF8.GetBytes(output), comments: true, "")
                    == CanonicalForms.Ours(File.ReadAllBytes(plain), comments: true, "")
            ).ShouldBeTrue(output);
        }
        keys.ForEach(key => key.Dispose());
    }

    private static string Decrypted(string file, DecryptionKey key)
    {
        string pem = Path.GetTempFileName();
        try
        {
            File.WriteAllText(pem, PemEncoding.WriteString("PRIVATE KEY", key.ExportPkcs8()));
            return Decrypted(file, "--privkey-pem", pem);
        }
        finally
        {
            File.Delete(pem);
        }
    }

    private static string Decrypted(string file, string option, string key)
    {
        string output = Path.GetTempFileName();
        try
        {
            (int exitCode, string said) = Xmlsec1.Run(
                File.ReadAllBytes(file),
                ["--decrypt", option, key, "--output", output]
            );
            exitCode.ShouldBe(0, said);
            return File.ReadAllText(output);
        }
        finally
        {
            File.Delete(output);
        }
    }

    /// <summary>What is said of each, a line for each file that holds a ciphertext.</summary>
    internal static string Judge(IEnumerable<string> files)
    {
        StringBuilder said = new();
        foreach (IGrouping<string?, string> folder in files.GroupBy(Path.GetDirectoryName))
        {
            List<DecryptionKey> keys = Keys(folder.Key!);
            foreach (string file in folder)
            {
                Match data = EncryptedData().Match(File.ReadAllText(file));
                if (data.Success)
                    said.Append(Path.GetFileName(file))
                        .Append('\t')
                        .Append(Outcome(file, data, keys))
                        .Append('\n');
            }
            keys.ForEach(key => key.Dispose());
        }
        return said.ToString();
    }

    private static string Outcome(string file, Match data, List<DecryptionKey> keys)
    {
        // As the one thing inside an EncryptedAssertion, which is what the product decrypts.
        string xml =
            "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">"
            + data.Value
            + "</saml:EncryptedAssertion>";
        FindingList findings = new();
        using Tape? tape = Tape.Read(Encoding.UTF8.GetBytes(xml), MessageLimits.Default, findings);
        if (tape is null)
            return Named(findings);
        ReceivedEncryption read = ReceivedEncryption.Read(tape.Root, findings);
        string contentKey = Path.ChangeExtension(file, ".key");
        if (File.Exists(contentKey) && read.Cipher is { } cipher)
            return Opened(cipher, File.ReadAllBytes(contentKey), read.Value, file, data)
                ? "opened with the key itself"
                : "not opened";
        if (findings.Refused)
            return Named(findings);
        foreach (WrappedKey wrapped in read.Keys)
        foreach (DecryptionKey key in keys)
        {
            byte[] content = new byte[read.Cipher!.KeyLength];
            if (
                key.TryUnwrap(
                    Convert.FromBase64String(wrapped.Value.Text!),
                    wrapped.Transport,
                    content
                ) && Opened(read.Cipher, content, read.Value, file, data)
            )
                return "opened";
        }
        return "not opened";
    }

    private static bool Opened(
        ContentCipher cipher,
        byte[] key,
        XmlValue value,
        string file,
        Match data
    )
    {
        byte[] sealedOctets = new byte[value.Octets.Length];
        byte[] plaintext = new byte[value.Octets.Length];
        return StrictBase64.TryDecode(value.Octets, sealedOctets, out int length)
            && cipher.TryOpen(key, sealedOctets.AsSpan(0, length), plaintext, out int opened)
            && IsWhatWasEncrypted(file, data, plaintext.AsSpan(0, opened));
    }

    private static bool IsWhatWasEncrypted(string file, Match data, ReadOnlySpan<byte> opened)
    {
        string text = Encoding.UTF8.GetString(opened);
        // In the place of the ciphertext, when that is a part of a document.
        string whole =
            data.Result("$`").Contains("<PaymentInfo", StringComparison.Ordinal)
            || data.Result("$`").Contains("<PurchaseOrder", StringComparison.Ordinal)
                ? data.Result("$`") + text + data.Result("$'")
                : text;
        string plain = Plain(file);
        return text == File.ReadAllText(plain)
            || CanonicalForms.Ours(Encoding.UTF8.GetBytes(whole), comments: true, "")
                == CanonicalForms.Ours(File.ReadAllBytes(plain), comments: true, "");
    }

    // What was encrypted stands beside: under the name of the ciphertext, or once for all of them.
    private static string Plain(string file)
    {
        string folder = Path.GetDirectoryName(file)!;
        return Path.GetFileName(file).StartsWith("encrypt-data-", StringComparison.Ordinal)
            ? Path.Combine(folder, "plaintext.txt")
            : (
                (string[])
                    [
                        Path.ChangeExtension(file, ".data"),
                        Path.Combine(folder, "plaintext.xml"),
                        Path.Combine(folder, "payment.xml"),
                    ]
            ).First(File.Exists);
    }

    private static string Named(FindingList findings) =>
        "left out: "
        + string.Join(
            ", ",
            findings.Items.Select(finding =>
                $"{finding.Code} {finding.Found} ({finding.Kind.Rule})"
            )
        );

    private static List<DecryptionKey> Keys(string folder)
    {
        List<DecryptionKey> keys = [];
        foreach (
            string file in Directory.GetFiles(folder, "RSA-*.p12").Order(StringComparer.Ordinal)
        )
        {
            using X509Certificate2 pair = X509CertificateLoader.LoadPkcs12FromFile(
                file,
                "passwd",
                X509KeyStorageFlags.Exportable
            );
            using RSA rsa = pair.GetRSAPrivateKey()!;
            keys.Add(DecryptionKey.Import(rsa.ExportPkcs8PrivateKey(), pair.RawData));
        }
        foreach (string file in Directory.GetFiles(folder, "rsa-*.der"))
        {
            using RSA rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(File.ReadAllBytes(file), out _);
            using X509Certificate2 certificate = new CertificateRequest(
                "CN=vector",
                rsa,
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            ).CreateSelfSigned(SampleResponses.Now, SampleResponses.Now.AddDays(1));
            keys.Add(DecryptionKey.Import(rsa.ExportPkcs8PrivateKey(), certificate.RawData));
        }
        return keys;
    }

    [GeneratedRegex(
        "<(?<prefix>\\w+:)?EncryptedData\\b.*</\\k<prefix>EncryptedData>|<EncryptedData\\b.*</EncryptedData>",
        RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex EncryptedData();
}
