using Latchkey.Saml.Bindings;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Messages;

/// <summary>A message by HTTP-Redirect (rule B1, saml-bindings-2.0 §3.4).</summary>
internal sealed class RedirectMessage(string rawQuery) : IncomingMessage
{
    internal override OpenedMessage? Open(
        MessageKind kind,
        MessageRules rules,
        FindingList findings
    )
    {
        if (!ReceivedQuery.TryRead(rawQuery, kind.Parameter, rules.Limits, findings, out var query))
            return null;
        var relayState = query.ReadRelayState(rules.Limits, findings);
        var verified = false;
        if (query.IsSigned)
            verified = query.Verify(rules.Keys, rules.AllowSha1, findings);
        else
            OpenedMessage.DemandSignature(kind, rules, "the query", findings);

        using var xml = query.ReadXml(rules.Limits, findings);
        var tape = xml is null ? null : Tape.Read(xml.Written, rules.Limits, findings);
        return tape is null
            ? null
            : OpenedMessage.FromQuery(tape, kind, query.IsSigned, verified, relayState, findings);
    }
}
