namespace Latchkey.Saml.Findings;

/// <summary>One row of the table in <see cref="FindingKinds"/>: a thing that can be wrong with a message.</summary>
/// <param name="Code">Stable, lower case with hyphens, never reused: <c>audience-mismatch</c>.</param>
/// <param name="Rule">The number of the security rule behind it: <c>P5</c>.</param>
/// <param name="Severity">Whether it refuses the message.</param>
/// <param name="Title">One sentence for an administrator, without values.</param>
/// <param name="Remedy">What to do about it, and on which side.</param>
/// <param name="Specification">Document and section: <c>saml-core-2.0 §2.5.1.4</c>.</param>
public sealed record FindingKind(
    string Code,
    string Rule,
    Severity Severity,
    string Title,
    string Remedy,
    string Specification
);
