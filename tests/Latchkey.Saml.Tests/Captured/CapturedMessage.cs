using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml;
using Latchkey.Saml.Encryption;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Xml;
using XmlElement = System.Xml.XmlElement;

namespace Latchkey.Saml.Tests.Captured;

/// <summary>
/// A Response that somebody's provider once sent, judged as its addressee would have at that moment: entity IDs,
/// address, request and time are those it names itself, and the pinned key is that of the certificate it carries,
/// unless the suite it comes from names another. Old senders' switches (SHA-1, CBC) are on.
/// </summary>
/// <remarks>Keys that are too weak for the product are judged both ways: as it judges them, and as if their strength did not matter.</remarks>
internal sealed class CapturedMessage
{
    private readonly string field;
    private readonly XmlDocument document = new() { PreserveWhitespace = true };
    private readonly IReadOnlyList<X509Certificate2> certificates;
    private readonly List<DecryptionKey> decryptionKeys = [];
    private readonly List<DecryptionKey> weakDecryptionKeys = [];

    /// <param name="file">XML, or a message's base64.</param>
    /// <param name="certificates">The identity provider's; none: those that the message carries.</param>
    /// <param name="pairs">The service provider's certificates with their keys.</param>
    public CapturedMessage(
        byte[] file,
        IReadOnlyList<X509Certificate2> certificates,
        IReadOnlyList<X509Certificate2> pairs
    )
    {
        this.certificates = certificates;
        foreach (X509Certificate2 pair in pairs)
            try
            {
                decryptionKeys.Add(
                    DecryptionKey.Import(
                        pair.GetRSAPrivateKey()!.ExportPkcs8PrivateKey(),
                        pair.RawData
                    )
                );
            }
            catch (CryptographicException)
            {
                weakDecryptionKeys.Add(KeysOfAnyStrength.Decryption(pair));
            }
        string text = Encoding.UTF8.GetString(file);
        bool isXml = text.TrimStart('\uFEFF').TrimStart().StartsWith('<');
        field = isXml ? Convert.ToBase64String(file) : text;
        byte[] xml = isXml ? file : Decoded(text);
        Xml = xml;
        Load(document, xml);
        IsResponse = document.DocumentElement is { } root
            ? root.LocalName == "Response"
            : Encoding.UTF8.GetString(xml).Contains("Response", StringComparison.Ordinal);
        Signatures = CapturedSignature.Describe(xml, [.. Carried(), .. certificates]);
    }

    /// <summary>Its octets.</summary>
    public byte[] Xml { get; }

    /// <summary>Whether it is meant as a Response, well-formed or not.</summary>
    public bool IsResponse { get; }

    /// <summary>Each signature where one counts, and whether digest and value are good under the carried certificate, of any strength.</summary>
    public string Signatures { get; }

    /// <summary>Accepted with its NameID, or refused with the codes of the findings.</summary>
    public string Verdict() => Judge(anyStrength: false);

    /// <summary>The same if the strength of keys did not matter.</summary>
    public string VerdictWithKeysOfAnyStrength() => Judge(anyStrength: true);

    /// <summary>What is recorded of it, with tabs: signatures, verdict, and the verdict with keys of any strength where there are weak ones.</summary>
    public string Record()
    {
        string verdict = Verdict();
        string others = VerdictWithKeysOfAnyStrength();
        return $"{Signatures}\t{verdict}{(others == verdict ? "" : $"\t{others}")}";
    }

