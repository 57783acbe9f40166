using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>
/// Every wrong address, time, status, condition and confirmation in a message whose signature is good: an assertion that
/// was meant for somebody else, for another time, or for nobody.
/// </summary>
internal static class MeaningAttacks
{
    private const string Other = "https://elsewhere.example.test/";
    private const string Acs = "https://wiki.example.test/acs?tenant=1&amp;lang=en";
    private const string InResponseTo = " InResponseTo=\"_request00000000000000000000000000000000001\"";
    private const string Window = "NotBefore=\"2026-03-14T09:23:53Z\" NotOnOrAfter=\"2026-03-14T09:31:53Z\"";
    private const string Name = ">ada@example.test</saml:NameID>";
    private const string Data = "<saml:SubjectConfirmationData ";
    private const string Bearer = "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">";
    private const string Restriction = "<saml:AudienceRestriction><saml:Audience>https://wiki.example.test/metadata</saml:Audience></saml:AudienceRestriction>";

    public static IEnumerable<Attack> All => [.. Replaced, .. Removed, .. Requests, .. Names, .. EmptyNames];

    // File, rule, what, the finding, what stands in the message, what it becomes.
    private static IEnumerable<Attack> Replaced =>
        from wrong in ((string File, string Rule, string What, string Code, string Old, string Replacement)[])
        [
            ("status/version-of-response", "P2", "Response of version 1.1", "version-unsupported", "Version=\"2.0\"><saml:Issuer xmlns", "Version=\"1.1\"><saml:Issuer xmlns"),
            ("status/version-of-assertion", "P2", "Assertion of version 1.1", "version-unsupported", "Version=\"2.0\"><saml:Issuer>", "Version=\"1.1\"><saml:Issuer>"),
            ("status/version-2.00", "P2", "version 2.00", "version-unsupported", "Version=\"2.0\"><saml:Issuer>", "Version=\"2.00\"><saml:Issuer>"),
            ("status/responder", "P2", "an error with an assertion", "status-not-success", "status:Success", "status:Responder"),
            ("status/other-case", "P2", "Success in lower case", "status-not-success", "status:Success", "status:success"),
            ("status/white-space", "P2", "Success with a space behind it", "status-not-success", "status:Success", "status:Success "),
            ("status/success-inside-failure", "P2", "Success as the second-level code of a failure", "status-not-success", "status:Success\"></samlp:StatusCode>", "status:Responder\"><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:StatusCode>"),
            ("status/element-in-second-code", "X4", "an Assertion inside the second-level code", "element-unexpected", "status:Success\"></samlp:StatusCode>", "status:Success\"><samlp:StatusCode Value=\"urn:x\"><saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_evil\"/></samlp:StatusCode></samlp:StatusCode>"),
            ("status/two-codes", "X4", "two status codes", "element-unexpected", "<samlp:StatusCode ", "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/><samlp:StatusCode "),
            ("issuers/response", "P2", "Response by another issuer", "issuer-mismatch", ">https://id.example.test/saml2/wiki</saml:Issuer><samlp", ">https://evil.example.test</saml:Issuer><samlp"),
            ("issuers/assertion", "P2", "Assertion by another issuer (CVE-2023-41890)", "issuer-mismatch", "<saml:Issuer>https://id.example.test/saml2/wiki<", "<saml:Issuer>https://evil.example.test<"),
            ("issuers/trailing-slash", "P8", "Issuer with a slash more", "issuer-mismatch", "<saml:Issuer>https://id.example.test/saml2/wiki<", "<saml:Issuer>https://id.example.test/saml2/wiki/<"),
            ("issuers/white-space", "P8", "Issuer with a space before it", "issuer-mismatch", "<saml:Issuer>https://id.example.test/saml2/wiki<", "<saml:Issuer> https://id.example.test/saml2/wiki<"),
            ("issuers/other-case", "P8", "Issuer in another case", "issuer-mismatch", "<saml:Issuer>https://id.example.test/saml2/wiki<", "<saml:Issuer>https://ID.example.test/saml2/wiki<"),
            ("issuers/format", "P2", "Issuer of another format", "issuer-format", "<saml:Issuer>", "<saml:Issuer Format=\"" + NameIdFormats.Persistent + "\">"),
            ("issuers/two", "X4", "two Issuers", "element-unexpected", "<saml:Issuer>", "<saml:Issuer>https://evil.example.test</saml:Issuer><saml:Issuer>"),
            ("addresses/no-destination", "P3", "no Destination (CVE-2015-6254)", "destination-missing", $" Destination=\"{Acs}\"", ""),
            ("addresses/destination", "P3", "another Destination", "destination-mismatch", "Destination=\"https://wiki.example.test/acs", "Destination=\"https://wiki.example.test/other"),
            ("addresses/destination-empty", "P3", "empty Destination", "destination-mismatch", $"Destination=\"{Acs}\"", "Destination=\"\""),
            ("addresses/destination-other-case", "P8", "Destination in another case", "destination-mismatch", "Destination=\"https://wiki", "Destination=\"https://Wiki"),
            ("addresses/destination-port", "P8", "Destination with the port written out", "destination-mismatch", "Destination=\"https://wiki.example.test/", "Destination=\"https://wiki.example.test:443/"),
            ("addresses/destination-prefix", "P3", "Destination that only begins like ours", "destination-mismatch", "lang=en\" ID", "lang=en.evil\" ID"),
            ("addresses/no-recipient", "P4", "no Recipient (CVE-2025-40758)", "recipient-mismatch", $" Recipient=\"{Acs}\"", ""),
            ("addresses/recipient", "P4", "another Recipient", "recipient-mismatch", "Recipient=\"https://wiki.example.test/acs", "Recipient=\"https://wiki.example.test/other"),
            ("addresses/recipient-without-query", "P4", "Recipient without our query", "recipient-mismatch", $"Recipient=\"{Acs}\"", "Recipient=\"https://wiki.example.test/acs\""),
            ("confirmations/without-end", "P4", "bearer without an end", "bearer-without-end", "001\" NotOnOrAfter=\"2026-03-14T09:31:53Z\"", "001\""),
            ("confirmations/not-before", "P4", "bearer with NotBefore", "bearer-not-before", Data, Data + "NotBefore=\"2026-03-14T09:00:00Z\" "),
            ("confirmations/over", "P4", "bearer over (CVE-2018-21264)", "bearer-expired", "001\" NotOnOrAfter=\"2026-03-14T09:31:53Z\"", "001\" NotOnOrAfter=\"2026-03-14T09:23:53Z\""),
            ("confirmations/holder-of-key", "P4", "confirmed by a key that nobody holds (CVE-2014-3623)", "bearer-missing", "cm:bearer", "cm:holder-of-key"),
            ("confirmations/sender-vouches", "P4", "confirmed by a sender that vouches", "bearer-missing", "cm:bearer", "cm:sender-vouches"),
            ("confirmations/unknown-method", "P4", "bearer in another case", "bearer-missing", "cm:bearer", "cm:Bearer"),
            ("confirmations/no-data", "P4", "bearer without data", "element-missing", $"<saml:SubjectConfirmationData{InResponseTo} NotOnOrAfter=\"2026-03-14T09:31:53Z\" Recipient=\"{Acs}\"></saml:SubjectConfirmationData>", ""),
            ("confirmations/each-half-good", "P4", "two confirmations, each of them half good", "in-response-to-mismatch", Bearer + Data + "InResponseTo=\"_request00000000000000000000000000000000001\" NotOnOrAfter=\"2026-03-14T09:31:53Z\"", $"{Bearer}{Data}InResponseTo=\"_other\" NotOnOrAfter=\"2026-03-14T09:31:53Z\" Recipient=\"{Acs}\"/></saml:SubjectConfirmation>{Bearer}{Data}InResponseTo=\"_request00000000000000000000000000000000001\" NotOnOrAfter=\"2020-01-01T00:00:00Z\""),
            ("confirmations/other-request", "P4", "assertion for another request", "in-response-to-mismatch", Data + "InResponseTo=\"_request0", Data + "InResponseTo=\"_request1"),
            ("confirmations/no-request", "P4", "assertion for no request, in a Response to ours (CVE-2026-9098)", "in-response-to-missing", "<saml:SubjectConfirmationData" + InResponseTo, "<saml:SubjectConfirmationData"),
            ("confirmations/response-other-request", "P4", "Response to another request", "in-response-to-mismatch", "InResponseTo=\"_request0", "InResponseTo=\"_request1"),
            ("confirmations/response-no-request", "P4", "Response to no request, around an assertion for ours", "in-response-to-missing", InResponseTo, ""),
            ("times/not-yet", "P5", "not yet valid", "not-yet-valid", "<saml:Conditions NotBefore=\"2026-03-14T09:23:53Z\"", "<saml:Conditions NotBefore=\"2026-03-14T09:29:54Z\""),
            ("times/over", "P5", "no longer valid", "expired", Window, "NotBefore=\"2026-03-14T09:00:00Z\" NotOnOrAfter=\"2026-03-14T09:23:53Z\""),
            ("times/empty-window", "P5", "a window that is none", "conditions-empty-window", "<saml:Conditions " + Window, "<saml:Conditions NotBefore=\"2026-03-14T09:25:00Z\" NotOnOrAfter=\"2026-03-14T09:25:00Z\""),
            ("times/response-from-future", "P5", "Response from the future", "issued-in-future", "IssueInstant=\"2026-03-14T09:26:53Z\" Version=\"2.0\"><saml:Issuer xmlns", "IssueInstant=\"2026-03-14T09:29:54Z\" Version=\"2.0\"><saml:Issuer xmlns"),
            ("times/assertion-from-future", "P5", "Assertion from the future", "issued-in-future", "IssueInstant=\"2026-03-14T09:26:53Z\" Version=\"2.0\"><saml:Issuer>", "IssueInstant=\"2026-03-14T10:26:53Z\" Version=\"2.0\"><saml:Issuer>"),
            ("times/no-zone", "X4", "a time without a zone", "time-malformed", "AuthnInstant=\"2026-03-14T09:26:33Z\"", "AuthnInstant=\"2026-03-14T09:26:33\""),
            ("times/impossible", "X4", "a day that does not exist", "time-malformed", "AuthnInstant=\"2026-03-14T09:26:33Z\"", "AuthnInstant=\"2026-02-30T09:26:33Z\""),
            ("times/end-of-time", "X4", "a time beyond the calendar", "time-malformed", "NotOnOrAfter=\"2026-03-14T09:31:53Z\" Recipient", "NotOnOrAfter=\"99999-01-01T00:00:00Z\" Recipient"),
            ("times/many-digits", "X4", "a time with a hundred thousand digits (CVE-2018-6519)", "time-malformed", "AuthnInstant=\"2026-03-14T09:26:33Z\"", "AuthnInstant=\"2026-03-14T09:26:33." + new string('1', 100_000) + "\""),
            ("conditions/audience", "P5", "another audience (CVE-2026-9093)", "audience-mismatch", "<saml:Audience>https://wiki.example.test/metadata<", $"<saml:Audience>{Other}<"),
            ("conditions/audience-slash", "P8", "Audience with a slash more", "audience-mismatch", "<saml:Audience>https://wiki.example.test/metadata<", "<saml:Audience>https://wiki.example.test/metadata/<"),
            ("conditions/audience-cut-short", "P8", "Audience that only begins like ours", "audience-mismatch", "<saml:Audience>https://wiki.example.test/metadata<", "<saml:Audience>https://wiki.example.test/<"),
            ("conditions/second-restriction", "P5", "a second restriction, to somebody else", "audience-mismatch", "</saml:Conditions>", $"<saml:AudienceRestriction><saml:Audience>{Other}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"),
            ("conditions/no-audience", "P5", "no AudienceRestriction", "audience-missing", Restriction, ""),
            ("conditions/empty-restriction", "X4", "an AudienceRestriction without Audience", "element-missing", Restriction, "<saml:AudienceRestriction/>"),
            ("conditions/empty-audience", "X4", "an empty Audience", "value-malformed", "<saml:Audience>https://wiki.example.test/metadata<", "<saml:Audience><"),
            ("conditions/element-in-audience", "X4", "an element in an Audience", "element-in-text", "<saml:Audience>", "<saml:Audience><saml:Audience/>"),
            ("conditions/unknown", "P5", "a condition of an unknown kind", "condition-unknown", "</saml:Conditions>", "<saml:Condition xmlns:x=\"urn:x\"/></saml:Conditions>"),
            ("conditions/foreign", "P5", "a condition of a foreign namespace", "condition-unknown", "</saml:Conditions>", "<x:Only xmlns:x=\"urn:x\"/></saml:Conditions>"),
            ("conditions/element-in-one-time-use", "X4", "something inside OneTimeUse", "element-unexpected", "</saml:Conditions>", "<saml:OneTimeUse><saml:Audience>x</saml:Audience></saml:OneTimeUse></saml:Conditions>"),
            ("conditions/element-in-proxy-restriction", "X4", "something else than an Audience in ProxyRestriction", "element-unexpected", "</saml:Conditions>", "<saml:ProxyRestriction><saml:Issuer>x</saml:Issuer></saml:ProxyRestriction></saml:Conditions>"),
            ("statements/session-over", "P6", "a session that is over", "session-expired", "SessionNotOnOrAfter=\"2026-03-14T17:26:53Z\"", "SessionNotOnOrAfter=\"2026-03-14T09:00:00Z\""),
            ("statements/no-instant", "X4", "no AuthnInstant", "attribute-missing", "AuthnInstant=\"2026-03-14T09:26:33Z\" ", ""),
            ("statements/before-subject", "X4", "statements before the Subject", "element-unexpected", "<saml:Subject>", "<saml:AttributeStatement><saml:Attribute Name=\"a\"/></saml:AttributeStatement><saml:Subject>"),
            ("statements/two-subjects", "X4", "two Subjects", "element-unexpected", "<saml:Subject>", "<saml:Subject><saml:NameID>eve</saml:NameID></saml:Subject><saml:Subject>"),
            ("statements/two-conditions", "X4", "two Conditions", "element-unexpected", "<saml:Conditions ", "<saml:Conditions/><saml:Conditions "),
            ("statements/foreign-element", "X4", "a foreign element among the statements", "element-unexpected", "<saml:AuthnStatement ", "<x:More xmlns:x=\"urn:x\"/><saml:AuthnStatement "),
            ("statements/foreign-attribute-element", "X4", "a foreign element in place of an AttributeValue", "element-unexpected", "<saml:Attribute Name=\"nothing\">", "<saml:Attribute Name=\"nothing\"><x:AttributeValue xmlns:x=\"urn:x\">eve</x:AttributeValue>"),
            ("statements/element-in-locality", "X4", "something inside SubjectLocality", "element-unexpected", "<saml:AuthnContext>", "<saml:SubjectLocality Address=\"192.0.2.1\"><saml:NameID>eve</saml:NameID></saml:SubjectLocality><saml:AuthnContext>"),
            ("statements/element-in-authority", "X4", "an element in AuthenticatingAuthority", "element-in-text", "</saml:AuthnContext>", "<saml:AuthenticatingAuthority><saml:NameID>eve</saml:NameID></saml:AuthenticatingAuthority></saml:AuthnContext>"),
            ("statements/text-between", "X4", "text between elements", "text-unexpected", "<saml:Subject>", "<saml:Subject>hello"),
            ("statements/nameless-attribute", "X4", "an Attribute without Name", "attribute-missing", "<saml:Attribute Name=\"nothing\">", "<saml:Attribute>"),
        ]
        select new Attack(wrong.File + ".xml", wrong.Rule, wrong.What, wrong.Code, () => ReceivedResponses.Unsigned.With(wrong.Old, wrong.Replacement).SignResponse());

