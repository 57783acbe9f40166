using System.Globalization;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Responses;

namespace Latchkey.Cli.Saml;

/// <summary>A verdict for people.</summary>
internal static class VerdictText
{
    public static async Task WriteAsync(TextWriter output, Verdict<VerifiedAssertion> verdict)
    {
        await output.WriteLineAsync(verdict.Accepted ? "Accepted." : "Refused.");
        if (verdict.Value is { } assertion)
        {
            await WriteFactsAsync(output, assertion);
        }
        foreach (var finding in verdict.Findings)
        {
            await output.WriteLineAsync();
            await FindingText.WriteAsync(output, finding);
        }
    }

    private static async Task WriteFactsAsync(TextWriter output, VerifiedAssertion assertion)
    {
        await LineAsync(output, "NameID", assertion.NameId?.Value ?? "(none)");
        await LineAsync(output, "format", assertion.NameId?.Format);
        await LineAsync(output, "from", assertion.Issuer);
        await LineAsync(output, "answers", assertion.InResponseTo ?? "no request (unsolicited)");
        await LineAsync(
            output,
            "signed in",
            assertion.AuthnInstant.ToString("u", CultureInfo.InvariantCulture)
        );
        await LineAsync(output, "by", assertion.AuthnContextClassRef);
        await LineAsync(output, "session", assertion.SessionIndex);
        foreach (var attribute in assertion.Attributes)
        {
            await LineAsync(
                output,
                "attribute",
                $"{attribute.Name} = {string.Join(" | ", attribute.Values)}"
            );
        }
    }

    private static Task LineAsync(TextWriter output, string label, string? text) =>
        text is null
            ? Task.CompletedTask
            : output.WriteLineAsync($"    {label, -11} {TerminalText.Show(text)}");
}
