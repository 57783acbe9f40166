using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Issuing;

namespace Latchkey.Saml.Tests.Responses;

/// <summary>Every rule P1 to P6 (P7 is the caller's), each broken once in a message whose signature is good.</summary>
public sealed class ResponseRuleTests
{
    private const string Other = "https://elsewhere.example.test/";

    /// <summary>Rule, what is wrong, the text that stands in the message, what it becomes, the finding.</summary>
    public static TheoryData<string, string, string, string, string> BrokenRules =>
        new()
        {
            {
                "P2",
                "Response of version 1.1",
                "Version=\"2.0\"><saml:Issuer xmlns",
                "Version=\"1.1\"><saml:Issuer xmlns",
                "version-unsupported"
            },
            {
                "P2",
                "Assertion of version 1.1",
                "Version=\"2.0\"><saml:Issuer>",
                "Version=\"1.1\"><saml:Issuer>",
                "version-unsupported"
            },
            {
                "P2",
                "status Responder",
                "status:Success",
                "status:Responder",
                "status-not-success"
            },
            {
                "P2",
                "status in another case",
                "status:Success",
                "status:success",
                "status-not-success"
            },
            {
                "P2",
                "Response by another issuer",
                ">https://id.example.test/saml2/wiki</saml:Issuer><samlp",
                ">https://evil.example.test</saml:Issuer><samlp",
                "issuer-mismatch"
            },
            {
                "P2",
                "Assertion by another issuer",
                "<saml:Issuer>https://id.example.test/saml2/wiki<",
                "<saml:Issuer>https://id.example.test/saml2/wiki/<",
                "issuer-mismatch"
            },
            {
                "P2",
                "issuer with white space",
                "<saml:Issuer>https://id.example.test/saml2/wiki<",
                "<saml:Issuer> https://id.example.test/saml2/wiki<",
                "issuer-mismatch"
            },
            {
                "P2",
                "issuer of another format",
                "<saml:Issuer>",
                "<saml:Issuer Format=\"" + NameIdFormats.Persistent + "\">",
                "issuer-format"
            },
            {
                "P3",
                "no Destination",
                " Destination=\"https://wiki.example.test/acs?tenant=1&amp;lang=en\"",
                "",
                "destination-missing"
            },
            {
                "P3",
                "another Destination",
                "Destination=\"https://wiki.example.test/acs",
                "Destination=\"https://wiki.example.test/other",
                "destination-mismatch"
            },
            {
                "P3",
                "empty Destination",
                "Destination=\"https://wiki.example.test/acs?tenant=1&amp;lang=en\"",
                "Destination=\"\"",
                "destination-mismatch"
            },
            {
                "P3",
                "Destination in another case",
                "Destination=\"https://wiki",
                "Destination=\"https://Wiki",
                "destination-mismatch"
            },
            {
                "P4",
                "no Recipient",
                " Recipient=\"https://wiki.example.test/acs?tenant=1&amp;lang=en\"",
                "",
                "recipient-mismatch"
            },
            {
                "P4",
                "another Recipient",
                "Recipient=\"https://wiki.example.test/acs",
                "Recipient=\"https://wiki.example.test/other",
                "recipient-mismatch"
            },
            {
                "P4",
                "bearer without end",
                "<saml:SubjectConfirmationData InResponseTo=\"_request00000000000000000000000000000000001\" NotOnOrAfter=\"2026-03-14T09:31:53Z\"",
                "<saml:SubjectConfirmationData InResponseTo=\"_request00000000000000000000000000000000001\"",
                "bearer-without-end"
            },
            {
                "P4",
                "bearer with NotBefore",
                "<saml:SubjectConfirmationData ",
                "<saml:SubjectConfirmationData NotBefore=\"2026-03-14T09:00:00Z\" ",
                "bearer-not-before"
            },
            {
                "P4",
                "bearer over",
                "001\" NotOnOrAfter=\"2026-03-14T09:31:53Z\"",
                "001\" NotOnOrAfter=\"2026-03-14T09:23:53Z\"",
                "bearer-expired"
            },
            {
                "P4",
                "assertion for another request",
                "<saml:SubjectConfirmationData InResponseTo=\"_request0",
                "<saml:SubjectConfirmationData InResponseTo=\"_request1",
                "in-response-to-mismatch"
            },
            {
                "P4",
                "assertion for no request",
                "<saml:SubjectConfirmationData InResponseTo=\"_request00000000000000000000000000000000001\"",
                "<saml:SubjectConfirmationData",
                "in-response-to-missing"
            },
            {
                "P4",
                "Response for another request",
                "InResponseTo=\"_request0",
                "InResponseTo=\"_request1",
                "in-response-to-mismatch"
            },
            {
                "P4",
                "Response for no request",
                " InResponseTo=\"_request00000000000000000000000000000000001\"",
                "",
                "in-response-to-missing"
            },
            { "P4", "holder-of-key only", "cm:bearer", "cm:holder-of-key", "bearer-missing" },
            {
                "P5",
                "not yet valid",
                "<saml:Conditions NotBefore=\"2026-03-14T09:23:53Z\"",
                "<saml:Conditions NotBefore=\"2026-03-14T09:29:54Z\"",
                "not-yet-valid"
            },
            {
                "P5",
                "no longer valid",
                "NotBefore=\"2026-03-14T09:23:53Z\" NotOnOrAfter=\"2026-03-14T09:31:53Z\"",
                "NotBefore=\"2026-03-14T09:00:00Z\" NotOnOrAfter=\"2026-03-14T09:23:53Z\"",
                "expired"
            },
            {
                "P5",
                "window that is none",
                "<saml:Conditions NotBefore=\"2026-03-14T09:23:53Z\" NotOnOrAfter=\"2026-03-14T09:31:53Z\"",
                "<saml:Conditions NotBefore=\"2026-03-14T09:25:00Z\" NotOnOrAfter=\"2026-03-14T09:25:00Z\"",
                "conditions-empty-window"
            },
            {
                "P5",
                "another audience",
                "<saml:Audience>https://wiki.example.test/metadata<",
                "<saml:Audience>" + Other + "<",
                "audience-mismatch"
            },
            {
                "P5",
                "audience with a slash more",
                "<saml:Audience>https://wiki.example.test/metadata<",
                "<saml:Audience>https://wiki.example.test/metadata/<",
                "audience-mismatch"
            },
            {
                "P5",
                "second restriction to somebody else",
                "</saml:Conditions>",
                "<saml:AudienceRestriction><saml:Audience>"
                    + Other
                    + "</saml:Audience></saml:AudienceRestriction></saml:Conditions>",
                "audience-mismatch"
            },
            {
                "P5",
                "no audience restriction",
                "<saml:AudienceRestriction><saml:Audience>https://wiki.example.test/metadata</saml:Audience></saml:AudienceRestriction>",
                "",
                "audience-missing"
            },
            {
                "P5",
                "condition of an unknown kind",
                "</saml:Conditions>",
                "<saml:Condition xmlns:x=\"urn:x\"/></saml:Conditions>",
                "condition-unknown"
            },
            {
                "P5",
                "condition of a foreign namespace",
                "</saml:Conditions>",
                "<x:Only xmlns:x=\"urn:x\"/></saml:Conditions>",
                "condition-unknown"
            },
            {
                "P5",
                "Response from the future",
                "IssueInstant=\"2026-03-14T09:26:53Z\" Version=\"2.0\"><saml:Issuer xmlns",
                "IssueInstant=\"2026-03-14T09:29:54Z\" Version=\"2.0\"><saml:Issuer xmlns",
                "issued-in-future"
            },
            {
                "P5",
                "Assertion from the future",
                "IssueInstant=\"2026-03-14T09:26:53Z\" Version=\"2.0\"><saml:Issuer>",
                "IssueInstant=\"2026-03-14T10:26:53Z\" Version=\"2.0\"><saml:Issuer>",
                "issued-in-future"
            },
            {
                "P6",
                "session over",
                "SessionNotOnOrAfter=\"2026-03-14T17:26:53Z\"",
                "SessionNotOnOrAfter=\"2026-03-14T09:00:00Z\"",
                "session-expired"
            },
            {
                "P8",
                "NameID without value",
                ">ada@example.test</saml:NameID>",
                "></saml:NameID>",
                "value-malformed"
            },
            { "X3", "ID that is no name", "ID=\"_assertion", "ID=\"1assertion", "id-malformed" },
            {
                "X4",
                "time without zone",
                "AuthnInstant=\"2026-03-14T09:26:33Z\"",
                "AuthnInstant=\"2026-03-14T09:26:33\"",
                "time-malformed"
            },
            {
                "X4",
                "no AuthnInstant",
                "AuthnInstant=\"2026-03-14T09:26:33Z\" ",
                "",
                "attribute-missing"
            },
            {
                "X4",
                "statements before the subject",
                "<saml:Subject>",
                "<saml:AttributeStatement><saml:Attribute Name=\"a\"/></saml:AttributeStatement><saml:Subject>",
                "element-unexpected"
            },
            {
                "X4",
                "element in a NameID",
                ">ada@example.test</saml:NameID>",
                ">ada<x:x xmlns:x=\"urn:x\"/>@example.test</saml:NameID>",
                "element-in-text"
            },
            {
                "X4",
                "element in an Audience",
                "<saml:Audience>",
                "<saml:Audience><saml:Audience/>",
                "element-in-text"
            },
            {
                "X4",
                "text between elements",
                "<saml:Subject>",
                "<saml:Subject>hello",
                "text-unexpected"
            },
            {
                "X4",
                "foreign element in the assertion",
                "<saml:AuthnStatement ",
                "<x:More xmlns:x=\"urn:x\"/><saml:AuthnStatement ",
                "element-unexpected"
            },
            {
                "X4",
                "assertion of another namespace",
                "<saml:Conditions ",
                "<saml:Conditions xmlns:saml=\"urn:oasis:names:tc:SAML:1.0:assertion\" ",
                "element-unexpected"
            },
            {
                "E1",
                "encrypted NameID",
                "<saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">ada@example.test</saml:NameID>",
                "<saml:EncryptedID/>",
                "name-id-encrypted"
            },
            {
                "E1",
                "encrypted attribute",
                "<saml:AttributeStatement>",
                "<saml:AttributeStatement><saml:EncryptedAttribute/>",
                "attribute-encrypted"
            },
        };

