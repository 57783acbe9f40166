namespace Latchkey.Saml.Tests.Responses;

/// <summary>A Response answers the request that is pending in this browser (rule P1).</summary>
public sealed class PendingRequestTests
{
    [Fact]
    public void P1_A_response_to_no_request_is_refused_unless_allowed()
    {
        string xml = Unsolicited().SignResponse();

        xml.Validate(ReceivedResponses.Rules with { RequestId = null })
            .ShouldBeRefusedFor("response-unsolicited");
        xml.Validate(ReceivedResponses.Rules with { RequestId = null, AllowUnsolicited = true })
            .ShouldBeAccepted();
    }

    private static string Unsolicited() =>
        ReceivedResponses
            .Unsigned.With(" InResponseTo=\"_request00000000000000000000000000000000001\"", "")
            .With(" InResponseTo=\"_request00000000000000000000000000000000001\"", "");
}
