using System.Xml;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>
/// Signature wrapping (Somorovsky and others, USENIX Security 2012) with its permutations: the signed element is moved
/// somewhere else and an evil one stands where a careless reader looks (rules X3, X4, S1, S7, S8).
/// </summary>
public sealed class SignatureWrappingTests
{
    private static readonly Dictionary<string, Action<Attack, bool>> Shapes = new()
    {
        ["XSW1: signed Response inside the Signature of an evil Response"] = (attack, sameId) =>
        {
            XmlElement original = attack.Response;
            XmlElement evil = Attack.EvilCopy(original, sameId);
            XmlElement signature = (XmlElement)Attack.One(original, "ds:Signature").CloneNode(deep: true);
            Attack.RemoveSignature(original);
            attack.Document.ReplaceChild(evil, original);
            signature.AppendChild(original);
            Attack.AfterIssuer(evil, signature);
        },
        ["XSW2: signed Response beside the Signature of an evil Response"] = (attack, sameId) =>
        {
            XmlElement original = attack.Response;
            XmlElement evil = Attack.EvilCopy(original, sameId);
            XmlElement signature = (XmlElement)Attack.One(original, "ds:Signature").CloneNode(deep: true);
            Attack.RemoveSignature(original);
            attack.Document.ReplaceChild(evil, original);
            Attack.AfterIssuer(evil, original);
            Attack.AfterIssuer(evil, signature);
        },
        ["XSW3: evil Assertion before the signed one"] = (attack, sameId) =>
            attack.Response.InsertBefore(Attack.EvilCopy(attack.Assertion, sameId), attack.Assertion),
        ["XSW3b: evil Assertion after the signed one"] = (attack, sameId) =>
            attack.Response.AppendChild(Attack.EvilCopy(attack.Assertion, sameId)),
        ["XSW4: signed Assertion inside an evil one"] = (attack, sameId) =>
        {
            XmlElement original = attack.Assertion;
            XmlElement evil = Attack.EvilCopy(original, sameId);
            attack.Response.ReplaceChild(evil, original);
            evil.AppendChild(original);
        },
        ["XSW5: evil Assertion with the Signature, signed one at the end"] = (attack, sameId) =>
        {
            XmlElement original = attack.Assertion;
            XmlElement evil = Attack.EvilCopy(original, sameId);
            XmlElement signature = (XmlElement)attack.Signature.CloneNode(deep: true);
            Attack.RemoveSignature(original);
            attack.Response.InsertBefore(evil, original);
            Attack.AfterIssuer(evil, signature);
        },
        ["XSW6: signed Assertion inside the Signature of the evil one"] = (attack, sameId) =>
            WrapInSignature(attack, sameId, signature => signature),
        ["XSW7: evil Assertion in Extensions"] = (attack, sameId) =>
        {
            XmlElement extensions = attack.New("samlp", "Extensions");
            extensions.AppendChild(Attack.EvilCopy(attack.Assertion, sameId));
            Attack.AfterIssuer(attack.Response, extensions);
        },
        ["XSW7b: signed Assertion in Extensions"] = (attack, sameId) =>
        {
            XmlElement original = attack.Assertion;
            attack.Response.ReplaceChild(Attack.EvilCopy(original, sameId), original);
            XmlElement extensions = attack.New("samlp", "Extensions");
            extensions.AppendChild(original);
            Attack.AfterIssuer(attack.Response, extensions);
        },
        ["XSW8: signed Assertion in an Object of the evil one's Signature"] = (attack, sameId) =>
            WrapInSignature(attack, sameId, signature => (XmlElement)signature.AppendChild(attack.New("ds", "Object"))!),
        ["XSW8b: signed Assertion in the KeyInfo of the evil one's Signature"] = (attack, sameId) =>
            WrapInSignature(attack, sameId, signature => Attack.One(signature, "ds:KeyInfo")),
        ["XSW9: signed Assertion in the Advice of the evil one"] = (attack, sameId) =>
        {
            XmlElement original = attack.Assertion;
            XmlElement evil = Attack.EvilCopy(original, sameId);
            XmlElement signature = (XmlElement)attack.Signature.CloneNode(deep: true);
            attack.Response.ReplaceChild(evil, original);
            XmlElement advice = attack.New("saml", "Advice");
            advice.AppendChild(original);
            evil.InsertAfter(advice, Attack.One(evil, "saml:Conditions"));
            Attack.AfterIssuer(evil, signature);
        },
        ["XSW10: signed Assertion in an AttributeValue of the evil one"] = (attack, sameId) =>
        {
            XmlElement original = attack.Assertion;
            XmlElement evil = Attack.EvilCopy(original, sameId);
            XmlElement signature = (XmlElement)attack.Signature.CloneNode(deep: true);
            attack.Response.ReplaceChild(evil, original);
            XmlElement value = Attack.One(evil, ".//saml:AttributeValue");
            value.InnerText = "";
            value.AppendChild(original);
            Attack.AfterIssuer(evil, signature);
        },
        ["XSW11: signed Assertion in the SubjectConfirmationData of the evil one"] = (attack, sameId) =>
        {
            XmlElement original = attack.Assertion;
            XmlElement evil = Attack.EvilCopy(original, sameId);
            XmlElement signature = (XmlElement)attack.Signature.CloneNode(deep: true);
            attack.Response.ReplaceChild(evil, original);
            Attack.One(evil, ".//saml:SubjectConfirmationData").AppendChild(original);
            Attack.AfterIssuer(evil, signature);
        },
        ["XSW12: signed Assertion in the StatusDetail"] = (attack, sameId) =>
        {
            XmlElement original = attack.Assertion;
            attack.Response.ReplaceChild(Attack.EvilCopy(original, sameId), original);
            XmlElement detail = attack.New("samlp", "StatusDetail");
            detail.AppendChild(original);
            Attack.One(attack.Response, "samlp:Status").AppendChild(detail);
        },
        ["evil Response around the signed one"] = (attack, sameId) =>
        {
            XmlElement original = attack.Response;
            XmlElement evil = Attack.EvilCopy(original, sameId);
            attack.Document.ReplaceChild(evil, original);
            evil.AppendChild(original);
        },
        ["decoy Signature with the same value beside the real one"] = (attack, sameId) =>
        {
            Attack.AfterIssuer(attack.Assertion, (XmlElement)attack.Signature.CloneNode(deep: true));
            Attack.One(attack.Assertion, ".//saml:NameID").InnerText = Attack.Evil;
        },
        ["evil NameID before the genuine one"] = (attack, _) =>
        {
            XmlElement nameId = Attack.One(attack.Assertion, ".//saml:NameID");
            XmlElement evil = (XmlElement)nameId.CloneNode(deep: true);
            evil.InnerText = Attack.Evil;
            nameId.ParentNode!.InsertBefore(evil, nameId);
        },
    };

