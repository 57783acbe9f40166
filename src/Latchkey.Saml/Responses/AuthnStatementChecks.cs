using Latchkey.Saml.Findings;

namespace Latchkey.Saml.Responses;

/// <summary>The rules for saml:AuthnStatement (rule P6, saml-core-2.0 §2.7.2).</summary>
internal static class AuthnStatementChecks
{
    /// <summary>The assertion says that somebody signed in.</summary>
    public static void SignedIn(in ResponseCheck check)
    {
        if (check.Assertion.Exists && !check.Assertion.AuthnStatement.Exists)
            check.Findings.Add(
                FindingKinds.AuthnStatementMissing,
                "saml:AuthnStatement",
                at: check.Assertion.Root.Place
            );
    }

    /// <summary>The session at the identity provider is not over.</summary>
    public static void SessionNotOver(in ResponseCheck check)
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

    /// <summary>How the person signed in is accepted here.</summary>
    public static void AcceptedContext(in ResponseCheck check)
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
