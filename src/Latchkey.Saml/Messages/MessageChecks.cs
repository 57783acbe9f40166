using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Messages;

/// <summary>The rules that all messages share. Each kind has a table of its own that begins with them.</summary>
internal static class MessageChecks<TParts>
    where TParts : struct, IMessageParts
{
    /// <summary>Each with its number in the security rules.</summary>
    public static (string Number, MessageRule<TParts> Check)[] Common { get; } =
    [
        ("P2", Version),
        ("P2", Issuer),
        ("P3", Destination),
        ("P5", NotFromTheFuture),
        ("P1", NotTooOld),
    ];

    private static void Version(in MessageCheck<TParts> check) =>
        MessageReading.CheckVersion(check.Parts.Head.Root, check.Findings);

    private static void Issuer(in MessageCheck<TParts> check)
    {
        var head = check.Parts.Head;
        if (head.Issuer.Exists)
            MessageReading.CheckIssuer(head.Issuer, check.Rules.PeerEntityId, check.Findings);
        else
            check.Findings.Add(
                FindingKinds.IssuerMissing,
                check.Rules.PeerEntityId,
                at: head.Root.Place
            );
    }

    // What a browser carries and is signed has to say where it goes; what comes by SOAP was sent there directly.
    private static void Destination(in MessageCheck<TParts> check) =>
        MessageReading.CheckDestination(
            check.Parts.Head.Root,
            check.Rules.Destination,
            check.Opened.Signed
                && check.Opened.Binding is (SamlBindings.Redirect or SamlBindings.Post),
            check.Findings
        );

    private static void NotFromTheFuture(in MessageCheck<TParts> check) =>
        MessageReading.CheckIssuedBy(
            check.Parts.Head.Root,
            check.Parts.Head.IssueInstant,
            check.Rules.Now + check.Rules.ClockSkew,
            check.Findings
        );

    private static void NotTooOld(in MessageCheck<TParts> check)
    {
        var head = check.Parts.Head;
        var earliest = check.Rules.Now - check.Rules.MaximumAge - check.Rules.ClockSkew;
        if (head.IssueInstant < earliest)
            check.Findings.Add(
                FindingKinds.RequestExpired,
                $"{earliest:u} or later",
                $"{head.IssueInstant:u}",
                head.Root.Place
            );
    }
}
