using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Tests.Issuing;

public sealed class ErrorResponseTests
{
    private static readonly ErrorResponse Error = new()
    {
        Id = "_error00000000000000000000000000000000001",
        IssueInstant = SampleResponses.Now,
        Issuer = "https://id.example.test/saml2/wiki",
        Destination = "https://wiki.example.test/acs",
        InResponseTo = "_request00000000000000000000000000000000001",
        Status = StatusCodes.Responder,
        SubStatus = StatusCodes.NoPassive,
        Message = "The user would have to be asked.",
    };

    [Fact]
    public void An_error_is_the_same_byte_for_byte() =>
        ResponseWriter.WriteError(Error).ShouldEqualGolden("golden/error-nopassive.xml");

    [Fact]
    public void An_error_of_few_words_is_the_same_byte_for_byte() =>
        ResponseWriter
            .WriteError(
                Error with
                {
                    Status = StatusCodes.Requester,
                    SubStatus = null,
                    Message = null,
                    InResponseTo = null,
                }
            )
            .ShouldEqualGolden("golden/error-requester.xml");
}
