namespace Latchkey.Saml.Tests.Responses;

/// <summary>Under which conditions an assertion holds (rule P5).</summary>
public sealed class ConditionsTests
{
    private const string Other = "https://elsewhere.example.test/";

    [Theory]
    [InlineData("2026-03-14T09:29:53Z", "2026-03-14T09:31:53Z")]
    [InlineData("2026-03-14T09:00:00Z", "2026-03-14T09:23:54Z")]
    [InlineData("2026-03-14T10:23:53+01:00", "2026-03-14T10:31:53.1234567891+01:00")]
    public void P5_Clocks_may_differ_by_the_skew(string notBefore, string notOnOrAfter) =>
        ReceivedResponses
            .Unsigned.With(
                "NotBefore=\"2026-03-14T09:23:53Z\" NotOnOrAfter=\"2026-03-14T09:31:53Z\"",
                $"NotBefore=\"{notBefore}\" NotOnOrAfter=\"{notOnOrAfter}\""
            )
            .SignResponse()
            .Validate()
            .ShouldBeAccepted();

    [Fact]
    public void P5_Conditions_that_are_kept_anyway_pass() =>
        ReceivedResponses
            .Unsigned.With(
                "</saml:Conditions>",
                "<saml:OneTimeUse/><saml:ProxyRestriction Count=\"0\"/></saml:Conditions>"
            )
            .With("<saml:Audience>", "<saml:Audience>" + Other + "</saml:Audience><saml:Audience>")
            .SignResponse()
            .Validate()
            .ShouldBeAccepted();
}
