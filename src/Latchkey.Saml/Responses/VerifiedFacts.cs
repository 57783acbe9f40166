using Latchkey.Saml.Elements;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Responses;

/// <summary>Makes plain data of a verified assertion. Nothing else makes a <see cref="VerifiedAssertion"/>.</summary>
internal static class VerifiedFacts
{
    // Room for the attributes of most messages, so that the list need not grow while they are read.
    private const int UsualAttributes = 16;

    /// <summary>Reads the facts. Called only after every rule was kept, so that what is required is there.</summary>
    /// <param name="source">The verified assertion, or the verified Response with the assertion in it.</param>
    /// <param name="opened">What stood encrypted in it.</param>
    /// <param name="rules">What was expected.</param>
    /// <returns>Null when the attribute values that hold elements are longer than allowed.</returns>
    public static VerifiedAssertion? Read(
        VerifiedElement source,
        OpenedParts opened,
        ResponseRules rules
    )
    {
        var assertion = AssertionOf(source.Root);
        XmlElement subject = default;
        XmlElement conditions = default;
        XmlElement authn = default;
        var attributes = new List<SamlAttribute>(UsualAttributes);
        var values = new AttributeValues(rules.Limits.XmlBytes);
        var nextOpened = 0;
        foreach (var child in assertion.Children)
        {
            if (child.Is(XmlNamespace.Assertion, "Subject"u8))
                subject = child;
            else if (child.Is(XmlNamespace.Assertion, "Conditions"u8))
                conditions = child;
            else if (child.Is(XmlNamespace.Assertion, "AuthnStatement"u8) && !authn.Exists)
                authn = child;
            else if (
                child.Is(XmlNamespace.Assertion, "AttributeStatement"u8)
                && !ReadAttributes(child, opened.Attributes, ref nextOpened, ref values, attributes)
            )
                return null;
        }
        authn.Attribute("AuthnInstant"u8).TryTime(out var authnInstant);
        var sessionEnds = authn.Attribute("SessionNotOnOrAfter"u8).TryTime(out var ends)
            ? ends
            : (DateTimeOffset?)null;

        var (oneTimeUse, proxy) = Restrictions(conditions);
        return new VerifiedAssertion
        {
            Id = assertion.Attribute("ID"u8).Text!,
            Issuer = rules.IdentityProviderEntityId,
            NameId = ReadNameId(subject, opened.NameId),
            InResponseTo = AnsweredBy(subject, rules),
            AuthnInstant = authnInstant,
            AuthnContextClassRef = KnownTexts.Or(ContextClassOf(authn)),
            SessionIndex = authn.Attribute("SessionIndex"u8).Text,
            SessionNotOnOrAfter = sessionEnds,
            SubjectLocality = LocalityOf(authn),
            AuthenticatingAuthorities = AuthoritiesOf(authn),
            OneTimeUse = oneTimeUse,
            ProxyRestriction = proxy,
            NotOnOrAfter = UsableUntil(subject, conditions),
            Attributes = attributes,
        };
    }

    /// <summary>The authentication context class of an AuthnStatement; default when it names none.</summary>
    public static XmlValue ContextClassOf(XmlElement authnStatement)
    {
        foreach (var child in authnStatement.Children)
            if (child.Is(XmlNamespace.Assertion, "AuthnContext"u8))
                foreach (var reference in child.Children)
                    if (
                        reference.Is(XmlNamespace.Assertion, "AuthnContextClassRef"u8)
                        && reference.TryText(out var text)
                    )
                        return text;
        return default;
    }

    private static SubjectLocality? LocalityOf(XmlElement authnStatement)
    {
        foreach (var child in authnStatement.Children)
            if (child.Is(XmlNamespace.Assertion, "SubjectLocality"u8))
                return new SubjectLocality(
                    child.Attribute("Address"u8).Text,
                    child.Attribute("DNSName"u8).Text
                );
        return null;
    }

    private static IReadOnlyList<string> AuthoritiesOf(XmlElement authnStatement)
    {
        List<string>? authorities = null;
        foreach (var child in authnStatement.Children)
            if (child.Is(XmlNamespace.Assertion, "AuthnContext"u8))
                foreach (var one in child.Children)
                    if (
                        one.Is(XmlNamespace.Assertion, "AuthenticatingAuthority"u8)
                        && one.TryText(out var text)
                    )
                        (authorities ??= []).Add(text.Text!);
        return authorities ?? (IReadOnlyList<string>)[];
    }

    private static (bool OneTimeUse, ProxyRestriction? Proxy) Restrictions(XmlElement conditions)
    {
        var oneTimeUse = false;
        ProxyRestriction? proxy = null;
        foreach (var condition in conditions.Children)
        {
            oneTimeUse |= condition.Is(XmlNamespace.Assertion, "OneTimeUse"u8);
            if (condition.Is(XmlNamespace.Assertion, "ProxyRestriction"u8))
                proxy = ConditionsElement.ReadProxyRestriction(condition);
        }
        return (oneTimeUse, proxy);
    }

    private static XmlElement AssertionOf(XmlElement root)
    {
        if (root.Is(XmlNamespace.Assertion, "Assertion"u8))
            return root;
        foreach (var child in root.Children)
            if (child.Is(XmlNamespace.Assertion, "Assertion"u8))
                return child;
        throw new InvalidOperationException("A Response without an assertion was accepted.");
    }

    private static NameId? ReadNameId(XmlElement subject, XmlElement opened)
    {
        var nameId = opened;
        foreach (var child in subject.Children)
            if (child.Is(XmlNamespace.Assertion, "NameID"u8))
                nameId = child;
        return nameId.Exists ? NameIdElement.Read(nameId) : null;
    }

    // The rules saw to it that a bearer confirmation that counts names the pending request or none at all.
    private static string? AnsweredBy(XmlElement subject, ResponseRules rules)
    {
        foreach (var child in subject.Children)
        {
            if (!AssertionParts.IsBearer(child))
                continue;
            var data = AssertionParts.DataOf(child);
            if (
                data.Exists
                && rules.RequestId is { } pending
                && data.Attribute("InResponseTo"u8).Is(pending)
            )
                return pending;
        }
        return null;
    }

    // As long as any bearer confirmation could still be used, and no longer than the conditions hold.
    private static DateTimeOffset UsableUntil(XmlElement subject, XmlElement conditions)
    {
        var latest = DateTimeOffset.MinValue;
        foreach (var child in subject.Children)
        {
            if (!AssertionParts.IsBearer(child))
                continue;
            var data = AssertionParts.DataOf(child);
            if (
                data.Exists
                && data.Attribute("NotOnOrAfter"u8).TryTime(out var ends)
                && ends > latest
            )
                latest = ends;
        }
        return conditions.Attribute("NotOnOrAfter"u8).TryTime(out var over) && over < latest
            ? over
            : latest;
    }

    private static bool ReadAttributes(
        XmlElement statement,
        List<XmlElement> opened,
        ref int nextOpened,
        ref AttributeValues reader,
        List<SamlAttribute> attributes
    )
    {
        foreach (var child in statement.Children)
        {
            var attribute = child.Is(XmlNamespace.Assertion, "EncryptedAttribute"u8)
                ? opened[nextOpened++]
                : child;
            if (reader.Read(attribute) is not { } values)
                return false;
            attributes.Add(
                new SamlAttribute(
                    attribute.Attribute("Name"u8).Text!,
                    values,
                    KnownTexts.Or(attribute.Attribute("NameFormat"u8)),
                    attribute.Attribute("FriendlyName"u8).Text
                )
            );
        }
        return true;
    }
}
