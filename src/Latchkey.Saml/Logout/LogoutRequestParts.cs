using Latchkey.Saml.Elements;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Logout;

/// <summary>Reads samlp:LogoutRequest as its schema lists it (saml-core-2.0 §3.7.1).</summary>
internal readonly struct LogoutRequestParts : IMessageParts
{
    /// <inheritdoc/>
    public MessageHead Head { get; private init; }

    /// <summary>When the request stops being valid.</summary>
    public DateTimeOffset? NotOnOrAfter { get; private init; }

    /// <summary>The person, as NameID, EncryptedID or BaseID.</summary>
    public XmlElement Identifier { get; private init; }

    /// <summary>The sessions.</summary>
    public IReadOnlyList<string> SessionIndexes { get; private init; }

    /// <summary>Whether no answer is waited for.</summary>
    public bool Asynchronous { get; private init; }

    /// <summary>Whether the person is named encrypted.</summary>
    public bool IsEncrypted => Identifier.Is(XmlNamespace.Assertion, "EncryptedID"u8);

    /// <summary>Whether the person is named plainly.</summary>
    public bool IsNamed => Identifier.Is(XmlNamespace.Assertion, "NameID"u8);

    /// <summary>Reads the message.</summary>
    public static LogoutRequestParts Read(XmlElement root, FindingList findings)
    {
        var content = new ElementContent(root, findings);
        var head = MessageHead.Read(root, ref content, findings, out var extensions);
        var identifier = content.Optional(XmlNamespace.Assertion, "BaseID"u8);
        if (!identifier.Exists)
            identifier = content.Optional(XmlNamespace.Assertion, "EncryptedID"u8);
        if (!identifier.Exists)
        {
            identifier = content.Required(XmlNamespace.Assertion, "NameID"u8);
            identifier.RequiredText(findings);
        }
        var sessions = new List<string>();
        for (
            var index = content.Optional(XmlNamespace.Protocol, "SessionIndex"u8);
            index.Exists;
            index = content.Optional(XmlNamespace.Protocol, "SessionIndex"u8)
        )
            if (index.RequiredText(findings).Text is { } text)
                sessions.Add(text);
        content.End();

        return new LogoutRequestParts
        {
            Head = head,
            NotOnOrAfter = root.OptionalTime("NotOnOrAfter"u8, findings),
            Identifier = identifier,
            SessionIndexes = sessions,
            Asynchronous = extensions.Exists && IsAsynchronous(extensions),
        };
    }

    /// <summary>The message as plain data. Called only when nothing refuses it, so that what is required is there.</summary>
    public LogoutRequest ToRequest(string issuer, XmlElement nameId) =>
        new()
        {
            Id = Head.Id.Text!,
            IssueInstant = Head.IssueInstant!.Value,
            Issuer = issuer,
            Destination = Head.Destination,
            NameId = NameIdElement.Read(nameId),
            SessionIndexes = SessionIndexes,
            Reason = Head.Root.Attribute("Reason"u8).Text,
            NotOnOrAfter = NotOnOrAfter,
            Asynchronous = Asynchronous,
        };

    private static bool IsAsynchronous(XmlElement extensions)
    {
        foreach (var extension in extensions.Children)
            if (extension.Is(XmlNamespace.AsynchronousLogout, "Asynchronous"u8))
                return true;
        return false;
    }
}
