using Latchkey.Saml.Bindings;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Messages;

/// <summary>A message by SOAP (saml-bindings-2.0 §3.2).</summary>
internal sealed class SoapMessage(ReadOnlyMemory<byte> envelope) : IncomingMessage
{
    internal override OpenedMessage? Open(
        MessageKind kind,
        MessageRules rules,
        FindingList findings
    )
    {
        var tape = Tape.Read(envelope.Span, rules.Limits, findings);
        if (tape is null)
            return null;
        var message = SoapEnvelope.ReadBody(tape.Root, findings);
        if (!message.Exists)
        {
            tape.Dispose();
            return null;
        }
        return OpenedMessage.FromElement(
            message,
            tape,
            kind,
            rules,
            relayState: null,
            SamlBindings.Soap,
            findings
        );
    }
}
