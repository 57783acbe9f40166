using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Keys;

namespace Latchkey.Saml.Bindings;

/// <summary>Puts a message into the query of a URL (saml-bindings-2.0 §3.4.4.1).</summary>
internal static class RedirectQuery
{
    /// <summary>The URL with message, RelayState and signature appended, in the order in which they are signed.</summary>
    /// <param name="url">The peer's address, perhaps with a query of its own; that part is not signed.</param>
    /// <param name="parameter">SAMLRequest or SAMLResponse.</param>
    /// <param name="message">The XML, without an enveloped signature.</param>
    /// <param name="relayState">Left out when null or empty.</param>
    /// <param name="key">Signs the octets of the query; null leaves it unsigned.</param>
    /// <param name="algorithm">How it signs; null for the default of the key.</param>
    public static string AppendTo(
        string url,
        string parameter,
        ReadOnlySpan<byte> message,
        string? relayState,
        SigningKey? key,
        SignatureAlgorithm? algorithm
    )
    {
        StringBuilder query = new(2048);
        query.Append(parameter).Append('=').Append(Encode(Deflate(message)));
        if (!string.IsNullOrEmpty(relayState))
            query.Append("&RelayState=").Append(Uri.EscapeDataString(relayState));
        if (key is not null)
        {
            SignatureSuite suite = SignatureSuite.Of(algorithm ?? key.DefaultAlgorithm);
            query.Append("&SigAlg=").Append(Uri.EscapeDataString(suite.SignatureUri));
            byte[] signature = Sign(Encoding.ASCII.GetBytes(query.ToString()), key, suite);
            query.Append("&Signature=").Append(Encode(signature));
        }
        return url + (url.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query;
    }

    private static string Encode(ReadOnlySpan<byte> bytes) =>
        Uri.EscapeDataString(Convert.ToBase64String(bytes));

    private static byte[] Deflate(ReadOnlySpan<byte> message)
    {
        using MemoryStream compressed = new();
        using (DeflateStream deflate = new(compressed, CompressionLevel.Optimal))
            deflate.Write(message);
        return compressed.ToArray();
    }

    private static byte[] Sign(byte[] query, SigningKey key, SignatureSuite suite)
    {
        byte[] signature = new byte[key.SignatureLength];
        key.SignHash(CryptographicOperations.HashData(suite.Hash, query), suite, signature);
        return signature;
    }
}
