using Latchkey.Saml.Findings;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Requests;

/// <summary>Reads and checks AuthnRequests at the identity provider (saml-profiles-2.0 §4.1.4.1).</summary>
public static class AuthnRequestValidator
{
    private static readonly (string Number, MessageRule<AuthnRequestParts> Check)[] Table =
    [
        .. MessageChecks<AuthnRequestParts>.Common,
        ("I1", OneConsumerService),
        ("B2", NoSimpleSign),
        ("I2", SubjectByName),
        ("I2", ContextByClass),
    ];

    /// <summary>Checks a request by Redirect, POST or Artifact.</summary>
    public static Verdict<Received<AuthnRequest>> Validate(
        IncomingMessage message,
        MessageRules rules
    ) =>
        MessageValidation.Run<AuthnRequest, AuthnRequestParts>(
            message,
            MessageKind.AuthnRequest,
            rules,
            AuthnRequestParts.Read,
            Table,
            static (in check) => check.Parts.ToRequest(check.Rules.PeerEntityId)
        );

    // saml-core-2.0 §3.4.1: the index excludes the address and the binding.
    private static void OneConsumerService(in MessageCheck<AuthnRequestParts> check)
    {
        var root = check.Parts.Head.Root;
        if (
            check.Parts.ConsumerServiceIndex is not null
            && (
                root.Attribute("AssertionConsumerServiceURL"u8).Exists
                || root.Attribute("ProtocolBinding"u8).Exists
            )
        )
            check.Findings.Add(
                FindingKinds.ConsumerServiceAmbiguous,
                "AssertionConsumerServiceIndex alone",
                at: root.Place
            );
    }

    private static void NoSimpleSign(in MessageCheck<AuthnRequestParts> check)
    {
        var binding = check.Parts.Head.Root.Attribute("ProtocolBinding"u8);
        if (binding.Is(SamlBindings.PostSimpleSign))
            check.Findings.Add(
                FindingKinds.PostSimpleSign,
                SamlBindings.Post,
                SamlBindings.PostSimpleSign,
                binding.Place
            );
    }

    private static void SubjectByName(in MessageCheck<AuthnRequestParts> check)
    {
        if (check.Parts.Subject.Exists && !check.Parts.SubjectNameId.Exists)
            check.Findings.Add(
                FindingKinds.RequestSubjectUnsupported,
                "saml:NameID alone",
                at: check.Parts.Subject.Place
            );
    }

    private static void ContextByClass(in MessageCheck<AuthnRequestParts> check)
    {
        if (check.Parts.RequestedContext is { ClassRefs.Count: 0 })
            check.Findings.Add(
                FindingKinds.RequestContextUnsupported,
                "saml:AuthnContextClassRef",
                at: check.Parts.RequestedContextElement.Place
            );
    }
}
