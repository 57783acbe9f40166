using Latchkey.Server.Applications;

namespace Latchkey.Server.Directory.Rules;

/// <summary>Who belongs to a group by what is known of them: "department is Research". A list of conditions and no language: it cannot run anything, and reads as it stands.</summary>
/// <param name="Match">Whether all conditions must hold or one is enough.</param>
/// <param name="Conditions">At least one.</param>
internal sealed record GroupRule(RuleMatch Match, IReadOnlyList<RuleCondition> Conditions)
{
    /// <summary>Whether a user belongs. Suspended and staged users do as well: their state keeps them out, not their groups.</summary>
    public bool Holds(User user) =>
        Match == RuleMatch.All
            ? Conditions.All(condition => condition.Holds(user))
            : Conditions.Any(condition => condition.Holds(user));

    /// <summary>Whether both say the same, to the last blank.</summary>
    public bool Equals(GroupRule? other) =>
        other is not null && Match == other.Match && Conditions.SequenceEqual(other.Conditions);

    public override int GetHashCode() => HashCode.Combine(Match, Conditions.Count);

    /// <summary>The rule as events tell it.</summary>
    public override string ToString() =>
        string.Join(Match == RuleMatch.All ? " and " : " or ", Conditions);
}

internal enum RuleMatch
{
    All,
    Any,
}

internal enum RuleOperator
{
    Is,
    IsNot,
    Contains,
    StartsWith,
    EndsWith,
    IsEmpty,
    IsNotEmpty,
}

/// <summary>One comparison, without regard to case. An attribute with several values fits if one of them does; "is not" holds if none is.</summary>
/// <param name="Attribute">A name of <see cref="AttributeSources"/>, or <c>custom:NAME</c>.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Value">With what; empty for the two that need nothing.</param>
internal sealed record RuleCondition(string Attribute, RuleOperator Operator, string Value)
{
    private const StringComparison Loosely = StringComparison.OrdinalIgnoreCase;

    public bool Holds(User user)
    {
        var values = AttributeSources.Values(user, Attribute);
        return Operator switch
        {
            RuleOperator.Is => values.Any(v => v.Equals(Value, Loosely)),
            RuleOperator.IsNot => !values.Any(v => v.Equals(Value, Loosely)),
            RuleOperator.Contains => values.Any(v => v.Contains(Value, Loosely)),
            RuleOperator.StartsWith => values.Any(v => v.StartsWith(Value, Loosely)),
            RuleOperator.EndsWith => values.Any(v => v.EndsWith(Value, Loosely)),
            RuleOperator.IsEmpty => values.Count == 0,
            _ => values.Count > 0,
        };
    }

    public override string ToString()
    {
        var compared = $"{Attribute} {RuleOperators.Name(Operator).Replace('_', ' ')}";
        return RuleOperators.NeedsValue(Operator) ? $"{compared} {Value}" : compared;
    }
}

/// <summary>The operators' names in files, forms and text keys.</summary>
internal static class RuleOperators
{
    private static readonly Dictionary<string, RuleOperator> ByName = new(StringComparer.Ordinal)
    {
        ["is"] = RuleOperator.Is,
        ["is_not"] = RuleOperator.IsNot,
        ["contains"] = RuleOperator.Contains,
        ["starts_with"] = RuleOperator.StartsWith,
        ["ends_with"] = RuleOperator.EndsWith,
        ["is_empty"] = RuleOperator.IsEmpty,
        ["is_not_empty"] = RuleOperator.IsNotEmpty,
    };

    public static IReadOnlyList<string> All { get; } = [.. ByName.Keys];

    public static string Name(RuleOperator known) => ByName.First(pair => pair.Value == known).Key;

    public static bool TryParse(string? name, out RuleOperator known) =>
        ByName.TryGetValue(name ?? "", out known);

    public static bool NeedsValue(RuleOperator known) =>
        known is not (RuleOperator.IsEmpty or RuleOperator.IsNotEmpty);
}