    private static IEnumerable<Attack> Removed =>
    [
        Without("status/no-status", "X4", "no Status", "element-missing", "<samlp:Status>", "</samlp:Status>"),
        Without("status/no-assertion", "P2", "no Assertion", "assertion-missing", "<saml:Assertion ", "</saml:Assertion>"),
        Without("confirmations/no-subject", "P4", "no Subject", "subject-missing", "<saml:Subject>", "</saml:Subject>"),
        Without("confirmations/none", "P4", "no SubjectConfirmation", "bearer-missing", "<saml:SubjectConfirmation ", "</saml:SubjectConfirmation>"),
        Without("conditions/none", "P5", "no Conditions", "conditions-missing", "<saml:Conditions ", "</saml:Conditions>"),
        Without("statements/no-sign-in", "P6", "no AuthnStatement", "authn-statement-missing", "<saml:AuthnStatement ", "</saml:AuthnStatement>"),
        Without("issuers/no-assertion-issuer", "X4", "an Assertion without Issuer", "element-missing", "<saml:Issuer>", "</saml:Issuer>"),
        new("status/two-assertions.xml", "P2", "two Assertions under one signature", "assertion-repeated", () =>
        {
            string second = KeyAttacks.Between(ReceivedResponses.Unsigned, "<saml:Assertion ", "</saml:Assertion>").With("_assertion0", "_assertion1");
            return ReceivedResponses.Unsigned.With("</samlp:Response>", second + "</samlp:Response>").SignResponse();
        }),
        new("statements/context-refused.xml", "P6", "a way to sign in that is not accepted", "authn-context-refused", () => ReceivedResponses.Unsigned.SignResponse())
        {
            Rules = () => ReceivedResponses.Rules with { AcceptedAuthnContexts = ["urn:oasis:names:tc:SAML:2.0:ac:classes:X509"] },
        },
        new("addresses/recipient-unsigned-response.xml", "P4", "a genuine Assertion for elsewhere in an unsigned Response to us", "recipient-mismatch", () =>
            ReceivedResponses.Unsigned.With("Recipient=\"https://wiki", "Recipient=\"https://shop").SignAssertion()),
        new("conditions/audience-unsigned-response.xml", "P5", "a genuine Assertion for another audience in an unsigned Response to us", "audience-mismatch", () =>
            ReceivedResponses.Unsigned.With("<saml:Audience>https://wiki", "<saml:Audience>https://shop").SignAssertion()),
        new("issuers/other-tenant.xml", "P2", "a genuine Assertion of another tenant with the same key", "issuer-mismatch", () =>
            ReceivedResponses.Unsigned.With("<saml:Issuer>https://id.example.test/saml2/wiki<", "<saml:Issuer>https://id.example.test/saml2/shop<").SignAssertion()),
    ];

