using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Rules;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Directory;

/// <summary>What a group may look like, and how events tell of it.</summary>
internal static class GroupChanges
{
    private const int LongestName = 256;
    private const int LongestDescription = 4096;

    /// <summary>Puts the input into the group and says what is wrong with it.</summary>
    public static List<Problem> Fill(Group group, GroupInput input, DateTimeOffset now)
    {
        var problems = new List<Problem>();
        group.Name = UserRules.Text(input.Name, "name", problems, LongestName) ?? "";
        group.NormalizedName = UserRules.Normalize(group.Name);
        if (string.IsNullOrWhiteSpace(group.Name))
        {
            problems.Add(new Problem("group-name-missing", "name"));
        }
        group.Description = UserRules.Text(
            input.Description,
            "description",
            problems,
            LongestDescription,
            lines: true
        );
        if (input.Rule is { } rule)
        {
            GroupRuleCheck.Find(rule, problems);
        }
        group.Rule = input.Rule;
        group.Attributes = GroupAttributes.Fill(group.Attributes, input.Attributes, now, problems);
        return problems;
    }

    /// <summary>A group as text, field by field under the API's names.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> Snapshot(Group group) =>
        [
            new("name", group.Name),
            new("description", group.Description),
            new("rule", group.Rule?.ToString()),
            new(
                "attributes",
                group.Attributes.Count == 0
                    ? null
                    : string.Join("\n", group.Attributes.Select(a => $"{a.Name} = {a.Value}"))
            ),
        ];
}