    private string Judge(bool anyStrength)
    {
        List<VerificationKey> keys = [];
        bool weak = false;
        foreach (X509Certificate2 certificate in certificates.Count > 0 ? certificates : Carried())
            try
            {
                keys.Add(VerificationKey.FromCertificate(certificate.RawData));
            }
            catch (CryptographicException)
            {
                if (anyStrength)
                    keys.Add(KeysOfAnyStrength.Verification(certificate));
                else
                    weak = true;
            }
        Verdict<VerifiedAssertion> verdict = ResponseValidator.Validate(
            field,
            Rules(keys, anyStrength)
        );
        string codes = string.Join(
            ", ",
            verdict
                .Findings.Select(finding => finding.Code)
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
        string warned = codes.Length > 0 ? $" with {codes}" : "";
        return verdict.Accepted
            ? $"accepted {verdict.Value.NameId?.Value}{warned}"
            : $"refused {(weak && keys.Count == 0 ? "key-too-weak, " : "")}{codes}";
    }

    private ResponseRules Rules(List<VerificationKey> keys, bool anyStrength)
    {
        XmlElement? assertion = Assertion();
        string? request =
            Value(assertion, ".//*[local-name()='SubjectConfirmationData']/@InResponseTo")
            ?? Value(document.DocumentElement, "@InResponseTo");
        return new ResponseRules
        {
            ServiceProviderEntityId =
                Value(assertion, ".//*[local-name()='Audience']/text()") ?? "none",
            AssertionConsumerServiceUrl =
                Value(document.DocumentElement, "@Destination")
                ?? Value(assertion, ".//*[local-name()='SubjectConfirmationData']/@Recipient")
                ?? "none",
            IdentityProviderEntityId =
                Value(assertion, "*[local-name()='Issuer']/text()")
                ?? Value(document.DocumentElement, "*[local-name()='Issuer']/text()")
                ?? "none",
            Keys = keys,
            RequestId = request,
            AllowUnsolicited = request is null,
            AllowSha1 = true,
            AllowCbc = true,
            DecryptionKeys = anyStrength
                ? [.. decryptionKeys, .. weakDecryptionKeys]
                : decryptionKeys,
            Now = Moment(assertion),
        };
    }

    // When it had just been issued and was valid.
    private DateTimeOffset Moment(XmlElement? assertion)
    {
        DateTimeOffset latest = DateTimeOffset.MinValue;
        foreach (
            string? value in (string?[])
                [
                    Value(document.DocumentElement, "@IssueInstant"),
                    Value(assertion, "@IssueInstant"),
                    Value(assertion, ".//*[local-name()='Conditions']/@NotBefore"),
                ]
        )
            if (
                DateTimeOffset.TryParse(
                    value,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out DateTimeOffset time
                )
                && time > latest
            )
                latest = time;
        return latest > DateTimeOffset.MinValue ? latest.AddSeconds(1) : SampleResponses.Now;
    }

    // The first one, decrypted where we can: only what the rules are made of is taken from it.
    private XmlElement? Assertion()
    {
        if (Value(document.DocumentElement, "//*[local-name()='EncryptedAssertion']") is null)
            return (XmlElement?)document.SelectSingleNode("//*[local-name()='Assertion']");
        using Tape? tape = Tape.Read(
            Encoding.UTF8.GetBytes(document.OuterXml),
            MessageLimits.Default,
            new FindingList()
        );
        if (tape is null)
            return null;
        Decryption decryption = new(
            [.. decryptionKeys, .. weakDecryptionKeys],
            allowCbc: true,
            MessageLimits.Default
        );
        foreach (Latchkey.Saml.Xml.XmlElement child in tape.Root.Children)
        {
            if (!child.Is(XmlNamespace.Assertion, "EncryptedAssertion"u8))
                continue;
            using Tape? opened = decryption.Open(
                child,
                "Assertion"u8,
                inVerifiedOctets: true,
                new FindingList()
            );
            XmlDocument plain = new();
            if (opened is not null && Load(plain, opened.Source.ToArray()))
                return plain.DocumentElement;
        }
        return null;
    }

    private List<X509Certificate2> Carried()
    {
        List<X509Certificate2> carried = [];
        if (document.DocumentElement is null)
            return carried;
        const string Certificates = "//*[local-name()='X509Certificate']";
        IEnumerable<XmlNode> nodes = document.SelectNodes(Certificates)!.Cast<XmlNode>();
        // What was encrypted is a document of its own.
        if (Assertion() is { } assertion && assertion.OwnerDocument != document)
            nodes = nodes.Concat(assertion.SelectNodes(Certificates)!.Cast<XmlNode>());
        foreach (XmlNode node in nodes)
            try
            {
                carried.Add(
                    X509CertificateLoader.LoadCertificate(Convert.FromBase64String(node.InnerText))
                );
            }
            catch (Exception unread) when (unread is FormatException or CryptographicException)
            {
                // Some of them are cut short on purpose.
            }
        return carried;
    }

    private static string? Value(XmlNode? node, string path) =>
        node?.SelectSingleNode(path) is { } found ? found.Value ?? found.InnerText : null;

    private static bool Load(XmlDocument into, byte[] xml)
    {
        try
        {
            using MemoryStream stream = new(xml);
            using XmlReader reader = XmlReader.Create(
                stream,
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null }
            );
            into.Load(reader);
            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static byte[] Decoded(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return [];
        }
    }
}
