using Latchkey.Saml.Findings;

namespace Latchkey.Saml.Responses;

/// <summary>What the rules look at: the verified parts if there are any.</summary>
internal readonly ref struct ResponseCheck(
    ResponseParts response,
    AssertionParts assertion,
    ResponseRules rules,
    bool needsDestination,
    FindingList findings
)
{
    // Fields: a property would copy the parts whenever a rule looks at one of them.
    public readonly ResponseParts Response = response;
    public readonly AssertionParts Assertion = assertion;

    public ResponseRules Rules { get; } = rules;

    /// <summary>Whether the Response has to say where it was sent: signed, and carried by a browser (rule P3).</summary>
    public bool NeedsDestination { get; } = needsDestination;
    public FindingList Findings { get; } = findings;

    /// <summary>What has to be later than this is not over yet.</summary>
    public DateTimeOffset Earliest => Rules.Now - Rules.ClockSkew;

    /// <summary>What is later than this has not begun.</summary>
    public DateTimeOffset Latest => Rules.Now + Rules.ClockSkew;
}
