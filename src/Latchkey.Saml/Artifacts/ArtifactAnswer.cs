using System.Runtime.InteropServices;
using Latchkey.Saml.Bindings;
using Latchkey.Saml.Elements;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Artifacts;

/// <summary>Who was asked, and for what.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ArtifactRules(
    string Issuer,
    string ResolveId,
    IReadOnlyList<VerificationKey> Keys,
    bool AllowSha1,
    DateTimeOffset Latest,
    MessageLimits Limits
);

/// <summary>
/// An ArtifactResponse by SOAP (saml-core-2.0 §3.5.2), bound to whom we asked and what we asked for (rule B4). A
/// signature of its own has to verify, and is not enough: the message in it is validated like one that came directly.
/// </summary>
internal sealed class ArtifactAnswer : IDisposable
{
    // In order, each with its number in the security rules; every one runs.
    private static readonly (string Number, ArtifactRule Check)[] Table =
    [
        ("P2", static (in check) => MessageReading.CheckVersion(check.Root, check.Findings)),
        ("B4", OfTheIssuer),
        ("B4", AnswersOurs),
        ("P5", NotFromTheFuture),
        ("B4", Succeeded),
        ("B4", HasMessage),
    ];

    private readonly Tape tape;
    private readonly VerifiedElement? verified;

    private ArtifactAnswer(Tape tape, VerifiedElement? verified, XmlElement message)
    {
        this.tape = tape;
        this.verified = verified;
        Message = message;
    }

    private delegate void ArtifactRule(in Check check);

    /// <summary>The message behind the artifact.</summary>
    public XmlElement Message { get; }

    /// <summary>Opens the answer.</summary>
    /// <returns>The answer, to be disposed of by the caller; null when a finding was added.</returns>
    public static ArtifactAnswer? Open(
        ReadOnlyMemory<byte> envelope,
        ArtifactRules rules,
        FindingList findings
    )
    {
        var read = Tape.Read(envelope.Span, rules.Limits, findings);
        if (read is null)
            return null;
        var root = SoapEnvelope.ReadBody(read.Root, findings);
        if (!root.Exists || !MessageReading.IsMessage(root, "ArtifactResponse"u8, findings))
        {
            read.Dispose();
            return null;
        }
        var signed = OpenedMessage.Verify(
            root,
            rules.Keys,
            rules.AllowSha1,
            rules.Limits,
            findings
        );
        var check = Read(signed?.Root ?? root, rules, findings);
        foreach (var (_, rule) in Table)
            rule(check);
        if (!findings.Refused)
            return new ArtifactAnswer(read, signed, check.Message);
        signed?.Dispose();
        read.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        verified?.Dispose();
        tape.Dispose();
    }

    private static Check Read(XmlElement root, ArtifactRules rules, FindingList findings)
    {
        var content = new ElementContent(root, findings);
        var issuer = content.Optional(XmlNamespace.Assertion, "Issuer"u8);
        content.Optional(XmlNamespace.Signature, "Signature"u8);
        content.Optional(XmlNamespace.Protocol, "Extensions"u8);
        var status = content.Required(XmlNamespace.Protocol, "Status"u8);
        var message = content.Any();
        content.End();
        root.RequiredId(findings);
        return new Check(
            root,
            issuer,
            StatusElement.Read(status, findings, out var code),
            code,
            root.RequiredTime("IssueInstant"u8, findings),
            message,
            rules,
            findings
        );
    }

    private static void OfTheIssuer(in Check check)
    {
        if (check.Issuer.Exists)
            MessageReading.CheckIssuer(check.Issuer, check.Rules.Issuer, check.Findings);
        else
            check.Findings.Add(
                FindingKinds.IssuerMissing,
                check.Rules.Issuer,
                at: check.Root.Place
            );
    }

    private static void AnswersOurs(in Check check)
    {
        var answers = check.Root.Attribute("InResponseTo"u8);
        if (!answers.Is(check.Rules.ResolveId))
            check.Findings.Add(
                answers.Exists
                    ? FindingKinds.InResponseToMismatch
                    : FindingKinds.InResponseToMissing,
                check.Rules.ResolveId,
                answers.Text,
                answers.Place ?? check.Root.Place
            );
    }

    private static void NotFromTheFuture(in Check check) =>
        MessageReading.CheckIssuedBy(
            check.Root,
            check.IssueInstant,
            check.Rules.Latest,
            check.Findings
        );

    private static void Succeeded(in Check check)
    {
        if (check.Status is { Succeeded: false } said)
            check.Findings.Add(
                FindingKinds.ArtifactUnresolved,
                StatusCodes.Success,
                StatusElement.Describe(said),
                check.Code.Place
            );
    }

    private static void HasMessage(in Check check)
    {
        if (check.Status is { Succeeded: true } && !check.Message.Exists)
            check.Findings.Add(
                FindingKinds.ArtifactUnresolved,
                "a message",
                "none: the artifact was used before, is too old, or was never given out",
                check.Root.Place
            );
    }

    private readonly record struct Check(
        XmlElement Root,
        XmlElement Issuer,
        SamlStatus? Status,
        XmlValue Code,
        DateTimeOffset? IssueInstant,
        XmlElement Message,
        ArtifactRules Rules,
        FindingList Findings
    );
}
