using System.Diagnostics.CodeAnalysis;

namespace Latchkey.Saml.Findings;

/// <summary>The outcome of checking a message: accepted facts, or the findings that refuse it. Either way the warnings.</summary>
public sealed class Verdict<T>
    where T : class
{
    private Verdict(T? value, IReadOnlyList<Finding> findings)
    {
        Value = value;
        Findings = findings;
    }

    /// <summary>The facts; null when the message was refused.</summary>
    public T? Value { get; }

    /// <summary>Everything found, in the order of the rules.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Whether no finding refuses the message.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Accepted => Value is not null;

    internal static Verdict<T> Accept(T value, IReadOnlyList<Finding> warnings) =>
        new(value, warnings);

    internal static Verdict<T> Refuse(IReadOnlyList<Finding> findings) => new(null, findings);

    internal static Verdict<T> Refuse(Finding finding) => new(null, [finding]);
}
