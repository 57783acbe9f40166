using Latchkey.Saml.Issuing;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Bindings;

/// <summary>The form field of a message by HTTP-POST (rule B2).</summary>
public sealed class PostedMessageTests
{
    [Theory]
    [InlineData("not base64 at all!")]
    [InlineData("PGE+PC9hPg")]
    [InlineData("PGE+PC9hPh==")]
    [InlineData("PGE-PC9hPg==")]
    [InlineData("PGE+PC9hPg==PGE+")]
    [InlineData("")]
    public void B2_A_field_that_is_no_proper_base64_is_refused(string field) =>
        ResponseValidator.Validate(field, ReceivedResponses.Rules).Accepted.ShouldBeFalse();

    [Fact]
    public void B2_Base64_in_lines_is_read()
    {
        string lines = Convert.ToBase64String(
            System.Text.Encoding.UTF8.GetBytes(ReceivedResponses.Written(SignedParts.Response)),
            Base64FormattingOptions.InsertLineBreaks
        );

        ResponseValidator.Validate(lines, ReceivedResponses.Rules).ShouldBeAccepted();
    }

    [Theory]
    [InlineData(1_400_001)]
    [InlineData(1_399_996)]
    public void X2_A_field_that_is_too_long_is_refused_before_it_is_read(int length) =>
        ResponseValidator
            .Validate(new string('A', length), ReceivedResponses.Rules)
            .Findings.ShouldHaveSingleItem()
            .Code.ShouldBe("message-too-long");
}