    private static IEnumerable<Attack> Requests =>
    [
        new("unsolicited/refused.xml", "P1", "a Response that nobody asked for", "response-unsolicited", () => Unsolicited().SignResponse()) { Rules = () => NoRequest },
        new("unsolicited/allowed.xml", "P1", "a Response that nobody asked for, which is allowed", Attack.Harmless, () => Unsolicited().SignResponse()) { Rules = () => UnsolicitedAllowed },
        new("unsolicited/stolen.xml", "P1", "a Response to somebody else's request where unsolicited ones are allowed (VU#612636)", "in-response-to-mismatch", () => ReceivedResponses.Unsigned.SignResponse()) { Rules = () => UnsolicitedAllowed },
        new("unsolicited/response-stripped.xml", "P4", "an Assertion for somebody else's request in a Response made unsolicited", "in-response-to-mismatch", () =>
            ReceivedResponses.Unsigned.With(InResponseTo, "").SignAssertion()) { Rules = () => UnsolicitedAllowed },
        new("unsolicited/assertion-unsolicited.xml", "P4", "an unsolicited Assertion in an unsigned Response to our request", "in-response-to-missing", () =>
            Unsolicited().SignAssertion().With(" IssueInstant", InResponseTo + " IssueInstant")) { Rules = () => ReceivedResponses.Rules with { AllowUnsolicited = true } },
    ];

