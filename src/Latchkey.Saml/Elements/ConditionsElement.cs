using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Elements;

/// <summary>saml:Conditions (saml-core-2.0 §2.5), of an assertion or wished for in a request.</summary>
internal static class ConditionsElement
{
    /// <summary>Reads it as its schema lists it. A condition that is not known is a finding: it cannot be kept (rule P5).</summary>
    public static void Check(XmlElement conditions, FindingList findings)
    {
        conditions.OptionalTime("NotBefore"u8, findings);
        conditions.OptionalTime("NotOnOrAfter"u8, findings);
        var content = new ElementContent(conditions, findings);
        var oneTimeUses = 0;
        var proxyRestrictions = 0;
        while (content.Next.Exists)
        {
            var condition = content.Optional(XmlNamespace.Assertion, "AudienceRestriction"u8);
            if (condition.Exists)
            {
                CheckAudiences(condition, atLeast: 1, findings);
                continue;
            }
            condition = content.Optional(XmlNamespace.Assertion, "OneTimeUse"u8);
            if (condition.Exists)
            {
                new ElementContent(condition, findings).End();
                Once(++oneTimeUses, condition, findings);
                continue;
            }
            condition = content.Optional(XmlNamespace.Assertion, "ProxyRestriction"u8);
            if (condition.Exists)
            {
                condition.OptionalCount("Count"u8, findings);
                CheckAudiences(condition, atLeast: 0, findings);
                Once(++proxyRestrictions, condition, findings);
                continue;
            }
            var unknown = content.Any();
            findings.Add(
                FindingKinds.ConditionUnknown,
                "AudienceRestriction, OneTimeUse or ProxyRestriction",
                unknown.Name,
                unknown.Place
            );
        }
    }

    /// <summary>Plain data of an element that was checked; null when there is no such element.</summary>
    public static Conditions? Read(XmlElement conditions)
    {
        if (!conditions.Exists)
            return null;
        List<string> audiences = [];
        var oneTimeUse = false;
        ProxyRestriction? proxy = null;
        foreach (var condition in conditions.Children)
        {
            if (condition.Is(XmlNamespace.Assertion, "AudienceRestriction"u8))
                audiences.AddRange(Audiences(condition));
            oneTimeUse |= condition.Is(XmlNamespace.Assertion, "OneTimeUse"u8);
            if (condition.Is(XmlNamespace.Assertion, "ProxyRestriction"u8))
                proxy = ReadProxyRestriction(condition);
        }
        return new Conditions
        {
            NotBefore = Time(conditions.Attribute("NotBefore"u8)),
            NotOnOrAfter = Time(conditions.Attribute("NotOnOrAfter"u8)),
            Audiences = audiences,
            OneTimeUse = oneTimeUse,
            ProxyRestriction = proxy,
        };
    }

    /// <summary>Plain data of a ProxyRestriction that was checked.</summary>
    public static ProxyRestriction ReadProxyRestriction(XmlElement restriction) =>
        new(
            restriction.Attribute("Count"u8).TryCount(out var count) ? count : null,
            Audiences(restriction)
        );

    /// <summary>Writes the element.</summary>
    public static void Write(CanonicalWriter writer, Conditions conditions)
    {
        writer.Start(Prefix.Saml, "Conditions"u8);
        writer.Attribute("NotBefore"u8, conditions.NotBefore);
        writer.Attribute("NotOnOrAfter"u8, conditions.NotOnOrAfter);
        if (conditions.Audiences.Count > 0)
        {
            writer.Start(Prefix.Saml, "AudienceRestriction"u8);
            WriteAudiences(writer, conditions.Audiences);
            writer.End();
        }
        WriteRestrictions(writer, conditions.OneTimeUse, conditions.ProxyRestriction);
        writer.End();
    }

    /// <summary>Writes what may stand behind the AudienceRestriction.</summary>
    public static void WriteRestrictions(
        CanonicalWriter writer,
        bool oneTimeUse,
        ProxyRestriction? proxy
    )
    {
        if (oneTimeUse)
        {
            writer.Start(Prefix.Saml, "OneTimeUse"u8);
            writer.End();
        }
        if (proxy is null)
            return;
        writer.Start(Prefix.Saml, "ProxyRestriction"u8);
        writer.Attribute("Count"u8, proxy.Count);
        WriteAudiences(writer, proxy.Audiences);
        writer.End();
    }

    private static void WriteAudiences(CanonicalWriter writer, IReadOnlyList<string> audiences)
    {
        foreach (string audience in audiences)
            writer.Element(Prefix.Saml, "Audience"u8, audience);
    }

    private static void CheckAudiences(XmlElement restriction, int atLeast, FindingList findings)
    {
        var content = new ElementContent(restriction, findings);
        var audience =
            atLeast > 0
                ? content.Required(XmlNamespace.Assertion, "Audience"u8)
                : content.Optional(XmlNamespace.Assertion, "Audience"u8);
        while (audience.Exists)
        {
            audience.RequiredText(findings);
            audience = content.Optional(XmlNamespace.Assertion, "Audience"u8);
        }
        content.End();
    }

    // saml-core-2.0 §2.5.1.5, §2.5.1.6.
    private static void Once(int count, XmlElement condition, FindingList findings)
    {
        if (count > 1)
            findings.Add(
                FindingKinds.ElementUnexpected,
                $"{condition.Name} once",
                condition.Name,
                condition.Place
            );
    }

    private static List<string> Audiences(XmlElement restriction)
    {
        List<string> audiences = [];
        foreach (var audience in restriction.Children)
            if (audience.TryText(out var text))
                audiences.Add(text.Text!);
        return audiences;
    }

    private static DateTimeOffset? Time(XmlValue value) =>
        value.TryTime(out var instant) ? instant : null;
}
