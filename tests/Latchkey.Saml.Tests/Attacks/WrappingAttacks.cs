using System.Xml;
using Latchkey.Saml.Issuing;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>
/// Signature wrapping (Somorovsky and others, USENIX Security 2012) with its permutations: the signed element is moved
/// somewhere else and an evil one stands where a careless reader looks.
/// </summary>
internal static class WrappingAttacks
{
    private delegate void Shape(TakenApart message, bool sameId);

    public static IEnumerable<Attack> All =>
        from shape in Shapes
        from parts in Enum.GetValues<SignedParts>()
        where shape.Applies(parts)
        from sameId in shape.OneId ? (bool[])[false] : [false, true]
        select new Attack(
            $"wrapping/{shape.Name}-{Suffix(parts)}{(sameId ? "-same-id" : "")}.xml",
            sameId ? "X3" : shape.Rule,
            shape.What + (sameId ? ", both with one ID" : ""),
            sameId ? "xml-duplicate-id" : shape.CodeFor(parts),
            () =>
            {
                TakenApart message = new(parts);
                shape.Wrap(message, sameId);
                return message.Text;
            }
        );

    private static readonly Wrapping[] Shapes =
    [
        new("xsw1-in-signature", "S5", "XSW1: signed Response inside the Signature of an evil Response", "signature-shape", (message, sameId) =>
        {
            XmlElement original = message.Response;
            XmlElement evil = TakenApart.EvilCopy(original, sameId);
            XmlElement signature = Copy(TakenApart.One(original, "ds:Signature"));
            TakenApart.RemoveSignature(original);
            message.Document.ReplaceChild(evil, original);
            signature.AppendChild(original);
            TakenApart.AfterIssuer(evil, signature);
        }) { OfResponse = true },
        new("xsw1-in-object", "S5", "XSW1: signed Response in an Object of the evil Response's Signature", "signature-shape", (message, sameId) =>
        {
            XmlElement original = message.Response;
            XmlElement evil = TakenApart.EvilCopy(original, sameId);
            XmlElement signature = Copy(TakenApart.One(original, "ds:Signature"));
            TakenApart.RemoveSignature(original);
            message.Document.ReplaceChild(evil, original);
            signature.AppendChild(message.New("ds", "Object"))!.AppendChild(original);
            TakenApart.AfterIssuer(evil, signature);
        }) { OfResponse = true },
        new("xsw2-beside-signature", "X4", "XSW2: signed Response beside the Signature of an evil Response", "element-unexpected", (message, sameId) =>
        {
            XmlElement original = message.Response;
            XmlElement evil = TakenApart.EvilCopy(original, sameId);
            XmlElement signature = Copy(TakenApart.One(original, "ds:Signature"));
            TakenApart.RemoveSignature(original);
            message.Document.ReplaceChild(evil, original);
            TakenApart.AfterIssuer(evil, original);
            TakenApart.AfterIssuer(evil, signature);
        }) { OfResponse = true },
        new("xsw2-in-extensions", "S1", "XSW2: signed Response in the Extensions of an evil Response", "signature-reference", (message, sameId) =>
        {
            XmlElement original = message.Response;
            XmlElement evil = TakenApart.EvilCopy(original, sameId);
            XmlElement signature = Copy(TakenApart.One(original, "ds:Signature"));
            TakenApart.RemoveSignature(original);
            message.Document.ReplaceChild(evil, original);
            XmlElement extensions = message.New("samlp", "Extensions");
            extensions.AppendChild(original);
            TakenApart.AfterIssuer(evil, extensions);
            TakenApart.AfterIssuer(evil, signature);
        }) { OfResponse = true },
        new("xsw3-evil-before", "P2", "XSW3: evil Assertion before the signed one", "assertion-repeated", (message, sameId) =>
            message.Response.InsertBefore(TakenApart.EvilCopy(message.Assertion, sameId), message.Assertion)),
        new("xsw3-evil-after", "P2", "XSW3: evil Assertion behind the signed one", "assertion-repeated", (message, sameId) =>
            message.Response.AppendChild(TakenApart.EvilCopy(message.Assertion, sameId))),
        new("xsw4-inside-evil", "X4", "XSW4: signed Assertion inside an evil one", "element-unexpected", (message, sameId) =>
        {
            XmlElement original = message.Assertion;
            XmlElement evil = TakenApart.EvilCopy(original, sameId);
            message.Response.ReplaceChild(evil, original);
            evil.AppendChild(original);
        }),
        new("xsw5-signature-moved", "S1", "XSW5: evil Assertion with the Signature, the signed one behind it", "signature-reference", (message, sameId) =>
        {
            XmlElement original = message.Assertion;
            XmlElement evil = TakenApart.EvilCopy(original, sameId);
            XmlElement signature = Copy(message.Signature);
            TakenApart.RemoveSignature(original);
            message.Response.InsertBefore(evil, original);
            TakenApart.AfterIssuer(evil, signature);
        }),
        new("xsw6-in-signature", "S5", "XSW6: signed Assertion inside the Signature of the evil one", "signature-shape", (message, sameId) =>
            WrapInSignature(message, sameId, signature => signature)),
        new("xsw7-evil-in-extensions", "X4", "XSW7: evil Assertion in Extensions", "digest-mismatch", (message, sameId) =>
        {
            XmlElement extensions = message.New("samlp", "Extensions");
            extensions.AppendChild(TakenApart.EvilCopy(message.Assertion, sameId));
            message.Response.InsertBefore(extensions, TakenApart.One(message.Response, "samlp:Status"));
        })
        {
            // Extensions of a Response that is not signed itself are never looked into, and the genuine assertion
            // stands where it stood.
            OtherCode = (SignedParts.Assertion, Attack.Harmless),
        },
        new("xsw7-signed-in-extensions", "S10", "XSW7: signed Assertion in Extensions, an evil one in its place", "digest-mismatch", (message, sameId) =>
        {
            XmlElement original = message.Assertion;
            message.Response.ReplaceChild(TakenApart.EvilCopy(original, sameId), original);
            XmlElement extensions = message.New("samlp", "Extensions");
            extensions.AppendChild(original);
            message.Response.InsertBefore(extensions, TakenApart.One(message.Response, "samlp:Status"));
        }) { OtherCode = (SignedParts.Assertion, "signature-missing") },
        new("xsw8-in-object", "S5", "XSW8: signed Assertion in an Object of the evil one's Signature", "signature-shape", (message, sameId) =>
            WrapInSignature(message, sameId, signature => (XmlElement)signature.AppendChild(message.New("ds", "Object"))!)),
        new("xsw8-in-keyinfo", "S1", "XSW8: signed Assertion in the KeyInfo of the evil one's Signature", "signature-reference", (message, sameId) =>
            WrapInSignature(message, sameId, signature => TakenApart.One(signature, "ds:KeyInfo"))),
        new("xsw9-in-advice", "S1", "XSW9: signed Assertion in the Advice of the evil one", "signature-reference", (message, sameId) =>
            WrapInContent(message, sameId, evil =>
            {
                XmlElement advice = message.New("saml", "Advice");
                evil.InsertAfter(advice, TakenApart.One(evil, "saml:Conditions"));
                return advice;
            })),
        new("in-attribute-value", "S1", "signed Assertion in an AttributeValue of the evil one", "signature-reference", (message, sameId) =>
            WrapInContent(message, sameId, evil =>
            {
                XmlElement value = TakenApart.One(evil, ".//saml:AttributeValue");
                value.InnerText = "";
                return value;
            })),
        new("in-confirmation-data", "S1", "signed Assertion in the SubjectConfirmationData of the evil one", "signature-reference", (message, sameId) =>
            WrapInContent(message, sameId, evil => TakenApart.One(evil, ".//saml:SubjectConfirmationData"))),
        new("in-status-detail", "S10", "signed Assertion in the StatusDetail", "digest-mismatch", (message, sameId) =>
        {
            XmlElement original = message.Assertion;
            message.Response.ReplaceChild(TakenApart.EvilCopy(original, sameId), original);
            XmlElement detail = message.New("samlp", "StatusDetail");
            detail.AppendChild(original);
            TakenApart.One(message.Response, "samlp:Status").AppendChild(detail);
        }) { OtherCode = (SignedParts.Assertion, "signature-missing") },
        new("evil-response-around", "X4", "evil Response around the signed one", "element-unexpected", (message, sameId) =>
        {
            XmlElement original = message.Response;
            XmlElement evil = TakenApart.EvilCopy(original, sameId);
            message.Document.ReplaceChild(evil, original);
            evil.AppendChild(original);
        }) { OfEither = true },
        new("evil-name-before", "X4", "evil NameID before the genuine one", "element-unexpected", (message, _) =>
        {
            XmlElement nameId = TakenApart.One(message.Assertion, ".//saml:NameID");
            XmlElement evil = Copy(nameId);
            evil.InnerText = TakenApart.Evil;
            nameId.ParentNode!.InsertBefore(evil, nameId);
        }) { OfEither = true, OneId = true },
    ];

