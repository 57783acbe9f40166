using System.Text;
using System.Text.Json;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Responses;

namespace Latchkey.Cli.Saml;

/// <summary>A verdict for scripts: one line of JSON, ASCII only.</summary>
internal static class VerdictJson
{
    public static string Of(Verdict<VerifiedAssertion> verdict, string? file)
    {
        using var octets = new MemoryStream();
        using (var json = new Utf8JsonWriter(octets))
        {
            json.WriteStartObject();
            if (file is not null)
            {
                json.WriteString("file", file);
            }
            json.WriteBoolean("accepted", verdict.Accepted);
            json.WriteString("nameId", verdict.Value?.NameId?.Value);
            json.WriteString("nameIdFormat", verdict.Value?.NameId?.Format);
            WriteAttributes(json, verdict.Value);
            json.WriteString("sessionIndex", verdict.Value?.SessionIndex);
            json.WriteStartArray("findings");
            foreach (var finding in verdict.Findings)
            {
                WriteFinding(json, finding);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(octets.ToArray());
    }

    // A name that appears more than once has the values of all its appearances, in order.
    private static void WriteAttributes(Utf8JsonWriter json, VerifiedAssertion? assertion)
    {
        json.WriteStartObject("attributes");
        foreach (
            var attribute in (assertion?.Attributes ?? []).GroupBy(
                attribute => attribute.Name,
                StringComparer.Ordinal
            )
        )
        {
            json.WriteStartArray(attribute.Key);
            foreach (var value in attribute.SelectMany(one => one.Values))
            {
                json.WriteStringValue(value);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteFinding(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("code", finding.Code);
        json.WriteString("rule", finding.Kind.Rule);
        json.WriteString(
            "severity",
            finding.Kind.Severity == Severity.Refusal ? "refusal" : "warning"
        );
        json.WriteString("expected", finding.Expected);
        json.WriteString("found", finding.Found);
        json.WriteString("at", finding.At);
        json.WriteString("spec", finding.Kind.Specification);
        json.WriteEndObject();
    }
}
