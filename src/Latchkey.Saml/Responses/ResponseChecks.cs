using Latchkey.Saml.Elements;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Responses;

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
        ("P5", ConditionsChecks.Present),
        ("P5", ConditionsChecks.WithinValidity),
        ("P5", ConditionsChecks.ForUs),
        ("P6", AuthnStatementChecks.SignedIn),
        ("P6", AuthnStatementChecks.SessionNotOver),
        ("P6", AuthnStatementChecks.AcceptedContext),
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
        if (check.Response.StatusSaid is { Succeeded: false } said)
            check.Findings.Add(
                FindingKinds.StatusNotSuccess,
                StatusCodes.Success,
                StatusElement.Describe(said),
                check.Response.Status.Place
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
            check.NeedsDestination,
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
                check.Rules.RequestId ?? "the ID of a request of ours in InResponseTo",
                at: check.Response.Root.Place
            );
    }
}
