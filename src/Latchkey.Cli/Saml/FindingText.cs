using Latchkey.Saml.Findings;

namespace Latchkey.Cli.Saml;

/// <summary>Findings for people.</summary>
internal static class FindingText
{
    public static async Task WriteAsync(TextWriter output, Finding finding)
    {
        var kind = finding.Kind;
        var mark = kind.Severity == Severity.Refusal ? "✗" : "!";
        await output.WriteLineAsync($"{mark} {kind.Title}");
        await LineAsync(output, "expected", finding.Expected);
        await LineAsync(output, "found", finding.Found);
        await LineAsync(output, "at", finding.At);
        await LineAsync(output, "what to do", kind.Remedy);
        await LineAsync(output, "finding", $"{kind.Code}, rule {kind.Rule}, {kind.Specification}");
    }

    private static Task LineAsync(TextWriter output, string label, string? text) =>
        text is null
            ? Task.CompletedTask
            : output.WriteLineAsync($"    {label, -11} {TerminalText.Show(text)}");
}
