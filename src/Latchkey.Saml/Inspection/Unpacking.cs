using System.Text;
using Latchkey.Saml.Bindings;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Inspection;

/// <summary>
/// Finds the XML in whatever people copied: more tolerant than the bindings, because it is for looking only. What a
/// receiver would refuse although it could be unpacked is a finding all the same.
/// </summary>
internal static class Unpacking
{
    private const string Request = "SAMLRequest";
    private const string Response = "SAMLResponse";
    private const string Artifact = "SAMLart";

    /// <summary>Unpacks; the result's XML is empty when a finding says why there is none.</summary>
    public static InspectedMessage Unpack(
        ReadOnlySpan<byte> input,
        MessageLimits limits,
        FindingList findings
    )
    {
        if (input.Length > 2L * limits.EncodedLength)
        {
            findings.Add(
                FindingKinds.MessageTooLong,
                $"at most {2L * limits.EncodedLength} bytes",
                $"{input.Length} bytes"
            );
            return new InspectedMessage();
        }
        var start = input.StartsWith("\uFEFF"u8) ? input[3..] : input;
        start = start.TrimStart(" \t\r\n"u8);
        if (start.IsEmpty)
        {
            findings.Add(FindingKinds.XmlMalformed, "a message", "nothing");
            return new InspectedMessage();
        }
        // What is neither markup nor ASCII is no encoding of a message; the XML reader says what is wrong with it.
        if (start[0] == '<' || !Ascii.IsValid(start))
            return new InspectedMessage
            {
                Wrapping = start[0] == '<' ? MessageWrapping.Xml : MessageWrapping.Unknown,
                Xml = input.ToArray(),
            };
        var text = Encoding.ASCII.GetString(start).TrimEnd();
        return IsQuery(text)
            ? FromQuery(text, limits, findings)
            : FromValue(text, new InspectedMessage(), false, limits, findings);
    }

    // Base64 has "=" at its end only, and neither "?" nor "&" nor ":".
    private static bool IsQuery(string text) =>
        text.Contains("://", StringComparison.Ordinal)
        || text.StartsWith('/') && text.Contains('?', StringComparison.Ordinal)
        || text.StartsWith('?')
        || text.Contains('&', StringComparison.Ordinal)
        || text.StartsWith(Request + '=', StringComparison.Ordinal)
        || text.StartsWith(Response + '=', StringComparison.Ordinal)
        || text.StartsWith(Artifact + '=', StringComparison.Ordinal);

    private static InspectedMessage FromQuery(
        string text,
        MessageLimits limits,
        FindingList findings
    )
    {
        var fragment = text.IndexOf('#', StringComparison.Ordinal);
        if (fragment >= 0)
            text = text[..fragment];
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var parameters = Parameters(text[(question + 1)..], findings);
        var name =
            parameters.ContainsKey(Response) ? Response
            : parameters.ContainsKey(Artifact) ? Artifact
            : Request;
        if (parameters.ContainsKey(Request) && name == Response)
            findings.Add(
                FindingKinds.QueryParameterRepeated,
                $"{Response} alone",
                $"{Request} beside it"
            );
        if (!parameters.TryGetValue(name, out var value))
        {
            findings.Add(
                FindingKinds.QueryParameterMissing,
                $"{Request}, {Response} or {Artifact}",
                parameters.Count == 0 ? "no parameters" : string.Join(", ", parameters.Keys)
            );
            return new InspectedMessage();
        }
        return FromValue(
            value,
            new InspectedMessage
            {
                Parameter = name,
                RelayState = Decoded(parameters, "RelayState", findings),
                QuerySignatureAlgorithm = Decoded(parameters, "SigAlg", findings),
                HasQuerySignature = parameters.ContainsKey("Signature"),
            },
            isUrl: question >= 0,
            limits,
            findings
        );
    }

    private static Dictionary<string, string> Parameters(string query, FindingList findings)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            if (!parameters.TryAdd(name, equals < 0 ? "" : pair[(equals + 1)..]))
                findings.Add(FindingKinds.QueryParameterRepeated, $"{name} once", "twice");
        }
        return parameters;
    }

    private static string? Decoded(
        Dictionary<string, string> parameters,
        string name,
        FindingList findings
    )
    {
        if (!parameters.TryGetValue(name, out var value))
            return null;
        var text = UrlText.Decode(value);
        if (text is null)
            findings.Add(
                FindingKinds.QueryParameterMalformed,
                $"{name} in URL-encoded UTF-8",
                value
            );
        return text;
    }

    private static InspectedMessage FromValue(
        string value,
        InspectedMessage message,
        bool isUrl,
        MessageLimits limits,
        FindingList findings
    )
    {
        // A plus sign is a digit of base64, and never meant as the space that it stands for in a query.
        var base64 = UrlText.Decode(value.Replace("+", "%2B", StringComparison.Ordinal));
        var octets = new byte[base64?.Length ?? 0];
        if (base64 is null || !StrictBase64.TryDecode(base64, octets, out var length))
        {
            findings.Add(
                FindingKinds.Base64Malformed,
                "XML, base64, or a URL with SAMLRequest or SAMLResponse",
                value
            );
            return message;
        }
        var decoded = octets.AsSpan(0, length);
        // An artifact by its parameter, or by its look: type 4, of just this length.
        if (message.Parameter == Artifact || (length == 44 && decoded is [0, 4, ..]))
        {
            var artifact = SamlArtifact.Read(base64);
            foreach (var finding in artifact.Findings)
                findings.Add(finding);
            return message with
            {
                Wrapping = artifact.Accepted ? MessageWrapping.Artifact : message.Wrapping,
                Artifact = artifact.Value,
            };
        }
        if (decoded.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'<', ..])
        {
            if (isUrl)
                findings.Add(
                    FindingKinds.RequestNotDeflated,
                    "DEFLATE, then base64",
                    "base64 of plain XML"
                );
            return message with { Wrapping = MessageWrapping.Base64, Xml = decoded.ToArray() };
        }
        using var xml = new OctetBuffer(4096);
        var outcome = Inflater.Inflate(decoded, xml, limits.XmlBytes);
        if (outcome == InflateOutcome.Whole)
            return message with
            {
                Wrapping = MessageWrapping.DeflatedBase64,
                Xml = xml.Written.ToArray(),
            };
        findings.Add(ReceivedQuery.Explain(outcome, decoded, limits));
        return message;
    }
}