    [Theory]
    [MemberData(nameof(BrokenRules))]
    public void A_signed_response_that_breaks_a_rule_is_refused(
        string rule,
        string what,
        string old,
        string replacement,
        string code
    )
    {
        Verdict<VerifiedAssertion> verdict = ReceivedResponses
            .Unsigned.With(old, replacement)
            .SignResponse()
            .Validate();

        verdict.ShouldBeRefusedFor(code);
        verdict.Findings.ShouldNotContain(finding => finding.Kind.Rule == "S8", $"{rule}: {what}");
    }

    [Fact]
    public void P2_A_response_without_an_assertion_is_refused() =>
        ReceivedResponses
            .Unsigned.Without("<saml:Assertion ", "</saml:Assertion>")
            .SignResponse()
            .Validate()
            .ShouldBeRefusedFor("assertion-missing");

    [Fact]
    public void P2_A_response_with_two_assertions_is_refused()
    {
        string xml = ReceivedResponses.Unsigned;
        int start = xml.IndexOf("<saml:Assertion ", StringComparison.Ordinal);
        string second = xml[start..xml.IndexOf("</samlp:Response>", StringComparison.Ordinal)]
            .With("_assertion0", "_assertion1");

        xml.With("</samlp:Response>", second + "</samlp:Response>")
            .SignResponse()
            .Validate()
            .ShouldBeRefusedFor("assertion-repeated");
    }

