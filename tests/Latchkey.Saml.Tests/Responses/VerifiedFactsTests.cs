using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Issuing;

namespace Latchkey.Saml.Tests.Responses;

/// <summary>What comes out of an accepted Response.</summary>
public sealed class VerifiedFactsTests
{
    [Theory]
    [InlineData(SignedParts.Assertion)]
    [InlineData(SignedParts.Response)]
    [InlineData(SignedParts.AssertionAndResponse)]
    public void What_the_identity_provider_wrote_the_service_provider_reads(SignedParts parts)
    {
        Verdict<VerifiedAssertion> verdict = ReceivedResponses.Written(parts).Validate();

        verdict.ShouldBeAccepted();
        ShouldBeAda(verdict.Value!);
    }

    [Fact]
    public void What_SignedXml_signed_is_read()
    {
        Verdict<VerifiedAssertion> verdict = ReceivedResponses
            .Unsigned.SignAssertion()
            .SignResponse()
            .Validate();

        verdict.ShouldBeAccepted();
    }

    [Fact]
    public void The_assertion_is_usable_as_long_as_its_longest_confirmation_but_no_longer_than_its_conditions() =>
        ReceivedResponses
            .Unsigned.With(
                "NotBefore=\"2026-03-14T09:23:53Z\" NotOnOrAfter=\"2026-03-14T09:31:53Z\"",
                "NotBefore=\"2026-03-14T09:23:53Z\" NotOnOrAfter=\"2026-03-14T09:28:00Z\""
            )
            .SignResponse()
            .Validate()
            .Value!.NotOnOrAfter.ShouldBe(new DateTimeOffset(2026, 3, 14, 9, 28, 0, TimeSpan.Zero));

    [Fact]
    public void An_assertion_without_NameID_names_nobody()
    {
        Verdict<VerifiedAssertion> verdict = ReceivedResponses
            .Unsigned.Without("<saml:NameID ", "</saml:NameID>")
            .SignResponse()
            .Validate();

        verdict.ShouldBeAccepted();
        verdict.Value!.NameId.ShouldBeNull();
    }

    private static void ShouldBeAda(VerifiedAssertion assertion)
    {
        AssertionToIssue ada = SampleResponses.Ada.Assertion;
        assertion.Id.ShouldBe(ada.Id);
        assertion.Issuer.ShouldBe(SampleResponses.Ada.Issuer);
        assertion.NameId.ShouldBe(ada.NameId);
        assertion.InResponseTo.ShouldBe(SampleResponses.Ada.InResponseTo);
        assertion.AuthnInstant.ShouldBe(ada.AuthnInstant);
        assertion.AuthnContextClassRef.ShouldBe(ada.AuthnContextClassRef);
        assertion.SessionIndex.ShouldBe(ada.SessionIndex);
        assertion.SessionNotOnOrAfter.ShouldBe(ada.SessionNotOnOrAfter);
        assertion.NotOnOrAfter.ShouldBe(ada.NotOnOrAfter);
        Flat(assertion.Attributes).ShouldBe(Flat(ada.Attributes));
    }

    private static string[] Flat(IEnumerable<SamlAttribute> attributes) =>
        [
            .. attributes.Select(a =>
                $"{a.Name}|{a.NameFormat}|{a.FriendlyName}|{string.Join('|', a.Values)}"
            ),
        ];
}
