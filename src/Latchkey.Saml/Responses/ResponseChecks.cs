using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Responses;

/// <summary>What the rules look at: the verified parts if there are any.</summary>
internal readonly ref struct ResponseCheck(
    ResponseParts response,
    AssertionParts assertion,
    ResponseRules rules,
    bool responseVerified,
    FindingList findings
)
{
    // Fields: a property would copy the parts whenever a rule looks at one of them.
    public readonly ResponseParts Response = response;
    public readonly AssertionParts Assertion = assertion;

    public ResponseRules Rules { get; } = rules;
    public bool ResponseVerified { get; } = responseVerified;
    public FindingList Findings { get; } = findings;

    /// <summary>What has to be later than this is not over yet.</summary>
    public DateTimeOffset Earliest => Rules.Now - Rules.ClockSkew;

    /// <summary>What is later than this has not begun.</summary>
    public DateTimeOffset Latest => Rules.Now + Rules.ClockSkew;
}

/// <summary>The rules for a Response and its assertion, as a list (saml-profiles-2.0 §4.1.4.2, §4.1.4.3).</summary>
/// <remarks>
/// What is read from an unsigned Response around a signed assertion can only refuse: no fact comes from it.
/// </remarks>
internal static class ResponseChecks
{
    // In order, each with its number in the security rules; every one runs.
    private static readonly (string Number, ResponseRule Check)[] Table =
    [
        ("P2", Versions),
        ("P2", Succeeded),
        ("P2", OneReadableAssertion),
        ("P2", ResponseIssuer),
        ("P2", AssertionIssuer),
        ("P3", Destination),
        ("P5", NotFromTheFuture),
        ("P1", AnswersThePendingRequest),
        ("P4", BearerConfirmation.Check),
        ("P5", ConditionsPresent),
        ("P5", WithinValidity),
        ("P5", ForUs),
        ("P6", SignedIn),
        ("P6", SessionNotOver),
        ("P6", AcceptedContext),
    ];

    private delegate void ResponseRule(in ResponseCheck check);

    /// <summary>Runs every rule.</summary>
    public static void Run(in ResponseCheck check)
    {
        foreach (var (_, rule) in Table)
            rule(check);
    }

    private static void Versions(in ResponseCheck check)
    {
        MessageReading.CheckVersion(check.Response.Root, check.Findings);
        if (check.Assertion.Exists)
            MessageReading.CheckVersion(check.Assertion.Root, check.Findings);
    }

    private static void Succeeded(in ResponseCheck check)
    {
        var status = check.Response.Status;
        if (status.Exists && !status.Is(StatusCodes.Success))
            check.Findings.Add(
                FindingKinds.StatusNotSuccess,
                StatusCodes.Success,
                check.Response.StatusDetail is { } detail
                    ? $"{status.Text} ({detail})"
                    : status.Text,
                status.Place
            );
    }

    private static void OneReadableAssertion(in ResponseCheck check)
    {
        if (check.Response.EncryptedAssertion.Exists && check.Rules.DecryptionKeys.Count == 0)
            check.Findings.Add(
                FindingKinds.AssertionEncrypted,
                "saml:Assertion",
                at: check.Response.EncryptedAssertion.Place
            );
        else if (
            !check.Assertion.Exists
            && !check.Response.EncryptedAssertion.Exists
            && check.Response.Status.Is(StatusCodes.Success)
        )
            check.Findings.Add(
                FindingKinds.AssertionMissing,
                "saml:Assertion",
                at: check.Response.Root.Place
            );
        if (check.Response.SurplusAssertion.Exists)
            check.Findings.Add(
                FindingKinds.AssertionRepeated,
                "one assertion",
                at: check.Response.SurplusAssertion.Place
            );
    }

    private static void ResponseIssuer(in ResponseCheck check)
    {
        if (check.Response.Issuer.Exists)
            MessageReading.CheckIssuer(
                check.Response.Issuer,
                check.Rules.IdentityProviderEntityId,
                check.Findings
            );
    }

    private static void AssertionIssuer(in ResponseCheck check)
    {
        if (check.Assertion.Issuer.Exists)
            MessageReading.CheckIssuer(
                check.Assertion.Issuer,
                check.Rules.IdentityProviderEntityId,
                check.Findings
            );
    }

    private static void Destination(in ResponseCheck check) =>
        MessageReading.CheckDestination(
            check.Response.Root,
            check.Rules.AssertionConsumerServiceUrl,
            check.ResponseVerified,
            check.Findings
        );

    private static void NotFromTheFuture(in ResponseCheck check)
    {
        MessageReading.CheckIssuedBy(
            check.Response.Root,
            check.Response.IssueInstant,
            check.Latest,
            check.Findings
        );
        if (check.Assertion.Exists)
            MessageReading.CheckIssuedBy(
                check.Assertion.Root,
                check.Assertion.IssueInstant,
                check.Latest,
                check.Findings
            );
    }