    [Fact]
    public void E1_An_encrypted_assertion_is_refused_by_its_name() =>
        ReceivedResponses
            .Unsigned.Without("<saml:Assertion ", "</saml:Assertion>")
            .With(
                "</samlp:Response>",
                "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/></samlp:Response>"
            )
            .SignResponse()
            .Validate()
            .ShouldBeRefusedFor("assertion-encrypted");

    [Fact]
    public void P4_An_assertion_without_subject_is_refused() =>
        ReceivedResponses
            .Unsigned.Without("<saml:Subject>", "</saml:Subject>")
            .SignResponse()
            .Validate()
            .ShouldBeRefusedFor("subject-missing");

    [Fact]
    public void P5_An_assertion_without_conditions_is_refused() =>
        ReceivedResponses
            .Unsigned.Without("<saml:Conditions ", "</saml:Conditions>")
            .SignResponse()
            .Validate()
            .ShouldBeRefusedFor("conditions-missing");

    [Fact]
    public void P6_An_assertion_without_an_authentication_statement_is_refused() =>
        ReceivedResponses
            .Unsigned.Without("<saml:AuthnStatement ", "</saml:AuthnStatement>")
            .SignResponse()
            .Validate()
            .ShouldBeRefusedFor("authn-statement-missing");

    [Fact]
    public void P6_An_authentication_context_that_is_not_accepted_is_refused() =>
        ReceivedResponses
            .Unsigned.SignResponse()
            .Validate(
                ReceivedResponses.Rules with
                {
                    AcceptedAuthnContexts = [AuthnContextClasses.Password],
                }
            )
            .ShouldBeRefusedFor("authn-context-refused");

