using Latchkey.Saml.Bindings;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Requests;

/// <summary>Reads and checks AuthnRequests at the identity provider (saml-profiles-2.0 §4.1.4.1).</summary>
public static class AuthnRequestValidator
{
    // The rules in order, each with its number in the security rules; every one runs, so that all that is wrong with a
    // message is told at once.
    private static readonly (string Number, AuthnRequestRule Check)[] Table =
    [
        ("P2", static (in check) => MessageReading.CheckVersion(check.Parts.Root, check.Findings)),
        ("P2", Issuer),
        (
            "P3",
            static (in check) =>
                MessageReading.CheckDestination(
                    check.Parts.Root,
                    check.Rules.Destination,
                    check.Signed,
                    check.Findings
                )
        ),
        ("P5", NotFromTheFuture),
        ("P1", NotTooOld),
        ("I1", OneConsumerService),
        ("I2", NoSubject),
        ("I2", ContextByClass),
    ];

    private delegate void AuthnRequestRule(in Check check);

    /// <summary>A request by HTTP-Redirect. The signature is checked over the octets of the query as they arrived (rule B1).</summary>
    /// <param name="rawQuery">The query string undecoded, with or without its question mark.</param>
    /// <param name="rules">What is known of the service provider.</param>
    public static Verdict<ReceivedAuthnRequest> ValidateRedirect(
        string rawQuery,
        AuthnRequestRules rules
    )
    {
        ArgumentNullException.ThrowIfNull(rawQuery);
        ArgumentNullException.ThrowIfNull(rules);
        var findings = new FindingList();
        if (!ReceivedQuery.TryRead(rawQuery, "SAMLRequest", rules.Limits, findings, out var query))
            return Verdict<ReceivedAuthnRequest>.Refuse(findings.Items);

        var relayState = query.ReadRelayState(rules.Limits, findings);
        if (query.IsSigned)
            query.Verify(rules.Keys, rules.AllowSha1, findings);
        else
            CheckUnsignedAllowed(rules, "the query", findings);

        using var xml = query.ReadXml(rules.Limits, findings);
        using var tape = xml is null ? null : Tape.Read(xml.Written, rules.Limits, findings);
        if (tape is null || !MessageReading.IsMessage(tape.Root, "AuthnRequest"u8, findings))
            return Verdict<ReceivedAuthnRequest>.Refuse(findings.Items);
        // A signature inside the XML plays no part in this binding (rule B1).
        var parts = AuthnRequestParts.Read(tape.Root, findings);
        return Judge(
            new Check(parts, rules, query.IsSigned, findings),
            relayState,
            SamlBindings.Redirect
        );
    }

    /// <summary>A request by HTTP-POST (rule B2).</summary>
    /// <param name="samlRequest">The form field SAMLRequest.</param>
    /// <param name="relayState">The form field RelayState, if present.</param>
    /// <param name="rules">What is known of the service provider.</param>
    public static Verdict<ReceivedAuthnRequest> ValidatePost(
        string samlRequest,
        string? relayState,
        AuthnRequestRules rules
    )
    {
        ArgumentNullException.ThrowIfNull(samlRequest);
        ArgumentNullException.ThrowIfNull(rules);
        var findings = new FindingList();
        if (relayState is not null)
            RelayStates.Fits(relayState, rules.Limits, findings);
        using var tape = PostedMessage.Read(samlRequest, rules.Limits, findings);
        if (tape is null || !MessageReading.IsMessage(tape.Root, "AuthnRequest"u8, findings))
            return Verdict<ReceivedAuthnRequest>.Refuse(findings.Items);

        var parts = AuthnRequestParts.Read(tape.Root, findings);
        using var verified = VerifyEnveloped(parts, rules, findings);
        // What was signed is read from the verified octets; if it did not verify, the rest of the rules still say what
        // else is wrong with the message, which is refused already.
        if (verified is not null)
        {
            var again = new FindingList();
            parts = AuthnRequestParts.Read(verified.Root, again);
            findings.AddNew(again);
        }
        return Judge(
            new Check(parts, rules, verified is not null, findings),
            relayState,
            SamlBindings.Post
        );
    }

