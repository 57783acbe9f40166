using System.Runtime.InteropServices;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Artifacts;

/// <summary>Reads and checks ArtifactResolves at the side that keeps the messages (saml-profiles-2.0 §5.4, rule B4).</summary>
/// <remarks>
/// Whoever keeps the messages gives one out once, and only to the peer it was made for: that is the caller's, who has
/// the store.
/// </remarks>
public static class ArtifactResolveValidator
{
    private static readonly (string Number, MessageRule<Parts> Check)[] Table =
    [
        .. MessageChecks<Parts>.Common,
    ];

    /// <summary>Checks a request by SOAP.</summary>
    public static Verdict<Received<ArtifactResolve>> Validate(
        IncomingMessage message,
        MessageRules rules
    ) =>
        MessageValidation.Run<ArtifactResolve, Parts>(
            message,
            MessageKind.ArtifactResolve,
            rules,
            Read,
            Table,
            Facts
        );

    private static ArtifactResolve Facts(in MessageCheck<Parts> check) =>
        new()
        {
            Id = check.Parts.Head.Id.Text!,
            IssueInstant = check.Parts.Head.IssueInstant!.Value,
            Issuer = check.Rules.PeerEntityId,
            Destination = check.Parts.Head.Destination,
            Artifact = check.Parts.Artifact!,
        };

    // As its schema lists it (saml-core-2.0 §3.5.1).
    private static Parts Read(XmlElement root, FindingList findings)
    {
        var content = new ElementContent(root, findings);
        var head = MessageHead.Read(root, ref content, findings, out _);
        var value = content.Required(XmlNamespace.Protocol, "Artifact"u8).TextOnly(findings);
        content.End();
        if (!value.Exists)
            return new Parts(head, null);
        var verdict = SamlArtifact.Read(value.Text!);
        foreach (var finding in verdict.Findings)
            findings.Add(finding with { At = value.Place });
        return new Parts(head, verdict.Value);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Parts(MessageHead Head, SamlArtifact? Artifact) : IMessageParts;
}
