using Latchkey.Saml.Bindings;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Messages;

/// <summary>A message by HTTP-POST (rule B2, saml-bindings-2.0 §3.5).</summary>
internal sealed class FormMessage : IncomingMessage
{
    private const string WholeForm = "the form";
    private static readonly string[] Messages = ["SAMLRequest", "SAMLResponse"];

    private readonly KeyValuePair<string, string>[]? fields;
    private string? message;
    private string? relayState;

    public FormMessage(string message, string? relayState)
    {
        this.message = message;
        this.relayState = relayState;
    }

    public FormMessage(KeyValuePair<string, string>[] fields) => this.fields = fields;

    internal override OpenedMessage? Open(
        MessageKind kind,
        MessageRules rules,
        FindingList findings
    )
    {
        if (fields is not null)
            Take(fields, kind, findings);
        if (findings.Refused || message is null)
            return null;
        if (relayState is not null)
            RelayStates.Fits(relayState, rules.Limits, findings);
        var tape = PostedMessage.Read(message, rules.Limits, findings);
        return tape is null
            ? null
            : OpenedMessage.FromElement(
                tape.Root,
                tape,
                kind,
                rules,
                relayState,
                SamlBindings.Post,
                findings
            );
    }

    private void Take(KeyValuePair<string, string>[] form, MessageKind kind, FindingList findings)
    {
        // A signature over the form instead of one in the message: another binding, with its own ways to be confused.
        if (form.Any(field => field.Key is "Signature" or "SigAlg"))
            findings.Add(
                FindingKinds.PostSimpleSign,
                "HTTP-POST, with the signature inside the message",
                SamlBindings.PostSimpleSign,
                WholeForm
            );
        message = Single(form, kind.Parameter, findings);
        relayState = Single(form, "RelayState", findings);
        var other = Messages[1 - Array.IndexOf(Messages, kind.Parameter)];
        if (form.Any(field => field.Key == other))
            findings.Add(
                FindingKinds.FormFieldWrong,
                $"{kind.Parameter} alone",
                message is null ? other : $"{other} beside it",
                WholeForm
            );
        else if (message is null && !findings.Refused)
            findings.Add(FindingKinds.FormFieldWrong, kind.Parameter, at: WholeForm);
    }

    private static string? Single(
        KeyValuePair<string, string>[] form,
        string name,
        FindingList findings
    )
    {
        string? value = null;
        foreach (var field in form)
        {
            if (field.Key != name)
                continue;
            if (value is not null)
                findings.Add(FindingKinds.FormFieldWrong, $"{name} once", "twice", name);
            value = field.Value;
        }
        return value;
    }
}
