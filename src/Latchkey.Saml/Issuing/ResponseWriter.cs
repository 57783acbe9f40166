using Latchkey.Saml.Keys;

namespace Latchkey.Saml.Issuing;

/// <summary>Writes Responses straight into canonical UTF-8: the bytes that are hashed are the bytes that are sent.</summary>
public static class ResponseWriter
{
    /// <summary>Writes and signs a Response.</summary>
    /// <returns>The XML, canonical UTF-8.</returns>
    /// <exception cref="ArgumentException">A fact holds a character that XML 1.0 cannot carry (rule I4).</exception>
    public static byte[] Write(
        ResponseToIssue response,
        SigningKey key,
        SignedParts parts,
        SignatureAlgorithm algorithm
    ) => throw new NotImplementedException();

    /// <summary>The same as the value of the SAMLResponse form field, in base64.</summary>
    /// <exception cref="ArgumentException">A fact holds a character that XML 1.0 cannot carry (rule I4).</exception>
    public static string WriteFormValue(
        ResponseToIssue response,
        SigningKey key,
        SignedParts parts,
        SignatureAlgorithm algorithm
    ) => throw new NotImplementedException();

    /// <summary>Writes an unsigned Response without an assertion.</summary>
    /// <returns>The XML, canonical UTF-8.</returns>
    public static byte[] WriteError(ErrorResponse response) => throw new NotImplementedException();
}
