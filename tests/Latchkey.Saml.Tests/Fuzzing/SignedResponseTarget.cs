using System.Text;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Encryption;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>An altered Response is refused, or says exactly what was signed (rules S1, S7, S8).</summary>
internal class SignedResponseTarget : FuzzTarget
{
    /// <summary>The widest rules there are: what is refused under these is refused under all.</summary>
    private static readonly ResponseRules Rules = Sealing.Rules with
    {
        AllowCbc = true,
        AllowSha1 = true,
    };

    // What an attacker can have from the same identity provider: a Response to eve for another request, an error, the
    // Response before it was signed.
    private static readonly string[] Donors =
    [
        Encoding.UTF8.GetString(
            ResponseWriter.Write(
                Eve(SampleResponses.Ada),
                TestKeys.IdentityProvider,
                SignedParts.AssertionAndResponse,
                SignatureAlgorithm.RsaSha256
            )
        ),
        TestData.Text("golden/error-requester.xml"),
        ReceivedResponses.Unsigned,
    ];

    private readonly AlteredMessages messages;
    private readonly List<string> signed;

    public SignedResponseTarget()
        : this([.. Enum.GetValues<SignedParts>().Select(ReceivedResponses.Written)], []) { }

    /// <param name="genuine">Accepted messages: what they say is all that may be said.</param>
    /// <param name="others">Messages to begin with besides.</param>
    protected SignedResponseTarget(IReadOnlyList<string> genuine, IReadOnlyList<string> others)
    {
        messages = new AlteredMessages(
            others.Count == 0 ? genuine : others,
            [.. Donors, .. genuine]
        );
        signed = [.. genuine.Select(message => Facts.Of(message.Validate(Rules))).Distinct()];
    }

    public override string Name => "response-signed";

    public override byte[] Make(Random random) => messages.Next(random);

    public override void Check(byte[] input) =>
        ResponseValidator
            .Validate(Convert.ToBase64String(input), Rules)
            .ShouldSayNothingButWhatWasSigned(signed);

    private static ResponseToIssue Eve(ResponseToIssue ada) =>
        ada with
        {
            Id = "_response0000000000000000000000000000000002",
            InResponseTo = "_request00000000000000000000000000000000002",
            Assertion = ada.Assertion with
            {
                Id = "_assertion00000000000000000000000000000002",
                NameId = new NameId("eve@example.test", NameIdFormats.EmailAddress),
                Attributes = [new SamlAttribute("email", ["eve@example.test"])],
            },
        };
}

/// <summary>The same for what is encrypted, by every cipher, signed inside, outside or both (rules E1 to E3).</summary>
internal sealed class EncryptedResponseTarget() : SignedResponseTarget([.. Genuine()], [])
{
    public override string Name => "response-encrypted";

    private static IEnumerable<string> Genuine()
    {
        EncryptionKey key = EncryptionKey.FromCertificate(TestKeys.CertificateDer("test-only-sp"));
        foreach (SignedParts parts in Enum.GetValues<SignedParts>())
        foreach (ContentEncryption content in Enum.GetValues<ContentEncryption>())
            if (
                parts != SignedParts.Assertion
                || content is ContentEncryption.Aes128Gcm or ContentEncryption.Aes256Gcm
            )
                yield return Encoding.UTF8.GetString(
                    ResponseWriter.Write(
                        SampleResponses.Ada with
                        {
                            Encryption = new AssertionEncryption(key) { Content = content },
                        },
                        TestKeys.IdentityProvider,
                        parts,
                        SignatureAlgorithm.RsaSha256
                    )
                );
        // An EncryptedID and an EncryptedAttribute. SignedXml signs a line feed where a carriage return was.
        yield return new Sealing()
            .Element(ReceivedResponses.Unsigned, "saml:NameID", "saml:EncryptedID")
            .SignAssertion();
        yield return new Sealing()
            .Element(ReceivedResponses.Unsigned, "saml:Attribute", "saml:EncryptedAttribute")
            .SignResponse();
    }
}

/// <summary>The same, beginning with messages of attackers, which are one step further already.</summary>
internal sealed class AttackingResponseTarget()
    : SignedResponseTarget(
        [.. Enum.GetValues<SignedParts>().Select(ReceivedResponses.Written)],
        [.. Attacks()]
    )
{
    // Those in which nothing is signed by the identity provider but what it says of ada.
    private static readonly string[] Folders =
    [
        "decoys",
        "ids",
        "position",
        "references",
        "signed-info",
        "tampered",
        "transforms",
        "values",
        "wrapping",
    ];

    public override string Name => "response-attacks";

    private static IEnumerable<string> Attacks() =>
        Folders
            .SelectMany(folder => Directory.GetFiles(TestData.PathOf($"attacks/{folder}"), "*.xml"))
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllText);
}
