using Latchkey.Saml.Findings;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Applications.Preview;

/// <summary>Something against a Response.</summary>
/// <param name="Key">Its text.</param>
/// <param name="Refuses">Whether it keeps the person out; else it is worth knowing.</param>
/// <param name="Args">Go into the text.</param>
internal sealed record Objection(string Key, bool Refuses, params object?[] Args)
{
    /// <summary>Its sentence.</summary>
    public string Say(ITexts texts) => texts[Key, [.. Args.Select(arg => arg ?? "–")]];

    /// <summary>A finding of the core, told by its own sentences.</summary>
    public static Objection Of(Finding finding) =>
        new(
            finding.Expected is null && finding.Found is null
                ? "preview.finding"
                : "preview.finding.compared",
            finding.Kind.Severity == Severity.Refusal,
            finding.Kind.Title,
            finding.Kind.Remedy,
            finding.Expected ?? "–",
            finding.Found ?? "–"
        );
}
