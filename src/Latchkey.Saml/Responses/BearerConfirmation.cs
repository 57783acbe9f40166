using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Responses;

/// <summary>The bearer confirmation (rule P4, saml-profiles-2.0 §4.1.4.2): one has to hold in every point.</summary>
internal static class BearerConfirmation
{
    /// <summary>The rule. If no confirmation holds, it is said what is wrong with the first.</summary>
    public static void Check(in ResponseCheck check)
    {
        if (!check.Assertion.Exists)
            return;
        if (!check.Assertion.Subject.Exists)
        {
            check.Findings.Add(
                FindingKinds.SubjectMissing,
                "saml:Subject",
                at: check.Assertion.Root.Place
            );
            return;
        }
        XmlElement first = default;
        foreach (var child in check.Assertion.Subject.Children)
        {
            if (!AssertionParts.IsBearer(child))
                continue;
            if (Holds(child, check, null))
                return;
            if (!first.Exists)
                first = child;
        }
        if (first.Exists)
            Holds(first, check, check.Findings);
        else
            check.Findings.Add(
                FindingKinds.BearerMissing,
                "a SubjectConfirmation by the bearer method",
                at: check.Assertion.Subject.Place
            );
    }

    private static bool Holds(
        XmlElement confirmation,
        in ResponseCheck check,
        FindingList? findings
    )
    {
        var data = AssertionParts.DataOf(confirmation);
        if (!data.Exists)
        {
            findings?.Add(
                FindingKinds.ElementMissing,
                "saml:SubjectConfirmationData",
                at: confirmation.Place
            );
            return false;
        }
        // Each is asked, so that each can say what is wrong.
        return HasEnd(data, check, findings)
            & HasNoBegin(data, findings)
            & IsForUs(data, check, findings)
            & AnswersThePendingRequest(data, check, findings);
    }

    private static bool HasEnd(XmlElement data, in ResponseCheck check, FindingList? findings)
    {
        var ends = data.Attribute("NotOnOrAfter"u8);
        if (!ends.Exists)
            findings?.Add(FindingKinds.BearerWithoutEnd, "NotOnOrAfter", at: data.Place);
        if (!ends.TryTime(out var notOnOrAfter))
            return false;
        if (notOnOrAfter > check.Earliest)
            return true;
        findings?.Add(
            FindingKinds.BearerExpired,
            $"after {check.Earliest:u}",
            ends.Text,
            ends.Place
        );
        return false;
    }

    private static bool HasNoBegin(XmlElement data, FindingList? findings)
    {
        var begins = data.Attribute("NotBefore"u8);
        if (begins.Exists)
            findings?.Add(FindingKinds.BearerNotBefore, "no NotBefore", begins.Text, begins.Place);
        return !begins.Exists;
    }

    private static bool IsForUs(XmlElement data, in ResponseCheck check, FindingList? findings)
    {
        var recipient = data.Attribute("Recipient"u8);
        if (recipient.Exists && recipient.Is(check.Rules.AssertionConsumerServiceUrl))
            return true;
        findings?.Add(
            FindingKinds.RecipientMismatch,
            check.Rules.AssertionConsumerServiceUrl,
            recipient.Text,
            recipient.Place ?? data.Place
        );
        return false;
    }

    // The signed assertion has to say itself which request it answers, and the Response has to agree.
    private static bool AnswersThePendingRequest(
        XmlElement data,
        in ResponseCheck check,
        FindingList? findings
    )
    {
        var answers = data.Attribute("InResponseTo"u8);
        var responseAnswers = check.Response.Root.Attribute("InResponseTo"u8).Exists;
        if (answers.Exists)
        {
            if (check.Rules.RequestId is { } pending && answers.Is(pending) && responseAnswers)
                return true;
            findings?.Add(
                FindingKinds.InResponseToMismatch,
                check.Rules.RequestId is null ? "no request is pending"
                    : responseAnswers ? check.Rules.RequestId
                    : "none, like the Response",
                answers.Text,
                answers.Place
            );
            return false;
        }
        if (!responseAnswers && check.Rules.AllowUnsolicited)
            return true;
        // A Response without it has a finding of its own.
        if (responseAnswers)
            findings?.Add(FindingKinds.InResponseToMissing, check.Rules.RequestId, at: data.Place);
        return false;
    }
}
