using Latchkey.Saml.Artifacts;
using Latchkey.Saml.Bindings;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Messages;

/// <summary>A message by HTTP-Artifact (rule B4, saml-bindings-2.0 §3.6).</summary>
internal sealed class ArtifactMessage(
    ReadOnlyMemory<byte> envelope,
    string resolveId,
    string? relayState
) : IncomingMessage
{
    internal override OpenedMessage? Open(
        MessageKind kind,
        MessageRules rules,
        FindingList findings
    )
    {
        if (relayState is not null)
            RelayStates.Fits(relayState, rules.Limits, findings);
        var answer = ArtifactAnswer.Open(
            envelope,
            new ArtifactRules(
                rules.PeerEntityId,
                resolveId,
                rules.Keys,
                rules.AllowSha1,
                rules.Now + rules.ClockSkew,
                rules.Limits
            ),
            findings
        );
        return answer is null
            ? null
            : OpenedMessage.FromElement(
                answer.Message,
                answer,
                kind,
                rules,
                relayState,
                SamlBindings.Artifact,
                findings
            );
    }
}
