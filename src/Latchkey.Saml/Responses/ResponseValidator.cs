using Latchkey.Saml.Artifacts;
using Latchkey.Saml.Bindings;
using Latchkey.Saml.Encryption;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Responses;

/// <summary>Reads and checks Responses at the service provider (saml-profiles-2.0 §4.1.4.3).</summary>
/// <remarks>
/// The way of a message: base64, one reading, signatures over that reading, one reading of the signed octets, rules,
/// facts. Rules run also when a signature failed, so that an administrator sees all that is wrong; facts are made from
/// a <see cref="VerifiedElement"/> only.
/// </remarks>
public static class ResponseValidator
{
    /// <summary>Checks the value of the SAMLResponse form field.</summary>
    /// <returns>The verified assertion, or everything that is wrong. Replay (rule P7) is the caller's: it has the store.</returns>
    public static Verdict<VerifiedAssertion> Validate(string samlResponse, ResponseRules rules)
    {
        ArgumentNullException.ThrowIfNull(samlResponse);
        ArgumentNullException.ThrowIfNull(rules);
        var findings = new FindingList();
        using var tape = PostedMessage.Read(samlResponse, rules.Limits, findings);
        return tape is null
            ? Verdict<VerifiedAssertion>.Refuse(findings.Items)
            : Validate(tape.Root, byBrowser: true, rules, findings);
    }

    /// <summary>
    /// Checks the Response in the answer to our ArtifactResolve, which went to the issuer's registered endpoint (rule B4,
    /// saml-bindings-2.0 §3.6). It has to be signed as if it had come by itself.
    /// </summary>
    /// <param name="envelope">The SOAP envelope that was answered.</param>
    /// <param name="resolveId">The ID of our ArtifactResolve.</param>
    /// <param name="rules">What is expected of the Response.</param>
    /// <returns>The verified assertion, or everything that is wrong. Replay (rule P7) is the caller's: it has the store.</returns>
    public static Verdict<VerifiedAssertion> ValidateArtifact(
        ReadOnlyMemory<byte> envelope,
        string resolveId,
        ResponseRules rules
    )
    {
        ArgumentNullException.ThrowIfNull(resolveId);
        ArgumentNullException.ThrowIfNull(rules);
        var findings = new FindingList();
        using var answer = ArtifactAnswer.Open(
            envelope,
            new ArtifactRules(
                rules.IdentityProviderEntityId,
                resolveId,
                rules.Keys,
                rules.AllowSha1,
                rules.Now + rules.ClockSkew,
                rules.Limits
            ),
            findings
        );
        return answer is null
            ? Verdict<VerifiedAssertion>.Refuse(findings.Items)
            : Validate(answer.Message, byBrowser: false, rules, findings);
    }

    private static Verdict<VerifiedAssertion> Validate(
        XmlElement message,
        bool byBrowser,
        ResponseRules rules,
        FindingList findings
    )
    {
        if (!MessageReading.IsMessage(message, "Response"u8, findings))
            return Verdict<VerifiedAssertion>.Refuse(findings.Items);

        var response = ResponseParts.Read(message, findings);
        var responseSigned = response.Signature.Exists;

        // The Response first: if it verified, the assertion and its own signature are taken from the verified octets.
        using var verifiedResponse = Verify(response.Root, response.Signature, rules, findings);
        if (verifiedResponse is not null)
        {
            var again = new FindingList();
            response = ResponseParts.Read(verifiedResponse.Root, again);
            findings.AddNew(again);
        }
        var decryption = new Decryption(rules.DecryptionKeys, rules.AllowCbc, rules.Limits);
        using var opened = OpenedAssertion.Open(response, verifiedResponse, decryption, findings);

        var root = opened.Root.Exists ? opened.Root : response.Assertion;
        var signature = AssertionParts.SignatureOf(root);
        using var verifiedAssertion = VerifyAssertion(
            root,
            signature,
            verifiedResponse,
            rules,
            findings
        );
        // Of the Assertion, the Response's ciphertext, or the Response.
        var source = verifiedAssertion ?? opened.Verified ?? verifiedResponse;
        if (verifiedAssertion is not null)
            root = verifiedAssertion.Root;
        var assertion = root.Exists ? AssertionParts.Read(root, findings) : default;
        using var parts = OpenedParts.Open(assertion, source, decryption, findings);
        DemandSignatures(
            response.Root,
            responseSigned,
            root,
            signature.Exists,
            rules.RequiredSignatures,
            findings
        );
        ResponseChecks.Run(
            new ResponseCheck(
                response,
                assertion,
                rules,
                byBrowser && verifiedResponse is not null,
                findings
            )
        );

        if (findings.Refused || source is null)
            return Verdict<VerifiedAssertion>.Refuse(findings.Items);
        if (VerifiedFacts.Read(source, parts, rules) is { } facts)
            return Verdict<VerifiedAssertion>.Accept(facts, findings.Items);
        findings.Add(
            FindingKinds.XmlLimit,
            $"at most {rules.Limits.XmlBytes} bytes in attribute values that hold elements",
            at: assertion.Root.Place
        );
        return Verdict<VerifiedAssertion>.Refuse(findings.Items);
    }

    // In a Response that verified, the assertion was read from signed octets already: its own signature has to hold
    // too, and there is nothing more to read.
    private static VerifiedElement? VerifyAssertion(
        XmlElement assertion,
        XmlElement signature,
        VerifiedElement? verifiedResponse,
        ResponseRules rules,
        FindingList findings
    )
    {
        if (verifiedResponse is null || !verifiedResponse.Holds(assertion))
            return Verify(assertion, signature, rules, findings);
        if (TryRead(assertion, signature, rules, findings, out var enveloped))
            verifiedResponse.VerifyInside(enveloped, rules.Keys, rules.Limits, findings);
        return null;
    }

    private static VerifiedElement? Verify(
        XmlElement signed,
        XmlElement signature,
        ResponseRules rules,
        FindingList findings
    ) =>
        TryRead(signed, signature, rules, findings, out var enveloped)
            ? VerifiedElement.Verify(enveloped, rules.Keys, rules.Limits, findings)
            : null;

    // Rule S8: every signature that is there has to verify; a failure is a finding, and a finding refuses.
    private static bool TryRead(
        XmlElement signed,
        XmlElement signature,
        ResponseRules rules,
        FindingList findings,
        out ReceivedSignature enveloped
    )
    {
        enveloped = default;
        return signature.Exists
            && ReceivedSignature.TryRead(
                signed,
                signature,
                rules.AllowSha1,
                findings,
                out enveloped
            );
    }

    // Rule S10: never none. A signature that is there and failed has its finding already.
    private static void DemandSignatures(
        XmlElement response,
        bool responseSigned,
        XmlElement assertion,
        bool assertionSigned,
        SignedParts? required,
        FindingList findings
    )
    {
        if (!responseSigned && !assertionSigned)
            findings.Add(
                FindingKinds.SignatureMissing,
                "a signed Response or Assertion",
                at: response.Place
            );
        if (!responseSigned && required is SignedParts.Response or SignedParts.AssertionAndResponse)
            findings.Add(
                FindingKinds.ResponseSignatureMissing,
                "a signed Response",
                at: response.Place
            );
        if (
            !assertionSigned
            && assertion.Exists
            && required is SignedParts.Assertion or SignedParts.AssertionAndResponse
        )
            findings.Add(
                FindingKinds.AssertionSignatureMissing,
                "a signed Assertion",
                at: assertion.Place
            );
    }
}
