using System.Security.Cryptography;
using Latchkey.Saml.Encryption;
using Latchkey.Saml.Signing;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Issuing;

/// <summary>Puts an element that a <see cref="CanonicalWriter"/> has just written into an EncryptedAssertion (saml-core-2.0 §2.3.4).</summary>
internal static class EncryptedElement
{
    private const string ElementType = "http://www.w3.org/2001/04/xmlenc#Element";

    /// <summary>Replaces the assertion by its encrypted form.</summary>
    /// <param name="writer">The writer; the assertion is the last thing written, signed and closed. It declares all that it uses.</param>
    /// <param name="assertion">Where it begins.</param>
    /// <param name="encryption">For whom and how.</param>
    public static void Replace(
        CanonicalWriter writer,
        ElementMark assertion,
        AssertionEncryption encryption
    )
    {
        ContentCipher cipher = ContentCipher.Of(encryption.Content);
        KeyTransport transport = KeyTransport.Of(encryption.KeyTransport);
        Span<byte> contentKey = stackalloc byte[cipher.KeyLength];
        RandomNumberGenerator.Fill(contentKey);
        byte[] content = cipher.Seal(contentKey, writer.WrittenFrom(assertion.At));
        byte[] wrapped = encryption.Key.Wrap(contentKey, transport);
        CryptographicOperations.ZeroMemory(contentKey);
        writer.TakeBack(assertion);

        writer.Start(Prefix.Saml, "EncryptedAssertion"u8);
        writer.Start(Prefix.Xenc, "EncryptedData"u8);
        writer.Attribute("Type"u8, ElementType);
        writer.Start(Prefix.Xenc, "EncryptionMethod"u8);
        writer.Attribute("Algorithm"u8, cipher.Uri);
        writer.End();
        // Inside, not beside: everybody looks for the key here.
        writer.Start(Prefix.Ds, "KeyInfo"u8);
        WriteKey(writer, transport, encryption.Key.CertificateBase64, wrapped);
        writer.End();
        WriteCipherData(writer, content);
        writer.End();
        writer.End();
    }

    private static void WriteKey(
        CanonicalWriter writer,
        KeyTransport transport,
        ReadOnlySpan<byte> certificateBase64,
        ReadOnlySpan<byte> wrapped
    )
    {
        writer.Start(Prefix.Xenc, "EncryptedKey"u8);
        writer.Start(Prefix.Xenc, "EncryptionMethod"u8);
        writer.Attribute("Algorithm"u8, transport.Uri);
        writer.Start(Prefix.Ds, "DigestMethod"u8);
        writer.Attribute("Algorithm"u8, transport.DigestUri);
        writer.End();
        if (transport.MaskUri is not null)
        {
            writer.Start(Prefix.Xenc11, "MGF"u8);
            writer.Attribute("Algorithm"u8, transport.MaskUri);
            writer.End();
        }
        writer.End();
        EnvelopedSignature.WriteKeyInfo(writer, certificateBase64);
        WriteCipherData(writer, wrapped);
        writer.End();
    }

    private static void WriteCipherData(CanonicalWriter writer, ReadOnlySpan<byte> value)
    {
        writer.Start(Prefix.Xenc, "CipherData"u8);
        writer.Start(Prefix.Xenc, "CipherValue"u8);
        writer.TextBase64(value);
        writer.End();
        writer.End();
    }
}
