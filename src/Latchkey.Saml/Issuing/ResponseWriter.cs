using System.Buffers;
using System.Buffers.Text;
using Latchkey.Saml.Elements;
using Latchkey.Saml.Encryption;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signing;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Issuing;

/// <summary>Writes Responses straight into canonical UTF-8: the bytes that are hashed are the bytes that are sent.</summary>
public static class ResponseWriter
{
    /// <summary>Writes and signs a Response (saml-core-2.0 §3.3.3, saml-profiles-2.0 §4.1.4.2).</summary>
    /// <returns>The XML, canonical UTF-8.</returns>
    /// <exception cref="ArgumentException">A fact holds a character that XML 1.0 cannot carry (rule I4), or an identifier is not an NCName.</exception>
    public static byte[] Write(
        ResponseToIssue response,
        SigningKey key,
        SignedParts parts,
        SignatureAlgorithm algorithm
    )
    {
        using CanonicalWriter writer = new();
        WriteSigned(writer, response, key, parts, algorithm);
        return writer.Written.ToArray();
    }

    /// <summary>The same as the value of the SAMLResponse form field, in base64 (saml-bindings-2.0 §3.5.4).</summary>
    /// <exception cref="ArgumentException">A fact holds a character that XML 1.0 cannot carry (rule I4), or an identifier is not an NCName.</exception>
    public static string WriteFormValue(
        ResponseToIssue response,
        SigningKey key,
        SignedParts parts,
        SignatureAlgorithm algorithm
    )
    {
        using CanonicalWriter writer = new();
        WriteSigned(writer, response, key, parts, algorithm);
        return Convert.ToBase64String(writer.Written);
    }

    /// <summary>The same straight into a page that is being written. Base64 needs no encoding there.</summary>
    /// <exception cref="ArgumentException">A fact holds a character that XML 1.0 cannot carry (rule I4), or an identifier is not an NCName.</exception>
    public static void WriteFormValue(
        ResponseToIssue response,
        SigningKey key,
        SignedParts parts,
        SignatureAlgorithm algorithm,
        IBufferWriter<byte> output
    )
    {
        ArgumentNullException.ThrowIfNull(output);
        using CanonicalWriter writer = new();
        WriteSigned(writer, response, key, parts, algorithm);

        Span<byte> room = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(writer.Written.Length));
        Base64.EncodeToUtf8(writer.Written, room, out _, out int written);
        output.Advance(written);
    }

    /// <summary>Writes an unsigned Response without an assertion (saml-core-2.0 §3.2.2).</summary>
    /// <returns>The XML, canonical UTF-8.</returns>
    public static byte[] WriteError(ErrorResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        using CanonicalWriter writer = new();
        StartResponse(
            writer,
            response.Id,
            response.IssueInstant,
            response.Destination,
            response.InResponseTo
        );
        writer.Element(Prefix.Saml, "Issuer"u8, response.Issuer);

        StatusElement.Write(
            writer,
            new SamlStatus(response.Status, response.SubStatus, response.Message)
        );

        writer.End();
        return writer.Finish().ToArray();
    }

    private static void WriteSigned(
        CanonicalWriter writer,
        ResponseToIssue response,
        SigningKey key,
        SignedParts parts,
        SignatureAlgorithm algorithm
    )
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(key);
        string? keptPrefixes = AssertionElements.KeptPrefixes(response.Assertion);

        StartResponse(
            writer,
            response.Id,
            response.IssueInstant,
            response.Destination,
            response.InResponseTo
        );
        writer.Element(Prefix.Saml, "Issuer"u8, response.Issuer);
        int responseSignatureAt = writer.Position;
        StatusElement.Write(writer, SamlStatus.Success);

        ElementMark assertionAt = writer.Mark();
        int assertionSignatureAt = AssertionElements.Write(writer, response);
        if (parts is SignedParts.Assertion or SignedParts.AssertionAndResponse)
            EnvelopedSignature.Insert(
                writer,
                assertionAt,
                assertionSignatureAt,
                response.Assertion.Id,
                key,
                algorithm,
                keptPrefixes
            );

        if (response.Encryption is { } encryption)
        {
            if (parts == SignedParts.Assertion && ContentCipher.Of(encryption.Content).IsCbc)
                throw new ArgumentException(
                    "AES-CBC needs a signed Response (rule E2).",
                    nameof(parts)
                );
            EncryptedElement.Replace(writer, assertionAt, encryption);
            keptPrefixes = null;
        }

        writer.End();
        if (parts is SignedParts.Response or SignedParts.AssertionAndResponse)
            EnvelopedSignature.Insert(
                writer,
                ElementMark.Document,
                responseSignatureAt,
                response.Id,
                key,
                algorithm,
                keptPrefixes
            );
    }

    private static void StartResponse(
        CanonicalWriter writer,
        string id,
        DateTimeOffset issueInstant,
        string destination,
        string? inResponseTo
    )
    {
        writer.Start(Prefix.Samlp, "Response"u8);
        writer.Attribute("Destination"u8, destination);
        writer.Attribute("ID"u8, id);
        writer.Attribute("InResponseTo"u8, inResponseTo);
        writer.Attribute("IssueInstant"u8, issueInstant);
        writer.Attribute("Version"u8, "2.0");
    }
}
