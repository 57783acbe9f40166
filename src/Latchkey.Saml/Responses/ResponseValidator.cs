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
        if (tape is null || !MessageReading.IsMessage(tape.Root, "Response"u8, findings))
            return Verdict<VerifiedAssertion>.Refuse(findings.Items);

        var response = ResponseParts.Read(tape.Root, findings);
        var assertion = response.Assertion;

        // The Response first: if it verified, the assertion and its own signature are taken from the verified octets.
        using var verifiedResponse = Verify(response.Root, response.Signature, rules, findings);
        var again = new FindingList();
        if (verifiedResponse is not null)
        {
            response = ResponseParts.Read(verifiedResponse.Root, again);
            assertion = response.Assertion;
        }
        var decryption = new Decryption(rules.DecryptionKeys, rules.AllowCbc, rules.Limits);
        using var opened = OpenedAssertion.Open(response, verifiedResponse, decryption, findings);
        if (opened.Root.Exists)
            assertion = AssertionParts.Read(opened.Root, findings);
        using var verifiedAssertion = Verify(assertion.Root, assertion.Signature, rules, findings);
        if (verifiedAssertion is not null)
            assertion = AssertionParts.Read(verifiedAssertion.Root, again);
        findings.AddNew(again);

        // Of the Response, the Response's ciphertext, or the Assertion: the innermost.
        var source = verifiedAssertion ?? opened.Verified ?? verifiedResponse;
        using var parts = OpenedParts.Open(assertion, source, decryption, findings);
        DemandSignatures(response, assertion, verifiedResponse, verifiedAssertion, rules, findings);
        ResponseChecks.Run(
            new ResponseCheck(response, assertion, rules, verifiedResponse is not null, findings)
        );

        return findings.Refused || source is null
            ? Verdict<VerifiedAssertion>.Refuse(findings.Items)
            : Verdict<VerifiedAssertion>.Accept(
                VerifiedFacts.Read(source, parts, rules),
                findings.Items
            );
    }

    // Rule S8: every signature that is there has to verify; a failure is a finding, and a finding refuses.
    private static VerifiedElement? Verify(
        XmlElement signed,
        XmlElement signature,
        ResponseRules rules,
        FindingList findings
    ) =>
        signature.Exists
        && ReceivedSignature.TryRead(
            signed,
            signature,
            rules.AllowSha1,
            findings,
            out var enveloped
        )
            ? VerifiedElement.Verify(enveloped, rules.Keys, rules.Limits, findings)
            : null;

    // Rule S10: never none. A signature that is there and failed has its finding already.
    private static void DemandSignatures(
        in ResponseParts response,
        in AssertionParts assertion,
        VerifiedElement? verifiedResponse,
        VerifiedElement? verifiedAssertion,
        ResponseRules rules,
        FindingList findings
    )
    {
        var responseSigned = verifiedResponse is not null || response.Signature.Exists;
        var assertionSigned = verifiedAssertion is not null || assertion.Signature.Exists;
        if (!responseSigned && !assertionSigned)
            findings.Add(FindingKinds.SignatureMissing, "a signed Response or Assertion");
        if (
            !responseSigned
            && rules.RequiredSignatures is SignedParts.Response or SignedParts.AssertionAndResponse
        )
            findings.Add(FindingKinds.ResponseSignatureMissing, "a signed Response");
        if (
            !assertionSigned
            && assertion.Exists
            && rules.RequiredSignatures is SignedParts.Assertion or SignedParts.AssertionAndResponse
        )
            findings.Add(FindingKinds.AssertionSignatureMissing, "a signed Assertion");
    }
}
