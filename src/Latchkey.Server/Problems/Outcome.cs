using System.Diagnostics.CodeAnalysis;

namespace Latchkey.Server.Problems;

/// <summary>What a service did, or everything that kept it from doing it; then nothing was changed.</summary>
internal sealed class Outcome<T>
    where T : class
{
    private Outcome(T? value, IReadOnlyList<Problem> problems)
    {
        Value = value;
        Problems = problems;
    }

    public T? Value { get; }

    public IReadOnlyList<Problem> Problems { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    public bool Ok => Value is not null;

    public static implicit operator Outcome<T>(T value) => new(value, []);

    public static implicit operator Outcome<T>(Problem problem) => new(null, [problem]);

    public static Outcome<T> Failed(IReadOnlyList<Problem> problems) => new(null, problems);
}
