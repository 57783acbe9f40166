using Latchkey.Saml.Elements;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Requests;

/// <summary>Reads samlp:AuthnRequest as its schema lists it (saml-core-2.0 §3.2.1, §3.4.1).</summary>
internal readonly struct AuthnRequestParts : IMessageParts
{
    /// <inheritdoc/>
    public MessageHead Head { get; private init; }

    /// <summary>The user it names.</summary>
    public XmlElement Subject { get; private init; }

    /// <summary>The NameID in it, if that is all there is.</summary>
    public XmlElement SubjectNameId { get; private init; }

    /// <summary>Index of the place for the Response.</summary>
    public int? ConsumerServiceIndex { get; private init; }

    /// <summary>Index of the wanted attributes.</summary>
    public int? AttributeServiceIndex { get; private init; }

    /// <summary>ForceAuthn.</summary>
    public bool ForceAuthn { get; private init; }

    /// <summary>IsPassive.</summary>
    public bool IsPassive { get; private init; }

    /// <summary>The wish for a NameID.</summary>
    public NameIdPolicy? NameIdPolicy { get; private init; }

    /// <summary>The wish for conditions.</summary>
    public XmlElement Conditions { get; private init; }

    /// <summary>The element of <see cref="RequestedContext"/>.</summary>
    public XmlElement RequestedContextElement { get; private init; }

    /// <summary>The wish for a way of authenticating.</summary>
    public RequestedAuthnContext? RequestedContext { get; private init; }

    /// <summary>Whom else may be asked, and who asks.</summary>
    public Scoping? Scoping { get; private init; }

    /// <summary>Reads the message.</summary>
    public static AuthnRequestParts Read(XmlElement root, FindingList findings)
    {
        var content = new ElementContent(root, findings);
        var head = MessageHead.Read(root, ref content, findings, out _);
        var subject = content.Optional(XmlNamespace.Assertion, "Subject"u8);
        var policy = content.Optional(XmlNamespace.Protocol, "NameIDPolicy"u8);
        var conditions = content.Optional(XmlNamespace.Assertion, "Conditions"u8);
        var context = content.Optional(XmlNamespace.Protocol, "RequestedAuthnContext"u8);
        var scoping = content.Optional(XmlNamespace.Protocol, "Scoping"u8);
        content.End();
        if (conditions.Exists)
            ConditionsElement.Check(conditions, findings);

        return new AuthnRequestParts
        {
            Head = head,
            Subject = subject,
            SubjectNameId = subject.Exists ? ReadSubject(subject, findings) : default,
            ConsumerServiceIndex = root.OptionalIndex("AssertionConsumerServiceIndex"u8, findings),
            AttributeServiceIndex = root.OptionalIndex(
                "AttributeConsumingServiceIndex"u8,
                findings
            ),
            ForceAuthn = root.OptionalBoolean("ForceAuthn"u8, findings),
            IsPassive = root.OptionalBoolean("IsPassive"u8, findings),
            NameIdPolicy = policy.Exists ? ReadPolicy(policy, findings) : null,
            Conditions = conditions,
            RequestedContextElement = context,
            RequestedContext = context.Exists
                ? Requests.RequestedContextElement.Read(context, findings)
                : null,
            Scoping = scoping.Exists ? ScopingElement.Read(scoping, findings) : null,
        };
    }

    /// <summary>The message as plain data. Called only when nothing refuses it, so that what is required is there.</summary>
    public AuthnRequest ToRequest(string issuer) =>
        new()
        {
            Id = Head.Id.Text!,
            IssueInstant = Head.IssueInstant!.Value,
            Issuer = issuer,
            Destination = Head.Destination,
            AssertionConsumerServiceUrl = Head.Root.Attribute("AssertionConsumerServiceURL"u8).Text,
            AssertionConsumerServiceIndex = ConsumerServiceIndex,
            AttributeConsumingServiceIndex = AttributeServiceIndex,
            ProtocolBinding = Head.Root.Attribute("ProtocolBinding"u8).Text,
            ForceAuthn = ForceAuthn,
            IsPassive = IsPassive,
            ProviderName = Head.Root.Attribute("ProviderName"u8).Text,
            Subject = SubjectNameId.Exists ? NameIdElement.Read(SubjectNameId) : null,
            NameIdPolicy = NameIdPolicy,
            Conditions = ConditionsElement.Read(Conditions),
            RequestedAuthnContext = RequestedContext,
            Scoping = Scoping,
        };

    // A confirmation says how the bearer of the assertion shall prove to be the one; in a browser there is one way only.
    private static XmlElement ReadSubject(XmlElement subject, FindingList findings)
    {
        var content = new ElementContent(subject, findings);
        var nameId = content.Optional(XmlNamespace.Assertion, "NameID"u8);
        nameId.RequiredText(findings);
        return content.Next.Exists ? default : nameId;
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
}
