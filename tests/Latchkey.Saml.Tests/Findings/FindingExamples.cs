using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Tests.Attacks;
using Latchkey.Saml.Tests.Issuing;
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
        Kept().Concat(Requests()).Concat(MetadataFiles()).ToLookup(example => example.Finding.Code)
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
            .ValidatePost(
                Base64(RedirectAttacks.Xml.With(request.Old, request.Replacement)),
                relayState: null,
                RedirectAttacks.Rules with
                {
                    RequireSignature = false,
                }
            )
            .Findings
        select new FindingExample(request.What, finding, File: null);

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

    private static string Issuer =>
        KeyAttacks.Between(RedirectAttacks.Xml, "<saml:Issuer", "</saml:Issuer>");

    private static string Metadata { get; } =
        Encoding.UTF8.GetString(MetadataWriter.Write(MetadataRoundTripTests.ServiceProvider));

    private static string Base64(string xml) => Convert.ToBase64String(Encoding.UTF8.GetBytes(xml));
}
