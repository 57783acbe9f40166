using System.Runtime.InteropServices;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Messages;

/// <summary>What the beginning of every message says.</summary>
/// <param name="Root">The message.</param>
/// <param name="Id">Its identifier.</param>
/// <param name="Issuer">Who sent it; default when not said.</param>
/// <param name="IssueInstant">When it was made.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MessageHead(
    XmlElement Root,
    XmlValue Id,
    XmlElement Issuer,
    DateTimeOffset? IssueInstant
)
{
    /// <summary>Reads what every message begins with (saml-core-2.0 §3.2), as far as the extensions.</summary>
    public static MessageHead Read(
        XmlElement root,
        ref ElementContent content,
        FindingList findings,
        out XmlElement extensions
    )
    {
        var issuer = content.Optional(XmlNamespace.Assertion, "Issuer"u8);
        content.Optional(XmlNamespace.Signature, "Signature"u8);
        extensions = content.Optional(XmlNamespace.Protocol, "Extensions"u8);
        return new MessageHead(
            root,
            root.RequiredId(findings),
            issuer,
            root.RequiredTime("IssueInstant"u8, findings)
        );
    }

    /// <summary>The address it was sent to, if said.</summary>
    public string? Destination => Root.Attribute("Destination"u8).Text;
}

/// <summary>A message read as its schema lists it.</summary>
internal interface IMessageParts
{
    /// <summary>What every message has.</summary>
    MessageHead Head { get; }
}

/// <summary>What a rule looks at.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MessageCheck<TParts>(
    TParts Parts,
    MessageRules Rules,
    OpenedMessage Opened,
    FindingList Findings
)
    where TParts : struct, IMessageParts;

/// <summary>One rule.</summary>
internal delegate void MessageRule<TParts>(in MessageCheck<TParts> check)
    where TParts : struct, IMessageParts;

/// <summary>Makes plain data of parts that every rule accepted. It may still add a finding.</summary>
internal delegate T MessageFacts<T, TParts>(in MessageCheck<TParts> check)
    where TParts : struct, IMessageParts;

/// <summary>The way of every message but Responses: unpacked, its signature looked at, read, each rule run, facts made.</summary>
internal static class MessageValidation
{
    /// <summary>Runs every rule, so that all that is wrong with a message is told at once.</summary>
    public static Verdict<Received<T>> Run<T, TParts>(
        IncomingMessage message,
        MessageKind kind,
        MessageRules rules,
        MessageReader<TParts> reader,
        (string Number, MessageRule<TParts> Check)[] table,
        MessageFacts<T, TParts> facts
    )
        where T : SamlMessage
        where TParts : struct, IMessageParts
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(rules);
        var findings = new FindingList();
        using var opened = message.Open(kind, rules, findings);
        if (opened is null)
            return Verdict<Received<T>>.Refuse(findings.Items);

        var check = new MessageCheck<TParts>(
            opened.Read(reader, findings),
            rules,
            opened,
            findings
        );
        foreach (var (_, rule) in table)
            rule(check);
        if (findings.Refused)
            return Verdict<Received<T>>.Refuse(findings.Items);
        var read = facts(check);
        return findings.Refused
            ? Verdict<Received<T>>.Refuse(findings.Items)
            : Verdict<Received<T>>.Accept(
                new Received<T>(read, opened.Signed, opened.RelayState, opened.Binding),
                findings.Items
            );
    }
}
