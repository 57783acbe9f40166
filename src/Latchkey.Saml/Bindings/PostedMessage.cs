using System.Buffers;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Bindings;

/// <summary>The form field of a message by HTTP-POST: strict base64, never inflated (rule B2, saml-bindings-2.0 §3.5.4).</summary>
internal static class PostedMessage
{
    private const string FormField = "the form field";

    /// <summary>Decodes and reads a message.</summary>
    /// <returns>The tape, to be disposed of by the caller; null when a finding was added.</returns>
    public static Tape? Read(string field, MessageLimits limits, FindingList findings)
    {
        if (field.Length > limits.EncodedLength)
        {
            findings.Add(
                FindingKinds.MessageTooLong,
                $"at most {limits.EncodedLength} characters of base64",
                $"{field.Length} characters",
                FormField
            );
            return null;
        }
        var octets = ArrayPool<byte>.Shared.Rent(field.Length / 4 * 3 + 3);
        if (StrictBase64.TryDecode(field, octets, out var length))
            return Tape.Take(octets, length, limits, findings);
        ArrayPool<byte>.Shared.Return(octets);
        findings.Add(FindingKinds.Base64Malformed, "base64", field, FormField);
        return null;
    }
}
