using System.Text.Json;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>All that an accepted message says, as text: every public property, so that a new one counts without a change here.</summary>
internal static class Facts
{
    public static string Of<T>(Verdict<T> verdict)
        where T : class
    {
        verdict.ShouldBeAccepted();
        return JsonSerializer.Serialize(verdict.Value);
    }

    /// <summary>Refused, or saying exactly what was signed (rule S7).</summary>
    public static void ShouldSayNothingButWhatWasSigned<T>(
        this Verdict<T> verdict,
        params IReadOnlyList<string> signed
    )
        where T : class
    {
        if (verdict.Accepted)
            signed.ShouldContain(Of(verdict));
        else
            verdict.Findings.ShouldContain(finding => finding.Kind.Severity == Severity.Refusal);
    }
}
