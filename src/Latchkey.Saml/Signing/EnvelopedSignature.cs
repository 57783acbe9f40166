using System.Security.Cryptography;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Signing;

/// <summary>
/// Signs an element that a <see cref="CanonicalWriter"/> has just written, in the one profile we write and read: one
/// Reference to the element's ID, enveloped-signature, exclusive canonicalization (saml-core-2.0 §5.4, rules S1 and S2).
/// </summary>
internal static class EnvelopedSignature
{
    private const string ExclusiveCanonicalization = "http://www.w3.org/2001/10/xml-exc-c14n#";
    private const string Enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

    /// <summary>Signs the element and puts the Signature into it.</summary>
    /// <param name="writer">The writer; the element is the last thing written, and closed.</param>
    /// <param name="element">Where the element begins.</param>
    /// <param name="signatureAt">Where the Signature belongs: behind the Issuer.</param>
    /// <param name="id">The element's ID.</param>
    /// <param name="key">The key.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="keptPrefixes">Prefixes used only inside values, such as the xs of xs:string: exclusive canonicalization drops their declarations unless it is told.</param>
    public static void Insert(
        CanonicalWriter writer,
        ElementMark element,
        int signatureAt,
        string id,
        SigningKey key,
        SignatureAlgorithm algorithm,
        string? keptPrefixes
    )
    {
        if (!XmlText.IsId(id))
            throw new ArgumentException($"'{id}' cannot be an XML ID.", nameof(id));
        SignatureSuite suite = SignatureSuite.Of(algorithm);
        Span<byte> digest = stackalloc byte[suite.DigestLength];
        Span<byte> signature = stackalloc byte[key.SignatureLength];

        ReadBack.Check(
            writer.WrittenFrom(element.At),
            writer.Markup - element.MarkupBefore,
            keptPrefixes
        );

        // What stands there is the canonical form of the element without its Signature: what both transforms together give.
        CryptographicOperations.HashData(suite.Hash, writer.WrittenFrom(element.At), digest);

        int signatureStart = writer.Position;
        writer.Start(Prefix.Ds, "Signature"u8);
        int signedInfoStart = writer.FinishStartTag();
        int repeatedDeclaration = WriteSignedInfo(writer, suite, id, digest, keptPrefixes);

        // SignedInfo is hashed as it reads alone, with its own declaration, and sent without it.
        CryptographicOperations.HashData(suite.Hash, writer.WrittenFrom(signedInfoStart), digest);
        key.SignHash(digest, suite, signature);
        writer.Cut(repeatedDeclaration, Prefix.Ds.Declaration().Length);

        writer.Start(Prefix.Ds, "SignatureValue"u8);
        writer.TextBase64(signature);
        writer.End();
        WriteKeyInfo(writer, key.CertificateBase64);
        writer.End();
        writer.MoveTail(signatureStart, signatureAt);
    }

    /// <summary>KeyInfo with the certificate: peers may use it to choose among the keys they already know.</summary>
    public static void WriteKeyInfo(CanonicalWriter writer, ReadOnlySpan<byte> certificateBase64)
    {
        writer.Start(Prefix.Ds, "KeyInfo"u8);
        writer.Start(Prefix.Ds, "X509Data"u8);
        writer.Start(Prefix.Ds, "X509Certificate"u8);
        writer.TextAsIs(certificateBase64);
        writer.End();
        writer.End();
        writer.End();
    }

    private static int WriteSignedInfo(
        CanonicalWriter writer,
        SignatureSuite suite,
        string id,
        ReadOnlySpan<byte> digest,
        string? keptPrefixes
    )
    {
        int repeatedDeclaration = writer.StartApart(Prefix.Ds, "SignedInfo"u8);
        WriteAlgorithm(writer, "CanonicalizationMethod"u8, ExclusiveCanonicalization);
        WriteAlgorithm(writer, "SignatureMethod"u8, suite.SignatureUri);

        writer.Start(Prefix.Ds, "Reference"u8);
        writer.Attribute("URI"u8, "#" + id);
        writer.Start(Prefix.Ds, "Transforms"u8);
        WriteAlgorithm(writer, "Transform"u8, Enveloped);
        writer.Start(Prefix.Ds, "Transform"u8);
        writer.Attribute("Algorithm"u8, ExclusiveCanonicalization);
        if (keptPrefixes is not null)
        {
            writer.Start(Prefix.Ec, "InclusiveNamespaces"u8);
            writer.Attribute("PrefixList"u8, keptPrefixes);
            writer.End();
        }
        writer.End();
        writer.End();
        WriteAlgorithm(writer, "DigestMethod"u8, suite.DigestUri);
        writer.Start(Prefix.Ds, "DigestValue"u8);
        writer.TextBase64(digest);
        writer.End();
        writer.End();

        writer.End();
        return repeatedDeclaration;
    }

    private static void WriteAlgorithm(
        CanonicalWriter writer,
        ReadOnlySpan<byte> localName,
        string algorithm
    )
    {
        writer.Start(Prefix.Ds, localName);
        writer.Attribute("Algorithm"u8, algorithm);
        writer.End();
    }
}