    [Fact]
    public void P6_An_authentication_context_that_is_accepted_passes() =>
        ReceivedResponses
            .Unsigned.SignResponse()
            .Validate(
                ReceivedResponses.Rules with
                {
                    AcceptedAuthnContexts =
                    [
                        AuthnContextClasses.Password,
                        AuthnContextClasses.PasswordProtectedTransport,
                    ],
                }
            )
            .ShouldBeAccepted();

    [Fact]
    public void P1_A_response_to_no_request_is_refused_unless_allowed()
    {
        string xml = Unsolicited().SignResponse();

        xml.Validate(ReceivedResponses.Rules with { RequestId = null })
            .ShouldBeRefusedFor("response-unsolicited");
        xml.Validate(ReceivedResponses.Rules with { RequestId = null, AllowUnsolicited = true })
            .ShouldBeAccepted();
    }

    [Fact]
    public void P1_A_response_to_somebody_elses_request_is_refused_even_where_unsolicited_ones_are_allowed() =>
        ReceivedResponses
            .Unsigned.SignResponse()
            .Validate(ReceivedResponses.Rules with { RequestId = null, AllowUnsolicited = true })
            .ShouldBeRefusedFor("in-response-to-mismatch");

    [Fact]
    public void P4_An_unsolicited_response_around_an_assertion_for_a_request_is_refused() =>
        ReceivedResponses
            .Unsigned.With(" InResponseTo=\"_request00000000000000000000000000000000001\"", "")
            .SignAssertion()
            .Validate(ReceivedResponses.Rules with { AllowUnsolicited = true })
            .ShouldBeRefusedFor("in-response-to-mismatch");

    [Fact]
    public void P4_One_good_bearer_confirmation_among_others_is_enough() =>
        ReceivedResponses
            .Unsigned.With(
                "<saml:SubjectConfirmation ",
                "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData NotOnOrAfter=\"2020-01-01T00:00:00Z\"/></saml:SubjectConfirmation><saml:SubjectConfirmation "
            )
            .SignResponse()
            .Validate()
            .ShouldBeAccepted();

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

    [Fact]
    public void S0_03_A_message_of_SAML_1_is_refused_by_its_name() =>
        "<Response xmlns=\"urn:oasis:names:tc:SAML:1.0:protocol\"/>"
            .Validate()
            .ShouldBeRefusedFor("saml-1-message");

    [Fact]
    public void S9_A_message_of_another_type_is_refused() =>
        "<samlp:LogoutResponse xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>"
            .Validate()
            .ShouldBeRefusedFor("message-type-unexpected");

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

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        Verdict<VerifiedAssertion> verdict = ReceivedResponses
            .Unsigned.SignResponse()
            .With("ada@", "eve@")
            .Validate(
                ReceivedResponses.Rules with
                {
                    ServiceProviderEntityId = "https://other.example.test",
                    Now = SampleResponses.Now.AddHours(2),
                }
            );

        verdict
            .Findings.Select(finding => finding.Code)
            .ShouldBe(
                ["digest-mismatch", "bearer-expired", "expired", "audience-mismatch"],
                ignoreOrder: true
            );
    }

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

    private static string Unsolicited() =>
        ReceivedResponses
            .Unsigned.With(" InResponseTo=\"_request00000000000000000000000000000000001\"", "")
            .With(" InResponseTo=\"_request00000000000000000000000000000000001\"", "");
}
