using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Bindings;

/// <summary>
/// The query of a message by HTTP-Redirect, kept as the octets that arrived: the signature is over these, not over
/// what decoding and encoding them again would give (rule B1, saml-bindings-2.0 §3.4.4.1).
/// </summary>
internal readonly struct ReceivedQuery
{
    private const string WholeQuery = "the query";

    // The first of the names below: one of them is in a query, and no other.
    private const int Messages = 3;
    private const string Deflate = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";
    private static readonly string[] Names =
    [
        "SAMLRequest",
        "SAMLResponse",
        "SAMLart",
        "SAMLEncoding",
        "RelayState",
        "SigAlg",
        "Signature",
    ];

    private readonly string name;
    private readonly string message;
    private readonly string? relayState;
    private readonly string? algorithm;
    private readonly string? signature;

    private ReceivedQuery(string name, string message, string?[] values)
    {
        this.name = name;
        this.message = message;
        relayState = values[4];
        algorithm = values[5];
        signature = values[6];
    }

    /// <summary>Whether a signature is there; half of one counts.</summary>
    public bool IsSigned => algorithm is not null || signature is not null;

    /// <summary>Takes the query apart.</summary>
    /// <param name="rawQuery">The query string undecoded, with or without its question mark.</param>
    /// <param name="name">SAMLRequest, SAMLResponse or SAMLart.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <param name="query">The query, when true is returned.</param>
    public static bool TryRead(
        string rawQuery,
        string name,
        MessageLimits limits,
        FindingList findings,
        out ReceivedQuery query
    )
    {
        query = default;
        if (rawQuery.Length > 2L * limits.EncodedLength)
        {
            findings.Add(
                FindingKinds.MessageTooLong,
                $"at most {limits.EncodedLength} characters",
                $"{rawQuery.Length} characters",
                WholeQuery
            );
            return false;
        }
        var values = new string?[Names.Length];
        var rest = rawQuery.AsSpan();
        if (rest.StartsWith("?"))
            rest = rest[1..];
        foreach (var range in rest.Split('&'))
            if (!TryTake(rest[range], values, findings))
                return false;

        var wanted = IndexOf(name);
        for (var other = 0; other < Messages; other++)
            if (other != wanted && values[other] is not null)
                findings.Add(
                    FindingKinds.QueryParameterRepeated,
                    $"{name} alone",
                    $"{Names[other]} beside it",
                    WholeQuery
                );
        if (values[3] is { } encoding && UrlText.Decode(encoding) != Deflate)
            findings.Add(FindingKinds.QueryEncodingUnsupported, Deflate, encoding, "SAMLEncoding");
        if (values[wanted] is not { } message)
            findings.Add(FindingKinds.QueryParameterMissing, name, at: WholeQuery);
        else if (!findings.Refused)
            query = new ReceivedQuery(name, message, values);
        return !findings.Refused;
    }

    /// <summary>The value as the sender meant it; null when it is not properly encoded, with a finding.</summary>
    public string? ReadValue(FindingList findings)
    {
        var text = UrlText.Decode(message);
        if (text is null)
            findings.Add(
                FindingKinds.QueryParameterMalformed,
                $"{name} URL-encoded",
                message,
                name
            );
        return text;
    }

    /// <summary>RelayState as the sender meant it; null when there is none or it is refused.</summary>
    public string? ReadRelayState(MessageLimits limits, FindingList findings)
    {
        if (relayState is null)
            return null;
        var text = UrlText.Decode(relayState);
        if (text is null)
            findings.Add(
                FindingKinds.QueryParameterMalformed,
                "RelayState in URL-encoded UTF-8",
                relayState,
                "RelayState"
            );
        else if (!RelayStates.Fits(text, limits, findings))
            return null;
        return text;
    }

    /// <summary>Checks the signature over the octets as they arrived.</summary>
    public bool Verify(IReadOnlyList<VerificationKey> keys, bool allowSha1, FindingList findings)
    {
        if (algorithm is null || signature is null)
        {
            findings.Add(
                FindingKinds.QueryParameterMissing,
                "SigAlg and Signature together",
                algorithm is null ? "Signature alone" : "SigAlg alone",
                WholeQuery
            );
            return false;
        }
        var uri = UrlText.Decode(algorithm);
        if (
            uri is null
            || !AllowedAlgorithms.TrySignature(
                Encoding.UTF8.GetBytes(uri),
                allowSha1,
                out var suite
            )
        )
        {
            findings.Add(
                FindingKinds.SignatureAlgorithm,
                AllowedAlgorithms.Signatures,
                uri ?? algorithm,
                "SigAlg"
            );
            return false;
        }
        if (suite.Hash == HashAlgorithmName.SHA1)
            findings.Add(FindingKinds.Sha1Used, AllowedAlgorithms.Signatures, uri, "SigAlg");
        var text = UrlText.Decode(signature);
        var value = new byte[text?.Length ?? 0];
        if (text is null || !StrictBase64.TryDecode(text, value, out var length))
        {
            findings.Add(
                FindingKinds.SignatureValueMalformed,
                "a signature in base64, URL-encoded",
                signature,
                "Signature"
            );
            return false;
        }

        var signed = relayState is null
            ? $"{name}={message}&SigAlg={algorithm}"
            : $"{name}={message}&RelayState={relayState}&SigAlg={algorithm}";
        Span<byte> buffer = stackalloc byte[64];
        // Decoding proved the parameters; they are ASCII, and so one octet each.
        var digest = AllowedAlgorithms.Digest(suite.Hash, Encoding.ASCII.GetBytes(signed), buffer);
        return KnownKeys.Verify(
            digest,
            value.AsSpan(0, length),
            suite,
            keys,
            at: default,
            findings,
            "Signature"
        );
    }

    /// <summary>Decodes and inflates the message.</summary>
    /// <returns>The XML, to be disposed of by the caller; null when a finding was added.</returns>
    public OctetBuffer? ReadXml(MessageLimits limits, FindingList findings)
    {
        var base64 = ReadValue(findings);
        if (base64 is null)
            return null;
        if (base64.AsSpan().TrimStart("\uFEFF \t\r\n") is ['<', ..])
        {
            findings.Add(
                FindingKinds.RequestNotDeflated,
                "DEFLATE, then base64",
                "plain XML, not even in base64",
                name
            );
            return null;
        }
        var deflated = ArrayPool<byte>.Shared.Rent(base64.Length + 1);
        var xml = new OctetBuffer(4096);
        try
        {
            // The binding wants white space removed before the message is encoded.
            if (
                base64.AsSpan().ContainsAny(" \t\r\n")
                || !StrictBase64.TryDecode(base64, deflated, out var length)
            )
                findings.Add(
                    FindingKinds.Base64Malformed,
                    "base64 without line breaks",
                    base64,
                    name
                );
            else
            {
                var outcome = Inflater.Inflate(deflated.AsSpan(0, length), xml, limits.XmlBytes);
                if (outcome == InflateOutcome.Whole)
                    return xml;
                findings.Add(
                    Explain(outcome, deflated.AsSpan(0, length), limits) with
                    {
                        At = name,
                    }
                );
            }
            xml.Dispose();
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(deflated);
        }
    }

    private static bool TryTake(ReadOnlySpan<char> pair, string?[] values, FindingList findings)
    {
        if (!Ascii.IsValid(pair))
        {
            findings.Add(
                FindingKinds.QueryParameterMalformed,
                "a query in ASCII",
                pair.ToString(),
                WholeQuery
            );
            return false;
        }
        var equals = pair.IndexOf('=');
        var written = equals < 0 ? pair : pair[..equals];
        var index = IndexOf(written);
        if (index < 0)
        {
            // Another decoder would see one of ours in "SAML%52equest".
            var decoded = written.ContainsAny('%', '+') ? UrlText.Decode(written.ToString()) : null;
            if (decoded is null || IndexOf(decoded) < 0)
                return true;
            findings.Add(
                FindingKinds.QueryParameterMalformed,
                decoded,
                written.ToString(),
                WholeQuery
            );
            return false;
        }
        if (values[index] is not null)
        {
            findings.Add(
                FindingKinds.QueryParameterRepeated,
                $"{Names[index]} once",
                "twice",
                Names[index]
            );
            return false;
        }
        values[index] = equals < 0 ? "" : pair[(equals + 1)..].ToString();
        return true;
    }

    private static int IndexOf(ReadOnlySpan<char> written)
    {
        for (var i = 0; i < Names.Length; i++)
            if (written.SequenceEqual(Names[i]))
                return i;
        return -1;
    }

    // What arrives undeflated is worth a sentence of its own: some senders have a switch for it (K-10).
    internal static Finding Explain(
        InflateOutcome outcome,
        ReadOnlySpan<byte> octets,
        MessageLimits limits
    ) =>
        outcome switch
        {
            InflateOutcome.TooLong => new Finding(
                FindingKinds.MessageTooLong,
                $"at most {limits.XmlBytes} bytes after inflating"
            ),
            _ when octets.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'<', ..] => new Finding(
                FindingKinds.RequestNotDeflated,
                "DEFLATE, then base64",
                "base64 of plain XML"
            ),
            InflateOutcome.TrailingData => new Finding(
                FindingKinds.DeflateMalformed,
                "nothing after the DEFLATE stream",
                "more octets"
            ),
            _ => new Finding(
                FindingKinds.DeflateMalformed,
                "one whole raw DEFLATE stream",
                octets is [0x78, ..] ? "a zlib header"
                    : octets is [0x1F, 0x8B, ..] ? "a gzip header"
                    : null
            ),
        };
}
