using Latchkey.Saml.Elements;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Responses;

/// <summary>Reads samlp:Response as its schema lists it (saml-core-2.0 §3.2.2, §3.3.3).</summary>
internal readonly struct ResponseParts
{
    /// <summary>The message.</summary>
    public XmlElement Root { get; private init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? IssueInstant { get; private init; }

    /// <summary>Who sent it.</summary>
    public XmlElement Issuer { get; private init; }

    /// <summary>Its signature.</summary>
    public XmlElement Signature { get; private init; }

    /// <summary>The top-level status code.</summary>
    public XmlValue Status { get; private init; }

    /// <summary>All that the status says; null when it cannot be read.</summary>
    public SamlStatus? StatusSaid { get; private init; }

    /// <summary>The first assertion, not read yet: that is done once it is known whether it verifies.</summary>
    public XmlElement Assertion { get; private init; }

    /// <summary>The second assertion: one too many.</summary>
    public XmlElement SurplusAssertion { get; private init; }

    /// <summary>An encrypted assertion.</summary>
    public XmlElement EncryptedAssertion { get; private init; }

    /// <summary>Reads the message around the assertion.</summary>
    public static ResponseParts Read(XmlElement root, FindingList findings)
    {
        var content = new ElementContent(root, findings);
        var issuer = content.Optional(XmlNamespace.Assertion, "Issuer"u8);
        var signature = content.Optional(XmlNamespace.Signature, "Signature"u8);
        content.Optional(XmlNamespace.Protocol, "Extensions"u8);
        var status = content.Required(XmlNamespace.Protocol, "Status"u8);

        XmlElement first = default;
        XmlElement surplus = default;
        XmlElement encrypted = default;
        while (true)
        {
            var assertion = content.Optional(XmlNamespace.Assertion, "Assertion"u8);
            if (!assertion.Exists)
            {
                assertion = content.Optional(XmlNamespace.Assertion, "EncryptedAssertion"u8);
                if (!assertion.Exists)
                    break;
                encrypted = assertion;
            }
            if (first.Exists)
                surplus = assertion;
            else
                first = assertion;
        }
        content.End();

        root.RequiredId(findings);
        var said = StatusElement.Read(status, findings, out var code);
        return new ResponseParts
        {
            Root = root,
            IssueInstant = root.RequiredTime("IssueInstant"u8, findings),
            Issuer = issuer,
            Signature = signature,
            Status = code,
            StatusSaid = said,
            Assertion =
                first.Exists && first.Is(XmlNamespace.Assertion, "Assertion"u8) ? first : default,
            SurplusAssertion = surplus,
            EncryptedAssertion = encrypted,
        };
    }
}
