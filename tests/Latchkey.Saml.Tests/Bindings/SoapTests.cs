using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Logout;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Messages;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Bindings;

/// <summary>The SOAP 1.1 envelope (saml-bindings-2.0 §3.2).</summary>
public sealed class SoapTests
{
    private static readonly string Message = Encoding.UTF8.GetString(
        MessageWriter.ToSoap(Sample.LogoutRequest, TestKeys.ServiceProvider)
    );

    /// <summary>What stands in the envelope, what it becomes, the finding.</summary>
    public static TheoryData<string, string, string> Broken =>
        new()
        {
            { "xmlsoap.org/soap/envelope/", "w3.org/2003/05/soap-envelope", "soap-expected" },
            { "<soap:Envelope", "<!DOCTYPE x><soap:Envelope", "xml-doctype" },
            { "<soap:Body>", "<soap:Body>text", "text-unexpected" },
            { "<soap:Body>", "<soap:Body><x/>", "element-unexpected" },
            { "</soap:Body>", "</soap:Body><soap:Body/>", "element-unexpected" },
            { "</soap:Envelope>", "</soap:Envelope><x/>", "xml-malformed" },
            {
                "<soap:Body>",
                "<soap:Header><x soap:mustUnderstand=\"1\"/></soap:Header><soap:Body>",
                "soap-header-not-understood"
            },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void X4_An_envelope_that_is_not_as_SOAP_has_it_is_refused(
        string old,
        string replacement,
        string code
    ) => Validate(Message.With(old, replacement)).ShouldBeRefusedFor(code);

    [Fact]
    public void Headers_that_need_not_be_understood_are_passed_over() =>
        Validate(
                Message.With(
                    "<soap:Body>",
                    "<soap:Header><x mustUnderstand=\"1\" soap:mustUnderstand=\"0\"/></soap:Header> <!-- here --> <soap:Body>"
                )
            )
            .ShouldBeAccepted();

    [Fact]
    public void An_empty_body_is_refused() =>
        Validate(
                "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body/></e:Envelope>"
            )
            .ShouldBeRefusedFor("element-missing");

    [Fact]
    public void A_fault_is_named_with_its_text()
    {
        var verdict = Validate(
            Encoding.UTF8.GetString(MessageWriter.ToSoapFault("Not <now> & here", ours: true))
        );

        verdict.ShouldBeRefusedFor("soap-fault");
        verdict.Findings[0].Found.ShouldBe("Not <now> & here");
    }

    private static Verdict<Received<Protocol.LogoutRequest>> Validate(string xml) =>
        LogoutRequestValidator.Validate(
            IncomingMessage.FromSoap(Encoding.UTF8.GetBytes(xml)),
            Sample.Rules
        );
}
