using System.Runtime.InteropServices;
using Latchkey.Saml.Elements;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Logout;

/// <summary>Reads and checks LogoutResponses, at either side (saml-profiles-2.0 §4.4.4.2, rule B3).</summary>
/// <remarks>A response that says that the logout failed is as good a message as any: what it says is in its Status.</remarks>
public static class LogoutResponseValidator
{
    private static readonly (string Number, MessageRule<Parts> Check)[] Table =
    [
        .. MessageChecks<Parts>.Common,
        ("P1", AnswersThePendingRequest),
    ];

    /// <summary>Checks a response by Redirect, POST or SOAP against the request of <see cref="MessageRules.RequestId"/>.</summary>
    public static Verdict<Received<LogoutResponse>> Validate(
        IncomingMessage message,
        MessageRules rules
    ) =>
        MessageValidation.Run<LogoutResponse, Parts>(
            message,
            MessageKind.LogoutResponse,
            rules,
            Read,
            Table,
            Facts
        );

    private static void AnswersThePendingRequest(in MessageCheck<Parts> check)
    {
        var root = check.Parts.Head.Root;
        var answers = root.Attribute("InResponseTo"u8);
        if (!answers.Exists)
            check.Findings.Add(
                FindingKinds.InResponseToMissing,
                check.Rules.RequestId,
                at: root.Place
            );
        else if (check.Rules.RequestId is not { } pending || !answers.Is(pending))
            check.Findings.Add(
                FindingKinds.InResponseToMismatch,
                check.Rules.RequestId ?? "no request is pending",
                answers.Text,
                answers.Place
            );
    }

    private static LogoutResponse Facts(in MessageCheck<Parts> check) =>
        new()
        {
            Id = check.Parts.Head.Id.Text!,
            IssueInstant = check.Parts.Head.IssueInstant!.Value,
            Issuer = check.Rules.PeerEntityId,
            Destination = check.Parts.Head.Destination,
            InResponseTo = check.Rules.RequestId!,
            Status = check.Parts.Status!,
        };

    // As its schema lists it (saml-core-2.0 §3.7.2).
    private static Parts Read(XmlElement root, FindingList findings)
    {
        var content = new ElementContent(root, findings);
        var head = MessageHead.Read(root, ref content, findings, out _);
        var status = content.Required(XmlNamespace.Protocol, "Status"u8);
        content.End();
        return new Parts(head, StatusElement.Read(status, findings, out _));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Parts(MessageHead Head, SamlStatus? Status) : IMessageParts;
}
