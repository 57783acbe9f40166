using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Requests;

/// <summary>Reads samlp:AuthnRequest as its schema lists it (saml-core-2.0 §3.2.1, §3.4.1).</summary>
internal readonly struct AuthnRequestParts
{
    /// <summary>The message.</summary>
    public XmlElement Root { get; private init; }

    /// <summary>Its identifier.</summary>
    public XmlValue Id { get; private init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? IssueInstant { get; private init; }

    /// <summary>Who sent it.</summary>
    public XmlElement Issuer { get; private init; }

    /// <summary>Its XML signature.</summary>
    public XmlElement Signature { get; private init; }

    /// <summary>The user it names.</summary>
    public XmlElement Subject { get; private init; }

    /// <summary>Index of the place for the Response.</summary>
    public int? ConsumerServiceIndex { get; private init; }

    /// <summary>ForceAuthn.</summary>
    public bool ForceAuthn { get; private init; }

    /// <summary>IsPassive.</summary>
    public bool IsPassive { get; private init; }

    /// <summary>The wish for a NameID.</summary>
    public NameIdPolicy? NameIdPolicy { get; private init; }

    /// <summary>The element of <see cref="RequestedContext"/>.</summary>
    public XmlElement RequestedContextElement { get; private init; }

    /// <summary>The wish for a way of authenticating.</summary>
    public RequestedAuthnContext? RequestedContext { get; private init; }

    /// <summary>Reads the message.</summary>
    public static AuthnRequestParts Read(XmlElement root, FindingList findings)
    {
        var content = new ElementContent(root, findings);
        var issuer = content.Optional(XmlNamespace.Assertion, "Issuer"u8);
        var signature = content.Optional(XmlNamespace.Signature, "Signature"u8);
        content.Optional(XmlNamespace.Protocol, "Extensions"u8);
        var subject = content.Optional(XmlNamespace.Assertion, "Subject"u8);
        var policy = content.Optional(XmlNamespace.Protocol, "NameIDPolicy"u8);
        // The service provider's wish for the assertion's validity; the identity provider decides that itself
        // (saml-core-2.0 §3.4.1).
        content.Optional(XmlNamespace.Assertion, "Conditions"u8);
        var context = content.Optional(XmlNamespace.Protocol, "RequestedAuthnContext"u8);
        content.Optional(XmlNamespace.Protocol, "Scoping"u8);
        content.End();

        return new AuthnRequestParts
        {
            Root = root,
            Id = root.RequiredId(findings),
            IssueInstant = root.RequiredTime("IssueInstant"u8, findings),
            Issuer = issuer,
            Signature = signature,
            Subject = subject,
            ConsumerServiceIndex = root.OptionalIndex("AssertionConsumerServiceIndex"u8, findings),
            ForceAuthn = root.OptionalBoolean("ForceAuthn"u8, findings),
            IsPassive = root.OptionalBoolean("IsPassive"u8, findings),
            NameIdPolicy = policy.Exists ? ReadPolicy(policy, findings) : null,
            RequestedContextElement = context,
            RequestedContext = context.Exists ? ReadContext(context, findings) : null,
        };
    }

    private static NameIdPolicy ReadPolicy(XmlElement policy, FindingList findings)
    {
        new ElementContent(policy, findings).End();
        return new NameIdPolicy(
            policy.Attribute("Format"u8).Text,
            policy.OptionalBoolean("AllowCreate"u8, findings),
            policy.Attribute("SPNameQualifier"u8).Text
        );
    }

    private static RequestedAuthnContext ReadContext(XmlElement context, FindingList findings)
    {
        var content = new ElementContent(context, findings);
        var classes = new List<string>();
        for (
            var reference = content.Optional(XmlNamespace.Assertion, "AuthnContextClassRef"u8);
            reference.Exists;
            reference = content.Optional(XmlNamespace.Assertion, "AuthnContextClassRef"u8)
        )
            if (reference.RequiredText(findings).Text is { } text)
                classes.Add(text);
        if (classes.Count == 0)
            while (content.Optional(XmlNamespace.Assertion, "AuthnContextDeclRef"u8).Exists) { }
        content.End();

        var comparison = context.Attribute("Comparison"u8);
        AuthnContextComparison? read = comparison.Text switch
        {
            null or "exact" => AuthnContextComparison.Exact,
            "minimum" => AuthnContextComparison.Minimum,
            "maximum" => AuthnContextComparison.Maximum,
            "better" => AuthnContextComparison.Better,
            _ => null,
        };
        if (read is null)
            findings.Add(
                FindingKinds.ValueMalformed,
                "exact, minimum, maximum or better",
                comparison.Text,
                comparison.Place
            );
        return new RequestedAuthnContext(classes, read ?? AuthnContextComparison.Exact);
    }

    /// <summary>The message as plain data. Called only when nothing refuses it, so that what is required is there.</summary>
    public AuthnRequest ToRequest(string issuer) =>
        new()
        {
            Id = Id.Text!,
            IssueInstant = IssueInstant!.Value,
            Issuer = issuer,
            Destination = Root.Attribute("Destination"u8).Text,
            AssertionConsumerServiceUrl = Root.Attribute("AssertionConsumerServiceURL"u8).Text,
            AssertionConsumerServiceIndex = ConsumerServiceIndex,
            ProtocolBinding = Root.Attribute("ProtocolBinding"u8).Text,
            ForceAuthn = ForceAuthn,
            IsPassive = IsPassive,
            ProviderName = Root.Attribute("ProviderName"u8).Text,
            NameIdPolicy = NameIdPolicy,
            RequestedAuthnContext = RequestedContext,
        };
}
