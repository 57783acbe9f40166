using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Attacks;
using Latchkey.Saml.Tests.Issuing;

namespace Latchkey.Saml.Tests.Responses;

/// <summary>All that is wrong is said at once, each thing with what was expected, what was found and where.</summary>
public sealed class EveryFindingTests
{
    [Fact]
    public void A_finding_says_what_was_expected_what_was_found_and_where()
    {
        Finding finding = ReceivedResponses
            .Unsigned.With(
                "<saml:Audience>https://wiki.example.test/metadata<",
                "<saml:Audience>https://wiki.example.test/<"
            )
            .SignResponse()
            .Validate()
            .Findings.ShouldHaveSingleItem();

        finding.Expected.ShouldBe("https://wiki.example.test/metadata");
        finding.Found.ShouldBe("https://wiki.example.test/");
        finding.At!.ShouldStartWith(
            "/samlp:Response/saml:Assertion/saml:Conditions/saml:AudienceRestriction line 1, column "
        );
    }

    [Fact]
    public void A_message_wrong_in_five_ways_has_five_findings()
    {
        Verdict<VerifiedAssertion> verdict = ReceivedResponses
            .Unsigned.With("status:Success", "status:Responder")
            .With("Destination=\"https://wiki", "Destination=\"https://shop")
            .With("Recipient=\"https://wiki", "Recipient=\"https://shop")
            .With("<saml:Audience>https://wiki", "<saml:Audience>https://shop")
            .SignResponse()
            .With("ada@", "eve@")
            .Validate();

        verdict
            .Findings.Select(finding => finding.Code)
            .ShouldBe([
                "digest-mismatch",
                "status-not-success",
                "destination-mismatch",
                "recipient-mismatch",
                "audience-mismatch",
            ]);
    }

    [Fact]
    public void Every_rule_that_can_run_does_run_whatever_the_others_say()
    {
        Verdict<VerifiedAssertion> verdict = ReceivedResponses
            .Unsigned.With("Version=\"2.0\"><saml:Issuer>", "Version=\"1.1\"><saml:Issuer>")
            .With("status:Success", "status:Responder")
            .With("<saml:Issuer>https://id", "<saml:Issuer>https://evil")
            .With("Destination=\"https://wiki", "Destination=\"https://shop")
            .With("InResponseTo=\"_request0", "InResponseTo=\"_request1")
            .With("Recipient=\"https://wiki", "Recipient=\"https://shop")
            .With("<saml:Audience>https://wiki", "<saml:Audience>https://shop")
            .SignAssertion(signed =>
                signed.SigningKey = ReceivedResponses.PrivateKey("test-only-sp")
            )
            .Validate(
                ReceivedResponses.Rules with
                {
                    Now = SampleResponses.Now.AddDays(1),
                    AcceptedAuthnContexts = ["urn:x"],
                    RequiredSignatures = SignedParts.AssertionAndResponse,
                }
            );

        verdict
            .Findings.Select(finding => finding.Code)
            .ShouldBe([
                "signature-invalid",
                "response-signature-missing",
                "version-unsupported",
                "status-not-success",
                "issuer-mismatch",
                "destination-mismatch",
                "in-response-to-mismatch",
                "bearer-expired",
                "recipient-mismatch",
                "expired",
                "audience-mismatch",
                "session-expired",
                "authn-context-refused",
            ]);
    }

    [Fact]
    public void Every_finding_says_what_was_expected_and_where()
    {
        string[] incomplete =
        [
            .. AttackTable
                .All.SelectMany(attack => attack.Judge().Findings)
                .Where(finding =>
                    string.IsNullOrEmpty(finding.At) || string.IsNullOrEmpty(finding.Expected)
                )
                .Select(finding => finding.ToString())
                .Distinct(),
        ];

        incomplete.ShouldBeEmpty();
    }
}
