using Latchkey.Saml.Encryption;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Logout;

/// <summary>Reads and checks LogoutRequests, at either side (saml-profiles-2.0 §4.4.4, rule B3).</summary>
/// <remarks>
/// Two checks are the caller's, who has the stores: that the ID is new, and that the NameID and a SessionIndex are, to
/// the letter, those of a session with that very peer.
/// </remarks>
public static class LogoutRequestValidator
{
    private static readonly (string Number, MessageRule<LogoutRequestParts> Check)[] Table =
    [
        .. MessageChecks<LogoutRequestParts>.Common,
        ("B3", StillValid),
        ("B3", NamesSomebody),
    ];

    /// <summary>Checks a request by Redirect, POST or SOAP.</summary>
    public static Verdict<Received<LogoutRequest>> Validate(
        IncomingMessage message,
        MessageRules rules
    ) =>
        MessageValidation.Run<LogoutRequest, LogoutRequestParts>(
            message,
            MessageKind.LogoutRequest,
            rules,
            LogoutRequestParts.Read,
            Table,
            Facts
        );

    private static void StillValid(in MessageCheck<LogoutRequestParts> check)
    {
        var earliest = check.Rules.Now - check.Rules.ClockSkew;
        if (check.Parts.NotOnOrAfter <= earliest)
            check.Findings.Add(
                FindingKinds.LogoutExpired,
                $"after {earliest:u}",
                $"{check.Parts.NotOnOrAfter:u}",
                check.Parts.Head.Root.Place
            );
    }

    private static void NamesSomebody(in MessageCheck<LogoutRequestParts> check)
    {
        var identifier = check.Parts.Identifier;
        if (!identifier.Exists || check.Parts.IsNamed)
            return;
        if (!check.Parts.IsEncrypted)
            check.Findings.Add(
                FindingKinds.LogoutSubjectUnsupported,
                "saml:NameID or saml:EncryptedID",
                identifier.Name,
                identifier.Place
            );
        else if (check.Rules.DecryptionKeys.Count == 0)
            check.Findings.Add(FindingKinds.NameIdEncrypted, "saml:NameID", at: identifier.Place);
    }

    // Decrypted only for a sender that proved who it is: anybody could have us try keys otherwise (rule E1).
    private static LogoutRequest Facts(in MessageCheck<LogoutRequestParts> check)
    {
        var nameId = check.Parts.Identifier;
        if (check.Parts.IsEncrypted)
        {
            nameId = check.Opened.Decrypt(
                nameId,
                "NameID"u8,
                new Decryption(
                    check.Rules.DecryptionKeys,
                    check.Rules.AllowCbc,
                    check.Rules.Limits
                ),
                check.Findings
            );
            nameId.RequiredText(check.Findings);
        }
        return check.Parts.ToRequest(check.Rules.PeerEntityId, nameId);
    }
}
