using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Tests.Issuing;

/// <summary>Responses with frozen clock and identifiers.</summary>
internal static class SampleResponses
{
    public static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    public static ResponseToIssue Ada { get; } =
        new()
        {
            Id = "_response0000000000000000000000000000000001",
            IssueInstant = Now,
            Issuer = "https://id.example.test/saml2/wiki",
            Destination = "https://wiki.example.test/acs?tenant=1&lang=en",
            InResponseTo = "_request00000000000000000000000000000000001",
            Assertion = new AssertionToIssue
            {
                Id = "_assertion00000000000000000000000000000001",
                Audience = "https://wiki.example.test/metadata",
                NameId = new NameId("ada@example.test", NameIdFormats.EmailAddress),
                NotBefore = Now.AddMinutes(-3),
                NotOnOrAfter = Now.AddMinutes(5),
                AuthnInstant = Now.AddSeconds(-20),
                SessionIndex = "_session000000000000000000000000000000000001",
                SessionNotOnOrAfter = Now.AddHours(8),
                AuthnContextClassRef = AuthnContextClasses.PasswordProtectedTransport,
                Attributes =
                [
                    new SamlAttribute(
                        "email",
                        ["ada@example.test"],
                        AttributeNameFormats.Basic,
                        "E-mail"
                    ),
                    new SamlAttribute(
                        "displayName",
                        ["Ada Lovelace, Zoë & <Co> \"quoted\" 😀"],
                        AttributeNameFormats.Unspecified
                    ),
                    new SamlAttribute(
                        "groups",
                        ["Engineering", "R&D", " spaced ", "line\nbreak\ttab\rreturn"]
                    ),
                    new SamlAttribute("nothing", []),
                ],
            },
        };

    public static ResponseToIssue WithoutAttributes { get; } =
        Ada with
        {
            Assertion = Ada.Assertion with { Attributes = [] },
        };

    public static ResponseToIssue Plain { get; } =
        Ada with
        {
            Assertion = Ada.Assertion with
            {
                Attributes = [.. Ada.Assertion.Attributes.Where(a => a.Name != "groups")],
            },
        };
}
