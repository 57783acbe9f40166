using Latchkey.Saml.Elements;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Responses;

/// <summary>Reads saml:Assertion as its schema lists it (saml-core-2.0 §2.3.3).</summary>
internal readonly struct AssertionParts
{
    /// <summary>The method of the Web SSO profile (saml-profiles-2.0 §3.3).</summary>
    private const string Bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

    /// <summary>The assertion.</summary>
    public XmlElement Root { get; private init; }

    /// <summary>Its identifier.</summary>
    public XmlValue Id { get; private init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? IssueInstant { get; private init; }

    /// <summary>Who made it.</summary>
    public XmlElement Issuer { get; private init; }

    /// <summary>Whom it is about.</summary>
    public XmlElement Subject { get; private init; }

    /// <summary>The subject's NameID.</summary>
    public XmlElement NameId { get; private init; }

    /// <summary>The subject's EncryptedID.</summary>
    public XmlElement EncryptedNameId { get; private init; }

    /// <summary>The EncryptedAttribute elements in order; null when there are none.</summary>
    public List<XmlElement>? EncryptedAttributes { get; private init; }

    /// <summary>Under which conditions it holds.</summary>
    public XmlElement Conditions { get; private init; }

    /// <summary>The first AuthnStatement.</summary>
    public XmlElement AuthnStatement { get; private init; }

    /// <summary>Whether the assertion is there.</summary>
    public bool Exists => Root.Exists;

    /// <summary>The signature of an assertion that was not read yet: where the schema has it, behind the Issuer; default when there is none.</summary>
    public static XmlElement SignatureOf(XmlElement root)
    {
        if (!root.Exists)
            return default;
        foreach (var child in root.Children)
            if (!child.Is(XmlNamespace.Assertion, "Issuer"u8))
                return child.Is(XmlNamespace.Signature, "Signature"u8) ? child : default;
        return default;
    }

    /// <summary>Whether a SubjectConfirmation is by the bearer method.</summary>
    public static bool IsBearer(XmlElement child) =>
        child.Is(XmlNamespace.Assertion, "SubjectConfirmation"u8)
        && child.Attribute("Method"u8).Is(Bearer);

    /// <summary>The data of a SubjectConfirmation that was read already; default when it has none.</summary>
    public static XmlElement DataOf(XmlElement confirmation)
    {
        foreach (var child in confirmation.Children)
            if (child.Is(XmlNamespace.Assertion, "SubjectConfirmationData"u8))
                return child;
        return default;
    }

    /// <summary>Reads the assertion and everything in it that has a schema.</summary>
    public static AssertionParts Read(XmlElement root, FindingList findings)
    {
        var content = new ElementContent(root, findings);
        var issuer = content.Required(XmlNamespace.Assertion, "Issuer"u8);
        content.Optional(XmlNamespace.Signature, "Signature"u8);
        var subject = content.Optional(XmlNamespace.Assertion, "Subject"u8);
        var conditions = content.Optional(XmlNamespace.Assertion, "Conditions"u8);
        // Other people's assertions may stand in there. It is never looked into.
        content.Optional(XmlNamespace.Assertion, "Advice"u8);
        var authn = ReadStatements(ref content, findings, out var encryptedAttributes);
        content.End();

        var identifier = subject.Exists ? ReadSubject(subject, findings) : default;
        var isNameId = identifier.Exists && identifier.Is(XmlNamespace.Assertion, "NameID"u8);
        if (conditions.Exists)
            ConditionsElement.Check(conditions, findings);
        return new AssertionParts
        {
            Root = root,
            Id = root.RequiredId(findings),
            IssueInstant = root.RequiredTime("IssueInstant"u8, findings),
            Issuer = issuer,
            Subject = subject,
            NameId = isNameId ? identifier : default,
            EncryptedNameId = isNameId ? default : identifier,
            EncryptedAttributes = encryptedAttributes,
            Conditions = conditions,
            AuthnStatement = authn,
        };
    }

    /// <summary>Reads saml:Attribute as its schema lists it (saml-core-2.0 §2.7.3.1).</summary>
    public static void ReadAttribute(XmlElement attribute, FindingList findings)
    {
        attribute.Required("Name"u8, findings);
        var values = new ElementContent(attribute, findings);
        // A value may hold anything; elements in it are kept as text and never looked into (AttributeValues).
        while (values.Optional(XmlNamespace.Assertion, "AttributeValue"u8).Exists) { }
        values.End();
    }

    // Statements come in any order and number.
    private static XmlElement ReadStatements(
        ref ElementContent content,
        FindingList findings,
        out List<XmlElement>? encryptedAttributes
    )
    {
        encryptedAttributes = null;
        XmlElement first = default;
        while (true)
        {
            var statement = content.Optional(XmlNamespace.Assertion, "AuthnStatement"u8);
            if (statement.Exists)
            {
                ReadAuthnStatement(statement, findings);
                if (!first.Exists)
                    first = statement;
                continue;
            }
            statement = content.Optional(XmlNamespace.Assertion, "AttributeStatement"u8);
            if (statement.Exists)
            {
                ReadAttributeStatement(statement, ref encryptedAttributes, findings);
                continue;
            }
            // Decisions about resources say nothing about a sign-in (saml-core-2.0 §2.7.4).
            if (!content.Optional(XmlNamespace.Assertion, "AuthzDecisionStatement"u8).Exists)
                return first;
        }
    }

    private static XmlElement ReadSubject(XmlElement subject, FindingList findings)
    {
        var content = new ElementContent(subject, findings);
        var identifier = ReadIdentifier(ref content, findings);
        XmlElement confirmation;
        while (
            (
                confirmation = content.Optional(XmlNamespace.Assertion, "SubjectConfirmation"u8)
            ).Exists
        )
        {
            confirmation.Required("Method"u8, findings);
            var inner = new ElementContent(confirmation, findings);
            ReadIdentifier(ref inner, findings);
            var data = inner.Optional(XmlNamespace.Assertion, "SubjectConfirmationData"u8);
            inner.End();
            if (!data.Exists)
                continue;
            data.OptionalTime("NotBefore"u8, findings);
            data.OptionalTime("NotOnOrAfter"u8, findings);
        }
        content.End();
        return identifier;
    }

    // The NameID or the EncryptedID. Those of confirmations say who else may use the assertion, which bearers need not be.
    private static XmlElement ReadIdentifier(ref ElementContent content, FindingList findings)
    {
        var encrypted = content.Optional(XmlNamespace.Assertion, "EncryptedID"u8);
        if (encrypted.Exists)
            return encrypted;
        var nameId = content.Optional(XmlNamespace.Assertion, "NameID"u8);
        if (nameId.Exists)
            nameId.RequiredText(findings);
        return nameId;
    }

    private static void ReadAuthnStatement(XmlElement statement, FindingList findings)
    {
        statement.RequiredTime("AuthnInstant"u8, findings);
        statement.OptionalTime("SessionNotOnOrAfter"u8, findings);
        var content = new ElementContent(statement, findings);
        var locality = content.Optional(XmlNamespace.Assertion, "SubjectLocality"u8);
        if (locality.Exists)
            new ElementContent(locality, findings).End();
        var context = content.Required(XmlNamespace.Assertion, "AuthnContext"u8);
        content.End();
        if (!context.Exists)
            return;
        content = new ElementContent(context, findings);
        content.Optional(XmlNamespace.Assertion, "AuthnContextClassRef"u8).TextOnly(findings);
        if (!content.Optional(XmlNamespace.Assertion, "AuthnContextDecl"u8).Exists)
            content.Optional(XmlNamespace.Assertion, "AuthnContextDeclRef"u8).TextOnly(findings);
        while (OptionalText(ref content, "AuthenticatingAuthority"u8, findings)) { }
        content.End();
    }

    private static bool OptionalText(
        ref ElementContent content,
        ReadOnlySpan<byte> name,
        FindingList findings
    )
    {
        var element = content.Optional(XmlNamespace.Assertion, name);
        element.TextOnly(findings);
        return element.Exists;
    }

    private static void ReadAttributeStatement(
        XmlElement statement,
        ref List<XmlElement>? encryptedAttributes,
        FindingList findings
    )
    {
        var content = new ElementContent(statement, findings);
        while (content.Next.Exists)
        {
            var encrypted = content.Optional(XmlNamespace.Assertion, "EncryptedAttribute"u8);
            if (encrypted.Exists)
            {
                (encryptedAttributes ??= []).Add(encrypted);
                continue;
            }
            var attribute = content.Required(XmlNamespace.Assertion, "Attribute"u8);
            if (!attribute.Exists)
                return;
            ReadAttribute(attribute, findings);
        }
    }
}
