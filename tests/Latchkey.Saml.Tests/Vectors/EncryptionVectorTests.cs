using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Bindings;
using Latchkey.Saml.Encryption;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Xml;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Vectors;

/// <summary>
/// The W3C's XML Encryption 1.1 interop set, as xmlsec's repository has it. Every file is run, and what our profile
/// leaves out is recorded with its finding in <c>Data/published</c>.
/// </summary>
public sealed partial class EncryptionVectorTests
{
    private const string Set = "xmlenc11-interop-2012";

    [Fact]
    public void E2_Each_ciphertext_of_the_set_opens_as_far_as_it_lies_in_our_profile()
    {
        string folder = Checkouts.Folder($"xmlsec/tests/{Set}");
        List<DecryptionKey> keys =
        [
            .. Directory
                .GetFiles(folder, "RSA-*WithRSA.p12")
                .Order(StringComparer.Ordinal)
                .Select(Key),
        ];
        StringBuilder said = new();
        foreach (string file in Directory.GetFiles(folder, "*.xml").Order(StringComparer.Ordinal))
            said.Append(Path.GetFileName(file))
                .Append('\t')
                .Append(Outcome(file, keys))
                .Append('\n');
        Encoding.UTF8.GetBytes(said.ToString()).ShouldEqualGolden($"published/{Set}.tsv");
        keys.ForEach(key => key.Dispose());
    }

    private static string Outcome(string file, List<DecryptionKey> keys)
    {
        // As the one thing inside an EncryptedAssertion, which is what the product decrypts.
        string xml =
            "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">"
            + Declaration().Replace(File.ReadAllText(file), "")
            + "</saml:EncryptedAssertion>";
        FindingList findings = new();
        using Tape? tape = Tape.Read(Encoding.UTF8.GetBytes(xml), MessageLimits.Default, findings);
        if (tape is null)
            return Named(findings);
        ReceivedEncryption read = ReceivedEncryption.Read(tape.Root, findings);
        string plain = Path.ChangeExtension(file, ".data");
        if (File.Exists(Path.ChangeExtension(file, ".key")) && read.Cipher is { } cipher)
            return Opened(
                cipher,
                File.ReadAllBytes(Path.ChangeExtension(file, ".key")),
                read.Value,
                plain
            )
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
                ) && Opened(read.Cipher, content, read.Value, plain)
            )
                return "opened";
        }
        return "not opened";
    }

    private static bool Opened(ContentCipher cipher, byte[] key, XmlValue value, string plain)
    {
        byte[] sealedOctets = new byte[value.Octets.Length];
        byte[] plaintext = new byte[value.Octets.Length];
        return StrictBase64.TryDecode(value.Octets, sealedOctets, out int length)
            && cipher.TryOpen(key, sealedOctets.AsSpan(0, length), plaintext, out int opened)
            && Same(plaintext.AsSpan(0, opened), File.ReadAllBytes(plain));
    }

    // The file beside it says the same where it is XML, with an XML declaration and other line ends.
    private static bool Same(ReadOnlySpan<byte> opened, byte[] plain) =>
        opened.SequenceEqual(plain)
        || CanonicalForms.Ours(plain, comments: true, "")
            == CanonicalForms.Ours(opened.ToArray(), comments: true, "");

    private static string Named(FindingList findings) =>
        "left out: "
        + string.Join(
            ", ",
            findings.Items.Select(finding =>
                $"{finding.Code} {finding.Found} ({finding.Kind.Rule})"
            )
        );

    private static DecryptionKey Key(string file)
    {
        using X509Certificate2 pair = X509CertificateLoader.LoadPkcs12FromFile(
            file,
            "passwd",
            X509KeyStorageFlags.Exportable
        );
        using RSA rsa = pair.GetRSAPrivateKey()!;
        return DecryptionKey.Import(rsa.ExportPkcs8PrivateKey(), pair.RawData);
    }

    [GeneratedRegex(
        "^\uFEFF?<\\?xml.*?\\?>",
        RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Declaration();
}
