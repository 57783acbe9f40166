using System.Text;
using Latchkey.Saml.Encryption;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Messages;

/// <summary>Reads a message as its schema lists it.</summary>
internal delegate T MessageReader<out T>(XmlElement root, FindingList findings);

/// <summary>An unpacked message whose signature, if there is one, was looked at.</summary>
internal sealed class OpenedMessage : IDisposable
{
    private readonly List<IDisposable> owned = [];
    private XmlElement received;
    private VerifiedElement? verified;

    private OpenedMessage() { }

    /// <summary>Whether a signature covers the message: around it in the query, or enveloped and verified.</summary>
    public bool Signed { get; private init; }

    /// <summary>Whether that signature verified.</summary>
    public bool Verified { get; private init; }

    /// <summary>RelayState exactly as it arrived.</summary>
    public string? RelayState { get; private init; }

    /// <summary>The binding it arrived by.</summary>
    public required string Binding { get; init; }

    /// <summary>A message whose signature stands in the query; one inside the XML plays no part (rule B1).</summary>
    public static OpenedMessage? FromQuery(
        Tape tape,
        MessageKind kind,
        bool signed,
        bool verified,
        string? relayState,
        FindingList findings
    )
    {
        if (!MessageReading.IsMessage(tape.Root, Encoding.ASCII.GetBytes(kind.Name), findings))
        {
            tape.Dispose();
            return null;
        }
        return new OpenedMessage
        {
            received = tape.Root,
            owned = { tape },
            Signed = signed,
            Verified = verified,
            RelayState = relayState,
            Binding = SamlBindings.Redirect,
        };
    }

    /// <summary>A message with an enveloped signature, if any.</summary>
    /// <param name="root">The message; not the root of its document when it came in an envelope.</param>
    /// <param name="owner">What it stands on; disposed of with the message.</param>
    /// <param name="kind">What it has to be.</param>
    /// <param name="rules">What is known of the sender.</param>
    /// <param name="relayState">What came beside it.</param>
    /// <param name="binding">How it came.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public static OpenedMessage? FromElement(
        XmlElement root,
        IDisposable owner,
        MessageKind kind,
        MessageRules rules,
        string? relayState,
        string binding,
        FindingList findings
    )
    {
        if (!MessageReading.IsMessage(root, Encoding.ASCII.GetBytes(kind.Name), findings))
        {
            owner.Dispose();
            return null;
        }
        var signature = SignatureOf(root);
        VerifiedElement? element = null;
        if (!signature.Exists)
            DemandSignature(kind, rules, root.Place, findings);
        else
            element = Verify(root, rules.Keys, rules.AllowSha1, rules.Limits, findings);
        var message = new OpenedMessage
        {
            received = root,
            verified = element,
            owned = { owner },
            Signed = element is not null,
            Verified = element is not null,
            RelayState = relayState,
            Binding = binding,
        };
        if (element is not null)
            message.owned.Add(element);
        return message;
    }

    /// <summary>Verifies the signature that stands directly in an element (rule S1).</summary>
    /// <returns>The element anew, to be disposed of by the caller; null when there is no signature, or with a finding.</returns>
    public static VerifiedElement? Verify(
        XmlElement signed,
        IReadOnlyList<VerificationKey> keys,
        bool allowSha1,
        MessageLimits limits,
        FindingList findings
    ) =>
        SignatureOf(signed) is { Exists: true } signature
        && ReceivedSignature.TryRead(signed, signature, allowSha1, findings, out var enveloped)
            ? VerifiedElement.Verify(enveloped, keys, limits, findings)
            : null;

    /// <summary>A message that has to be signed and is not, is refused (rules B3, I2).</summary>
    public static void DemandSignature(
        MessageKind kind,
        MessageRules rules,
        string place,
        FindingList findings
    )
    {
        if (kind.AlwaysSigned || rules.RequireSignature)
            findings.Add(FindingKinds.SignatureMissing, $"a signed {kind.Name}", at: place);
    }

    /// <summary>
    /// Reads the message: what was signed is read from the verified octets. If it did not verify, the rules still say
    /// what else is wrong with the message, which is refused already.
    /// </summary>
    public T Read<T>(MessageReader<T> reader, FindingList findings)
    {
        var parts = reader(received, findings);
        if (verified is null)
            return parts;
        var again = new FindingList();
        parts = reader(verified.Root, again);
        findings.AddNew(again);
        return parts;
    }

    /// <summary>Decrypts an element that was read from the message.</summary>
    /// <returns>The content; default when a finding was added.</returns>
    public XmlElement Decrypt(
        XmlElement encrypted,
        ReadOnlySpan<byte> content,
        Decryption decryption,
        FindingList findings
    )
    {
        if (verified is not null)
        {
            var element = verified.Decrypt(encrypted, content, decryption, findings);
            if (element is null)
                return default;
            owned.Add(element);
            return element.Root;
        }
        var tape = decryption.Open(encrypted, content, inVerifiedOctets: Verified, findings);
        if (tape is null)
            return default;
        owned.Add(tape);
        return tape.Root;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var one in owned)
            one.Dispose();
    }

    private static XmlElement SignatureOf(XmlElement element)
    {
        foreach (var child in element.Children)
            if (child.Is(XmlNamespace.Signature, "Signature"u8))
                return child;
        return default;
    }
}
