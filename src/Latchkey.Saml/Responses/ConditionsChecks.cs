using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Responses;

/// <summary>The rules for saml:Conditions (rule P5, saml-core-2.0 §2.5).</summary>
internal static class ConditionsChecks
{
    /// <summary>There have to be conditions.</summary>
    public static void Present(in ResponseCheck check)
    {
        if (check.Assertion.Exists && !check.Assertion.Conditions.Exists)
            check.Findings.Add(
                FindingKinds.ConditionsMissing,
                "saml:Conditions",
                at: check.Assertion.Root.Place
            );
    }

    /// <summary>The assertion has begun to hold and still holds.</summary>
    public static void WithinValidity(in ResponseCheck check)
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
    /// <summary>There is an audience, and every restriction to one names us.</summary>
    public static void ForUs(in ResponseCheck check)
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
}