    // The Response's own InResponseTo; the bearer confirmation's is the one that counts (rule P4).
    private static void AnswersThePendingRequest(in ResponseCheck check)
    {
        var answers = check.Response.Root.Attribute("InResponseTo"u8);
        if (answers.Exists)
        {
            if (check.Rules.RequestId is not { } pending || !answers.Is(pending))
                check.Findings.Add(
                    FindingKinds.InResponseToMismatch,
                    check.Rules.RequestId ?? "no request is pending",
                    answers.Text,
                    answers.Place
                );
        }
        else if (!check.Rules.AllowUnsolicited)
            check.Findings.Add(
                check.Rules.RequestId is null
                    ? FindingKinds.ResponseUnsolicited
                    : FindingKinds.InResponseToMissing,
                check.Rules.RequestId,
                at: check.Response.Root.Place
            );
    }

    private static void ConditionsPresent(in ResponseCheck check)
    {
        if (check.Assertion.Exists && !check.Assertion.Conditions.Exists)
            check.Findings.Add(
                FindingKinds.ConditionsMissing,
                "saml:Conditions",
                at: check.Assertion.Root.Place
            );
    }

    private static void WithinValidity(in ResponseCheck check)
    {
        var conditions = check.Assertion.Conditions;
        if (!conditions.Exists)
            return;
        var begins = conditions.Attribute("NotBefore"u8);
        var ends = conditions.Attribute("NotOnOrAfter"u8);
        var hasBegin = begins.TryTime(out var notBefore);
        var hasEnd = ends.TryTime(out var notOnOrAfter);
        if (hasBegin && hasEnd && notBefore >= notOnOrAfter)
            check.Findings.Add(
                FindingKinds.ConditionsEmptyWindow,
                $"an end after {begins.Text}",
                ends.Text,
                ends.Place
            );
        if (hasBegin && notBefore > check.Latest)
            check.Findings.Add(
                FindingKinds.NotYetValid,
                $"at the latest {check.Latest:u}",
                begins.Text,
                begins.Place
            );
        if (hasEnd && notOnOrAfter <= check.Earliest)
            check.Findings.Add(
                FindingKinds.Expired,
                $"after {check.Earliest:u}",
                ends.Text,
                ends.Place
            );
    }

    // Each AudienceRestriction has to name us; within one, any Audience will do (saml-core-2.0 §2.5.1.4).
    private static void ForUs(in ResponseCheck check)
    {
        var conditions = check.Assertion.Conditions;
        if (!conditions.Exists)
            return;
        var restrictions = 0;
        foreach (var restriction in conditions.Children)
        {
            if (!restriction.Is(XmlNamespace.Assertion, "AudienceRestriction"u8))
                continue;
            restrictions++;
            if (!Names(restriction, check.Rules.ServiceProviderEntityId))
                check.Findings.Add(
                    FindingKinds.AudienceMismatch,
                    check.Rules.ServiceProviderEntityId,
                    AudiencesOf(restriction),
                    restriction.Place
                );
        }
        if (restrictions == 0)
            check.Findings.Add(
                FindingKinds.AudienceMissing,
                check.Rules.ServiceProviderEntityId,
                at: conditions.Place
            );
    }

    private static bool Names(XmlElement restriction, string entityId)
    {
        foreach (var audience in restriction.Children)
            if (audience.TryText(out var text) && text.Is(entityId))
                return true;
        return false;
    }

    private static string AudiencesOf(XmlElement restriction)
    {
        var audiences = new List<string>();
        foreach (var audience in restriction.Children)
            if (audience.TryText(out var text))
                audiences.Add(text.Text ?? "");
        return string.Join(", ", audiences);
    }

    private static void SignedIn(in ResponseCheck check)
    {
        if (check.Assertion.Exists && !check.Assertion.AuthnStatement.Exists)
            check.Findings.Add(
                FindingKinds.AuthnStatementMissing,
                "saml:AuthnStatement",
                at: check.Assertion.Root.Place
            );
    }

    private static void SessionNotOver(in ResponseCheck check)
    {
        if (!check.Assertion.AuthnStatement.Exists)
            return;
        var ends = check.Assertion.AuthnStatement.Attribute("SessionNotOnOrAfter"u8);
        if (ends.TryTime(out var notOnOrAfter) && notOnOrAfter <= check.Earliest)
            check.Findings.Add(
                FindingKinds.SessionExpired,
                $"after {check.Earliest:u}",
                ends.Text,
                ends.Place
            );
    }

    private static void AcceptedContext(in ResponseCheck check)
    {
        var statement = check.Assertion.AuthnStatement;
        if (check.Rules.AcceptedAuthnContexts.Count == 0 || !statement.Exists)
            return;
        var context = VerifiedFacts.ContextClassOf(statement);
        foreach (var accepted in check.Rules.AcceptedAuthnContexts)
            if (context.Exists && context.Is(accepted))
                return;
        check.Findings.Add(
            FindingKinds.AuthnContextRefused,
            string.Join(" or ", check.Rules.AcceptedAuthnContexts),
            context.Text,
            statement.Place
        );
    }
}
