namespace Latchkey.Saml.Findings;

/// <summary>One thing found in one message. A refusal is a value, never an exception.</summary>
/// <param name="Kind">The row of the table.</param>
/// <param name="Expected">What would have been accepted, if that can be said.</param>
/// <param name="Found">What the message holds instead, shortened; comes from a stranger, encode before showing.</param>
/// <param name="At">The place in the message: a path, or line and column.</param>
public sealed record Finding(
    FindingKind Kind,
    string? Expected = null,
    string? Found = null,
    string? At = null
)
{
    /// <summary>The stable code of the kind.</summary>
    public string Code => Kind.Code;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Kind.Code} ({Kind.Rule}): {Kind.Title} Expected: {Expected ?? "-"}; found: {Found ?? "-"}; at: {At ?? "-"}";
}
