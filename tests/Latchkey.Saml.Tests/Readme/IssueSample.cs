using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Tests.Readme;

internal static class IssueSample
{
    public static string Run(SigningKey key, DateTimeOffset now)
    {
        // readme: issue
        ResponseToIssue response = new()
        {
            Id = IdSource.Random.Next(),
            IssueInstant = now,
            Issuer = "https://id.example.test/saml2/wiki",
            Destination = "https://wiki.example.test/acs",
            InResponseTo = "_the-id-of-the-request",
            Assertion = new AssertionToIssue
            {
                Id = IdSource.Random.Next(),
                Audience = "https://wiki.example.test",
                NameId = new NameId("ada@example.test", NameIdFormats.EmailAddress),
                NotBefore = now.AddMinutes(-3),
                NotOnOrAfter = now.AddMinutes(5),
                AuthnInstant = now,
                SessionIndex = IdSource.Random.Next(),
                AuthnContextClassRef = AuthnContextClasses.PasswordProtectedTransport,
                Attributes =
                [
                    new SamlAttribute("email", ["ada@example.test"]),
                    new SamlAttribute("groups", ["Engineering", "Research"]),
                ],
            },
        };
        string samlResponse = ResponseWriter.WriteFormValue(
            response,
            key,
            SignedParts.AssertionAndResponse,
            SignatureAlgorithm.RsaSha256
        );
        // readme: end
        return samlResponse;
    }
}
