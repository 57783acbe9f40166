using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Responses;

namespace Latchkey.Saml.Tests.Readme;

internal static class ValidateSample
{
    public static string? Run(
        string samlResponse,
        byte[] certificate,
        DateTimeOffset now,
        TextWriter log
    )
    {
        // readme: validate
        using VerificationKey key = VerificationKey.FromCertificate(certificate);
        ResponseRules rules = new()
        {
            IdentityProviderEntityId = "https://id.example.test/saml2/wiki",
            ServiceProviderEntityId = "https://wiki.example.test",
            AssertionConsumerServiceUrl = "https://wiki.example.test/acs",
            Keys = [key],
            RequestId = "_the-id-of-the-request",
            Now = now,
        };

        Verdict<VerifiedAssertion> verdict = ResponseValidator.Validate(samlResponse, rules);

        foreach (Finding finding in verdict.Findings)
            log.WriteLine($"{finding.Code}: {finding.Kind.Title} {finding.Kind.Remedy}");
        string? user = verdict.Accepted ? verdict.Value.NameId?.Value : null;
        // readme: end
        return user;
    }
}