    public static TheoryData<string, SignedParts, bool> Cases
    {
        get
        {
            TheoryData<string, SignedParts, bool> cases = [];
            foreach (string shape in Shapes.Keys)
                foreach (SignedParts parts in Enum.GetValues<SignedParts>())
                    foreach (bool sameId in new[] { false, true })
                        if (Applies(shape, parts))
                            cases.Add(shape, parts, sameId);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_wrapped_message_never_makes_anybody_eve(string shape, SignedParts parts, bool sameId)
    {
        Attack attack = new(parts);
        Shapes[shape](attack, sameId);

        Verdict<VerifiedAssertion> verdict = attack.Text.Validate();

        // One shape changes nothing that counts: Extensions of a Response that is not signed itself are never looked
        // into, and the genuine assertion stands where it stood.
        bool harmless = shape.StartsWith("XSW7:", StringComparison.Ordinal) && parts == SignedParts.Assertion && !sameId;
        verdict.Accepted.ShouldBe(harmless, string.Join("\n", verdict.Findings));
        verdict.Value?.NameId!.Value.ShouldBe("ada@example.test");
    }

    [Theory]
    [InlineData(SignedParts.Assertion)]
    [InlineData(SignedParts.Response)]
    [InlineData(SignedParts.AssertionAndResponse)]
    public void Taking_a_message_apart_and_writing_it_again_does_no_harm(SignedParts parts) =>
        new Attack(parts).Text.Validate().ShouldBeAccepted();

    private static bool Applies(string shape, SignedParts parts)
    {
        bool ofResponse = shape.StartsWith("XSW1:", StringComparison.Ordinal) || shape.StartsWith("XSW2:", StringComparison.Ordinal);
        bool neither = shape.StartsWith("evil ", StringComparison.Ordinal);
        return neither || (ofResponse ? parts != SignedParts.Assertion : parts != SignedParts.Response);
    }

    private static void WrapInSignature(Attack attack, bool sameId, Func<XmlElement, XmlElement> place)
    {
        XmlElement original = attack.Assertion;
        XmlElement evil = Attack.EvilCopy(original, sameId);
        XmlElement signature = (XmlElement)attack.Signature.CloneNode(deep: true);
        Attack.RemoveSignature(original);
        attack.Response.ReplaceChild(evil, original);
        place(signature).AppendChild(original);
        Attack.AfterIssuer(evil, signature);
    }
}
