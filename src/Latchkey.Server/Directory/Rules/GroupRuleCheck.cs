using Latchkey.Server.Applications;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Directory.Rules;

/// <summary>What a rule may look like.</summary>
internal static class GroupRuleCheck
{
    private const int MostConditions = 20;

    /// <summary>What can be compared: what can be sent, but for the two that are no text of the user's own.</summary>
    public static IReadOnlyList<string> Attributes { get; } =
    [.. AttributeSources.All.Where(source => source is not ("id" or AttributeSources.Manager))];

    /// <summary>Adds what is wrong, at <c>rule.conditions[i]</c>.</summary>
    public static void Find(GroupRule rule, List<Problem> problems)
    {
        if (rule.Conditions.Count is 0 or > MostConditions)
        {
            problems.Add(new Problem("rule-conditions", "rule", MostConditions));
        }
        for (var i = 0; i < rule.Conditions.Count; i++)
        {
            var condition = rule.Conditions[i];
            var where = $"rule.conditions[{i}]";
            if (
                !Attributes.Contains(condition.Attribute)
                && !(
                    condition.Attribute.StartsWith(
                        AttributeSources.CustomPrefix,
                        StringComparison.Ordinal
                    ) && AttributeSources.IsKnown(condition.Attribute)
                )
            )
            {
                problems.Add(
                    new Problem("rule-attribute-unknown", $"{where}.attribute", condition.Attribute)
                );
            }
            // "contains nothing" would hold for everybody.
            if (RuleOperators.NeedsValue(condition.Operator) && condition.Value.Length == 0)
            {
                problems.Add(new Problem("rule-value-missing", $"{where}.value"));
            }
            UserRules.Text(condition.Value, $"{where}.value", problems);
        }
    }
}
