using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Tests.Attacks;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Metadata;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Findings;

/// <summary>What was wrong, and what was said about it: found by the validators themselves.</summary>
/// <param name="What">What was done to a genuine message.</param>
/// <param name="Finding">What was found.</param>
/// <param name="File">The kept message, if it is one.</param>
internal sealed record FindingExample(string What, Finding Finding, string? File);

/// <summary>An example of every finding that one message can have.</summary>
internal static class FindingExamples
{
    private const string AcsUrl = " AssertionConsumerServiceURL=";

    private static readonly Lazy<ILookup<string, FindingExample>> All = new(() =>
        Kept()
            .Concat(Requests())
            .Concat(Addresses())
            .Concat(MetadataFiles())
            .Concat(DemandingRules())
            .Concat(Written())
            .Concat(MessageExamples.All())
            .ToLookup(example => example.Finding.Code)
    );

    /// <summary>The examples of a finding, kept messages first.</summary>
    public static IEnumerable<FindingExample> Of(FindingKind kind) => All.Value[kind.Code];

    // First those that were made to show just this, in the plainest way.
    private static IEnumerable<FindingExample> Kept() =>
        from attack in AttackTable.All
        from finding in attack.Judge().Findings
        orderby attack.Code != finding.Code, attack.Rule != finding.Kind.Rule, attack.Folder
            == "comments"
        select new FindingExample(attack.What, finding, attack.File);

    private static IEnumerable<FindingExample> Requests() =>
        from request in ((string What, string Old, string Replacement)[])
            [
                ("a request without Issuer", Issuer, ""),
                ("a request of two hours ago", "T09:26:53Z", "T07:26:53Z"),
                (
                    "a request that names the user",
                    Issuer,
                    Issuer + "<saml:Subject xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>"
                ),
                (
                    "a request for an authentication context by declaration",
                    Issuer,
                    Issuer
                        + "<samlp:RequestedAuthnContext><saml:AuthnContextDeclRef xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">urn:x</saml:AuthnContextDeclRef></samlp:RequestedAuthnContext>"
                ),
                (
                    "a request that names the place for the Response twice",
                    AcsUrl,
                    " AssertionConsumerServiceIndex=\"0\"" + AcsUrl
                ),
            ]
        from finding in AuthnRequestValidator
            .Validate(
                IncomingMessage.FromForm(
                    Base64(RedirectAttacks.Xml.With(request.Old, request.Replacement)),
                    relayState: null
                ),
                RedirectAttacks.Rules with
                {
                    RequireSignature = false,
                }
            )
            .Findings
        select new FindingExample(request.What, finding, File: null);

    private static IEnumerable<FindingExample> Addresses() =>
        from wanted in ((string What, AuthnRequest Request, IndexedEndpoint[] Registered)[])
            [
                (
                    "a request for another address than the registered one",
                    Request with
                    {
                        AssertionConsumerServiceUrl = "https://wiki.example.test/acs/",
                    },
                    Registered
                ),
                (
                    "a request for an index that is not registered",
                    Request with
                    {
                        AssertionConsumerServiceIndex = 7,
                    },
                    Registered
                ),
                (
                    "a request for another binding, which is not registered",
                    Request with
                    {
                        ProtocolBinding = "urn:oasis:names:tc:SAML:2.0:bindings:PAOS",
                    },
                    Registered
                ),
                ("a request of a service provider without an address", Request, []),
            ]
        from finding in AssertionConsumerServices
            .Resolve(wanted.Request, wanted.Registered)
            .Findings
        select new FindingExample(wanted.What, finding, File: null);

    // What is found by the application's memory or its settings, or by no message that anybody could make.
    private static IEnumerable<FindingExample> Written() =>
        [
            new(
                "an assertion that was used before",
                new Finding(
                    FindingKinds.AssertionReplayed,
                    "an assertion that was not used before",
                    "_assertion00000000000000000000000000000001",
                    "saml:Assertion, @ID"
                ),
                File: null
            ),
            new(
                "a second Response to one request",
                new Finding(
                    FindingKinds.RequestAnswered,
                    "a request that was not answered yet",
                    "_request00000000000000000000000000000000001",
                    "samlp:Response, @InResponseTo"
                ),
                File: null
            ),
            new(
                "a sign-in of yesterday, where a fresh one was asked for",
                new Finding(
                    FindingKinds.AuthnNotFresh,
                    "at or after 2026-03-14T09:26:53Z",
                    "2026-03-13T09:26:53Z",
                    "saml:AuthnStatement, @AuthnInstant"
                ),
                File: null
            ),
            new(
                "an attribute that the application needs is not there",
                new Finding(FindingKinds.AttributeNotSent, "email", At: "saml:AttributeStatement"),
                File: null
            ),
            new(
                "a form with the field twice",
                new Finding(
                    FindingKinds.ResponseFormWrong,
                    "SAMLResponse once",
                    "twice",
                    "the form"
                ),
                File: null
            ),
            new(
                "no message that anybody could make",
                new Finding(
                    FindingKinds.CanonicalFormUnstable,
                    "the octets that were signed",
                    "others",
                    "/samlp:Response/saml:Assertion line 1, column 560"
                ),
                File: null
            ),
        ];

