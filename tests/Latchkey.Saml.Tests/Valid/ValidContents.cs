using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Valid;

/// <summary>What a Response and its assertion may hold besides what we write, and what we would not write at all.</summary>
internal static class ValidContents
{
    private const string Confirmation = "<saml:SubjectConfirmation ";
    private const string Saml = "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";

    public static IEnumerable<ValidMessage> All =>
        [
            With(
                "extensions.xml",
                "Extensions, with an assertion inside that is never seen",
                "<samlp:Status>",
                $"<samlp:Extensions><x:é xmlns:x=\"urn:x\" a=\"1\">text<saml:Assertion {Saml} ID=\"5\"><saml:Subject><saml:NameID>eve</saml:NameID></saml:Subject></saml:Assertion></x:é></samlp:Extensions><samlp:Status>"
            ),
            With(
                "advice.xml",
                "Advice, with an assertion inside that is never seen",
                "<saml:AuthnStatement ",
                "<saml:Advice><saml:AssertionIDRef>_x</saml:AssertionIDRef><saml:Assertion ID=\"_other\" Version=\"2.0\"><saml:Subject><saml:NameID>eve</saml:NameID></saml:Subject></saml:Assertion><y xmlns=\"urn:y\">text</y></saml:Advice><saml:AuthnStatement "
            ),
            With(
                "status-message.xml",
                "a message and details beside Success",
                "</samlp:Status>",
                "<samlp:StatusMessage>Sign-in complete</samlp:StatusMessage><samlp:StatusDetail><x xmlns=\"urn:x\">text</x></samlp:StatusDetail></samlp:Status>"
            ),
            With(
                "consent.xml",
                "Consent and foreign attributes on the Response",
                "<samlp:Response ",
                "<samlp:Response Consent=\"urn:oasis:names:tc:SAML:2.0:consent:unspecified\" xmlns:x=\"urn:x\" x:y=\"z\" "
            ),
            With(
                "audiences-several.xml",
                "several Audiences in one restriction",
                "<saml:Audience>",
                "<saml:Audience>https://other.example.test</saml:Audience><saml:Audience>"
            ),
            With(
                "restrictions-several.xml",
                "several AudienceRestrictions that each name us",
                "</saml:Conditions>",
                "<saml:AudienceRestriction><saml:Audience>https://group.example.test</saml:Audience><saml:Audience>https://wiki.example.test/metadata</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
            ),
            With(
                "conditions-kept.xml",
                "OneTimeUse and ProxyRestriction",
                "</saml:Conditions>",
                "<saml:OneTimeUse/><saml:ProxyRestriction Count=\"0\"><saml:Audience>https://other.example.test</saml:Audience></saml:ProxyRestriction></saml:Conditions>"
            ),
            With(
                "conditions-open.xml",
                "Conditions without a window",
                " NotBefore=\"2026-03-14T09:23:53Z\" NotOnOrAfter=\"2026-03-14T09:31:53Z\"",
                ""
            ),
            With(
                "confirmations-several.xml",
                "several confirmations, ours the last one",
                Confirmation,
                Confirmation
                    + "Method=\"urn:oasis:names:tc:SAML:2.0:cm:sender-vouches\"/>"
                    + Confirmation
                    + "Method=\"urn:oasis:names:tc:SAML:2.0:cm:holder-of-key\"><saml:SubjectConfirmationData><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:KeyName>x</ds:KeyName></ds:KeyInfo></saml:SubjectConfirmationData></saml:SubjectConfirmation>"
                    + Confirmation
                    + "Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData NotOnOrAfter=\"2020-01-01T00:00:00Z\" Recipient=\"https://shop.example.test\"/></saml:SubjectConfirmation>"
                    + Confirmation
            ),
            With(
                "confirmation-name.xml",
                "a NameID and an address in the confirmation",
                "cm:bearer\"><saml:SubjectConfirmationData ",
                "cm:bearer\"><saml:NameID>gateway</saml:NameID><saml:SubjectConfirmationData Address=\"192.0.2.1\" "
            ),
            With(
                "statements-several-attributes.xml",
                "several AttributeStatements",
                "</saml:AttributeStatement>",
                "</saml:AttributeStatement><saml:AttributeStatement><saml:Attribute Name=\"more\"><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>"
            ) with
            {
                Attributes = ValidMessage.With("more", "x"),
            },
            With(
                "statements-other-order.xml",
                "attributes before the sign-in, and a decision about a resource",
                "<saml:AuthnStatement ",
                "<saml:AttributeStatement><saml:Attribute Name=\"first\"><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute></saml:AttributeStatement><saml:AuthzDecisionStatement Resource=\"urn:x\" Decision=\"Permit\"><saml:Action Namespace=\"urn:x\">read</saml:Action></saml:AuthzDecisionStatement><saml:AuthnStatement "
            ) with
            {
                Attributes = [("first", ["x"]), .. ValidMessage.With("nothing")],
            },
            With(
                "statements-several-sign-ins.xml",
                "several AuthnStatements: the first one counts",
                "<saml:AttributeStatement>",
                "<saml:AuthnStatement AuthnInstant=\"2026-03-14T08:00:00Z\" SessionIndex=\"_second\"><saml:AuthnContext><saml:AuthnContextClassRef>urn:x</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>"
            ),
            With(
                "locality-and-authority.xml",
                "SubjectLocality, a declaration and AuthenticatingAuthority",
                "<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef>",
                "<saml:SubjectLocality Address=\"192.0.2.1\" DNSName=\"desk.example.test\"/><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef><saml:AuthnContextDecl><x xmlns=\"urn:x\">text</x></saml:AuthnContextDecl><saml:AuthenticatingAuthority>https://home.example.test</saml:AuthenticatingAuthority><saml:AuthenticatingAuthority>https://hub.example.test</saml:AuthenticatingAuthority>"
            ),
            With(
                "context-by-declaration.xml",
                "an authentication context by declaration only",
                "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef>",
                "<saml:AuthnContextDeclRef>urn:x</saml:AuthnContextDeclRef>"
            ) with
            {
                AuthnContextClassRef = null,
            },
            With(
                "no-name-id.xml",
                "no NameID",
                "<saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">ada@example.test</saml:NameID>",
                ""
            ) with
            {
                NameId = null,
            },
            With(
                "name-qualifiers.xml",
                "a NameID with all its attributes",
                "<saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">",
                "<saml:NameID Format=\"urn:x\" NameQualifier=\"a\" SPNameQualifier=\"b\" SPProvidedID=\"c\">"
            ) with
            {
                NameId = new NameId("ada@example.test", "urn:x", "a", "b"),
            },
            With(
                "name-plain.xml",
                "a NameID without attributes",
                " Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">",
                ">"
            ) with
            {
                NameId = new NameId("ada@example.test"),
            },
            With(
                "issuer-format.xml",
                "an Issuer that says it is an entity, and its qualifiers",
                "<saml:Issuer>",
                "<saml:Issuer Format=\"" + NameIdFormats.Entity + "\" NameQualifier=\"x\">"
            ),
            With(
                "times-fractions.xml",
                "times with fractions and offsets",
                "NotBefore=\"2026-03-14T09:23:53Z\" NotOnOrAfter=\"2026-03-14T09:31:53Z\"",
                "NotBefore=\"2026-03-14T10:23:53.1234567891+01:00\" NotOnOrAfter=\"2026-03-14T04:31:00.000-05:00\""
            ) with
            {
                NotOnOrAfter = new DateTimeOffset(2026, 3, 14, 9, 31, 0, TimeSpan.Zero),
            },
            With(
                "no-session.xml",
                "no SessionIndex and no end of the session",
                " SessionIndex=\"_session000000000000000000000000000000000001\" SessionNotOnOrAfter=\"2026-03-14T17:26:53Z\"",
                ""
            ) with
            {
                SessionIndex = null,
            },
            new(
                "no-attributes.xml",
                "no AttributeStatement",
                () =>
                    ValidMessage
                        .Unsigned.Without("<saml:AttributeStatement>", "</saml:AttributeStatement>")
                        .SignAssertion()
            )
            {
                Attributes = [],
            },
            new(
                "unsolicited.xml",
                "no InResponseTo, where that is allowed",
                () =>
                    ValidMessage
                        .Unsigned.With(
                            " InResponseTo=\"_request00000000000000000000000000000000001\"",
                            ""
                        )
                        .With(" InResponseTo=\"_request00000000000000000000000000000000001\"", "")
                        .SignAssertion()
            )
            {
                Rules = () =>
                    ReceivedResponses.Rules with
                    {
                        RequestId = null,
                        AllowUnsolicited = true,
                    },
            },
            new(
                "no-response-issuer.xml",
                "a Response without Issuer around a signed assertion",
                () =>
                    ValidMessage.Unsigned.SignAssertion().Without("<saml:Issuer ", "</saml:Issuer>")
            ),
            new(
                "no-destination.xml",
                "an unsigned Response without Destination around a signed assertion",
                () =>
                    ValidMessage
                        .Unsigned.SignAssertion()
                        .With(
                            " Destination=\"https://wiki.example.test/acs?tenant=1&amp;lang=en\"",
                            ""
                        )
            ),
            new(
                "relayed.xml",
                "what is around a signed assertion was altered on the way",
                () =>
                    ValidMessage
                        .Unsigned.SignAssertion()
                        .With("_response0", "_relayed00")
                        .With(
                            "IssueInstant=\"2026-03-14T09:26:53Z\"",
                            "IssueInstant=\"2026-03-14T09:27:00Z\""
                        )
            ),
        ];

    private static ValidMessage With(string file, string what, string old, string replacement) =>
        new(file, what, () => ValidMessage.Unsigned.With(old, replacement).SignResponse());
}