    private static void WrapInSignature(TakenApart message, bool sameId, Func<XmlElement, XmlElement> place)
    {
        XmlElement original = message.Assertion;
        XmlElement evil = TakenApart.EvilCopy(original, sameId);
        XmlElement signature = Copy(message.Signature);
        TakenApart.RemoveSignature(original);
        message.Response.ReplaceChild(evil, original);
        place(signature).AppendChild(original);
        TakenApart.AfterIssuer(evil, signature);
    }

    private static void WrapInContent(TakenApart message, bool sameId, Func<XmlElement, XmlElement> place)
    {
        XmlElement original = message.Assertion;
        XmlElement evil = TakenApart.EvilCopy(original, sameId);
        XmlElement signature = Copy(message.Signature);
        message.Response.ReplaceChild(evil, original);
        place(evil).AppendChild(original);
        TakenApart.AfterIssuer(evil, signature);
    }

    private static XmlElement Copy(XmlElement element) => (XmlElement)element.CloneNode(deep: true);

    private static string Suffix(SignedParts parts) =>
        parts switch
        {
            SignedParts.Assertion => "signed-assertion",
            SignedParts.Response => "signed-response",
            _ => "both-signed",
        };

    private sealed record Wrapping(string Name, string Rule, string What, string Code, Shape Wrap)
    {
        /// <summary>The Response is wrapped: it has to be signed itself.</summary>
        public bool OfResponse { get; init; }

        /// <summary>What is wrapped may be signed or not.</summary>
        public bool OfEither { get; init; }

        /// <summary>No ID plays a part: there is no permutation with the same one.</summary>
        public bool OneId { get; init; }

        public (SignedParts Parts, string Code)? OtherCode { get; init; }

        public bool Applies(SignedParts parts) => OfEither || parts != (OfResponse ? SignedParts.Assertion : SignedParts.Response);

        public string CodeFor(SignedParts parts) => OtherCode is { } other && other.Parts == parts ? other.Code : Code;
    }
}