    private static IEnumerable<FindingExample> MetadataFiles() =>
        from file in ((string What, string Xml)[])
            [
                ("a page in place of metadata", "<html><body>Sign in</body></html>"),
                (
                    "metadata that ended",
                    Metadata.Replace(
                        "entityID",
                        "validUntil=\"2026-03-14T09:26:53Z\" entityID",
                        StringComparison.Ordinal
                    )
                ),
                (
                    "an entity without a role",
                    "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://wiki.example.test/metadata\"/>"
                ),
                (
                    "an address by plain http",
                    Metadata.Replace(
                        "https://wiki.example.test/acs",
                        "http://wiki.example.test/acs",
                        StringComparison.Ordinal
                    )
                ),
                (
                    "one of two entities without a role",
                    $"<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{Metadata}<EntityDescriptor entityID=\"https://other.example.test\"/></EntitiesDescriptor>"
                ),
                (
                    "a service provider without an address for Responses",
                    Regex.Replace(
                        Metadata,
                        "<md:AssertionConsumerService.*</md:AssertionConsumerService>",
                        "",
                        RegexOptions.None,
                        TimeSpan.FromSeconds(5)
                    )
                ),
                (
                    "a certificate with an RSA key of 1024 bits",
                    Regex.Replace(
                        Metadata,
                        "<ds:X509Certificate>[^<]*",
                        "<ds:X509Certificate>"
                            + Convert.ToBase64String(TestKeys.CertificateDer("weak")),
                        RegexOptions.None,
                        TimeSpan.FromSeconds(5)
                    )
                ),
                (
                    "a certificate that is none",
                    Metadata.Replace(
                        "<ds:X509Certificate>",
                        "<ds:X509Certificate>AAAA",
                        StringComparison.Ordinal
                    )
                ),
            ]
        from finding in MetadataReader
            .Read(Encoding.UTF8.GetBytes(file.Xml), SampleResponses.Now)
            .Findings
        select new FindingExample(file.What, finding, File: null);

    private static IEnumerable<FindingExample> DemandingRules() =>
        from demand in ((string What, MetadataRules Rules, string Xml)[])
            [
                (
                    "unsigned metadata where its publisher's key is pinned",
                    Demand with
                    {
                        Keys = [ReceivedResponses.IdentityProviderKey],
                    },
                    Metadata
                ),
                (
                    "metadata without an end",
                    Demand with
                    {
                        RequireValidUntil = true,
                    },
                    Metadata.Replace(
                        " validUntil=",
                        " xmlns:x=\"urn:x\" x:was=",
                        StringComparison.Ordinal
                    )
                ),
                (
                    "metadata that is valid for a century",
                    Demand with
                    {
                        LongestValidity = TimeSpan.FromDays(14),
                    },
                    Ending("2126-03-14T09:26:53Z")
                ),
                (
                    "metadata of another entity",
                    Demand with
                    {
                        EntityId = "https://shop.example.test/metadata",
                    },
                    Metadata
                ),
                (
                    "an aggregate that describes one entity twice",
                    Demand with
                    {
                        EntityId = "https://wiki.example.test/metadata",
                    },
                    $"<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{Metadata}{Metadata}</EntitiesDescriptor>"
                ),
            ]
        from finding in MetadataReader
            .Read(Encoding.UTF8.GetBytes(demand.Xml), demand.Rules)
            .Findings
        select new FindingExample(demand.What, finding, File: null);

    private static readonly MetadataRules Demand = new() { Now = SampleResponses.Now };

    private static readonly AuthnRequest Request = new()
    {
        Id = "_request00000000000000000000000000000000001",
        IssueInstant = SampleResponses.Now,
        Issuer = "https://wiki.example.test/metadata",
    };

    private static readonly IndexedEndpoint[] Registered =
    [
        new(SamlBindings.Post, "https://wiki.example.test/acs", 0),
    ];

    private static string Issuer =>
        KeyAttacks.Between(RedirectAttacks.Xml, "<saml:Issuer", "</saml:Issuer>");

    private static string Metadata { get; } =
        Encoding.UTF8.GetString(MetadataWriter.Write(MetadataRoundTripTests.ServiceProvider));

    private static string Ending(string time) =>
        Regex.Replace(
            Metadata.Replace("validUntil=", "wasValid=", StringComparison.Ordinal),
            "( wasValid=\"[^\"]*\")? entityID",
            $" validUntil=\"{time}\" entityID",
            RegexOptions.None,
            TimeSpan.FromSeconds(5)
        );

    private static string Base64(string xml) => Convert.ToBase64String(Encoding.UTF8.GetBytes(xml));
}