    // What a careless comparison takes for ada is somebody else.
    private static IEnumerable<Attack> Names =>
        from name in ((string File, string What, string Text, string Read)[])
        [
            ("trailing-space", "a space behind the name", "ada@example.test ", "ada@example.test "),
            ("other-case", "the name in another case", "ADA@example.test", "ADA@example.test"),
            ("full-width", "a letter of full width", "\uFF41da@example.test", "\uFF41da@example.test"),
            ("combining", "a letter with its accent apart", "ada\u0301@example.test", "ada\u0301@example.test"),
            ("zero-width", "a character without width", "ada\u200B@example.test", "ada\u200B@example.test"),
            ("right-to-left", "a change of direction", "ada\u202E@example.test", "ada\u202E@example.test"),
            ("line-feed", "a line feed behind the name", "ada@example.test&#xA;", "ada@example.test\n"),
            ("homograph", "a Cyrillic letter", "\u0430da@example.test", "\u0430da@example.test"),
        ]
        select new Attack($"names/{name.File}.xml", "P8", name.What + ": read as it stands (CVE-2020-26834)", Attack.Harmless, () => ReceivedResponses.Unsigned.With(Name, $">{name.Text}</saml:NameID>").SignResponse())
        {
            NameId = name.Read,
        };

    private static IEnumerable<Attack> EmptyNames =>
    [
        new("names/empty.xml", "P8", "an empty name", "value-malformed", () => ReceivedResponses.Unsigned.With(Name, "></saml:NameID>").SignResponse()),
        new("names/only-a-comment.xml", "P8", "a name that is a comment", "value-malformed", () => ReceivedResponses.Unsigned.With(Name, "><!-- ada --></saml:NameID>").SignResponse()),
    ];

    private static ResponseRules NoRequest => ReceivedResponses.Rules with { RequestId = null };

    private static ResponseRules UnsolicitedAllowed => NoRequest with { AllowUnsolicited = true };

    private static string Unsolicited() => ReceivedResponses.Unsigned.With(InResponseTo, "").With(InResponseTo, "");

    private static Attack Without(string file, string rule, string what, string code, string start, string end) =>
        new(file + ".xml", rule, what, code, () => ReceivedResponses.Unsigned.Without(start, end).SignResponse());
}