    private static VerifiedElement? VerifyEnveloped(
        in AuthnRequestParts parts,
        AuthnRequestRules rules,
        FindingList findings
    )
    {
        if (!parts.Signature.Exists)
        {
            CheckUnsignedAllowed(rules, parts.Root.Place, findings);
            return null;
        }
        return ReceivedSignature.TryRead(
            parts.Root,
            parts.Signature,
            rules.AllowSha1,
            findings,
            out var signature
        )
            ? VerifiedElement.Verify(signature, rules.Keys, rules.Limits, findings)
            : null;
    }

    private static void CheckUnsignedAllowed(
        AuthnRequestRules rules,
        string place,
        FindingList findings
    )
    {
        if (rules.RequireSignature)
            findings.Add(FindingKinds.SignatureMissing, "a signed AuthnRequest", at: place);
    }

    private static Verdict<ReceivedAuthnRequest> Judge(
        in Check check,
        string? relayState,
        string binding
    )
    {
        foreach (var (_, rule) in Table)
            rule(check);
        if (check.Findings.Refused)
            return Verdict<ReceivedAuthnRequest>.Refuse(check.Findings.Items);
        return Verdict<ReceivedAuthnRequest>.Accept(
            new ReceivedAuthnRequest(
                check.Parts.ToRequest(check.Rules.ServiceProviderEntityId),
                check.Signed,
                relayState,
                binding
            ),
            check.Findings.Items
        );
    }

    private static void Issuer(in Check check)
    {
        if (check.Parts.Issuer.Exists)
            MessageReading.CheckIssuer(
                check.Parts.Issuer,
                check.Rules.ServiceProviderEntityId,
                check.Findings
            );
        else
            check.Findings.Add(
                FindingKinds.IssuerMissing,
                check.Rules.ServiceProviderEntityId,
                at: check.Parts.Root.Place
            );
    }

    private static void NotFromTheFuture(in Check check) =>
        MessageReading.CheckIssuedBy(
            check.Parts.Root,
            check.Parts.IssueInstant,
            check.Rules.Now + check.Rules.ClockSkew,
            check.Findings
        );

    private static void NotTooOld(in Check check)
    {
        var earliest = check.Rules.Now - check.Rules.MaximumAge - check.Rules.ClockSkew;
        if (check.Parts.IssueInstant < earliest)
            check.Findings.Add(
                FindingKinds.RequestExpired,
                $"{earliest:u} or later",
                $"{check.Parts.IssueInstant:u}",
                check.Parts.Root.Place
            );
    }

    // saml-core-2.0 §3.4.1: the index excludes the address and the binding.
    private static void OneConsumerService(in Check check)
    {
        var root = check.Parts.Root;
        if (
            check.Parts.ConsumerServiceIndex is not null
            && (
                root.Attribute("AssertionConsumerServiceURL"u8).Exists
                || root.Attribute("ProtocolBinding"u8).Exists
            )
        )
            check.Findings.Add(
                FindingKinds.ConsumerServiceAmbiguous,
                "AssertionConsumerServiceIndex alone",
                at: root.Place
            );
    }

    private static void NoSubject(in Check check)
    {
        if (check.Parts.Subject.Exists)
            check.Findings.Add(
                FindingKinds.RequestSubjectUnsupported,
                "no saml:Subject",
                at: check.Parts.Subject.Place
            );
    }

    private static void ContextByClass(in Check check)
    {
        if (check.Parts.RequestedContext is { ClassRefs.Count: 0 })
            check.Findings.Add(
                FindingKinds.RequestContextUnsupported,
                "saml:AuthnContextClassRef",
                at: check.Parts.RequestedContextElement.Place
            );
    }

    private readonly ref struct Check(
        AuthnRequestParts parts,
        AuthnRequestRules rules,
        bool signed,
        FindingList findings
    )
    {
        public AuthnRequestParts Parts { get; } = parts;
        public AuthnRequestRules Rules { get; } = rules;
        public bool Signed { get; } = signed;
        public FindingList Findings { get; } = findings;
    }
}
