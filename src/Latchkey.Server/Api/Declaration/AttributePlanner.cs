using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Insights;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Plans the custom attributes that a declaration defines.</summary>
internal static class AttributePlanner
{
    /// <returns>The plan, and every definition as it will be: the users of the same file are held against it.</returns>
    public static (
        IReadOnlyList<PlannedAttribute> Planned,
        IReadOnlyDictionary<string, AttributeDefinition> Definitions
    ) Plan(
        DeclaredState state,
        IReadOnlyDictionary<string, AttributeDefinition> current,
        DeclarationProblems problems
    )
    {
        var after = new Dictionary<string, AttributeDefinition>(current, StringComparer.Ordinal);
        var planned = new List<PlannedAttribute>();
        foreach (var declared in state.Attributes)
        {
            var existing = current.GetValueOrDefault(declared.Name);
            var input = new AttributeDefinitionInput(
                declared.Name,
                declared.Label ?? existing?.Label ?? declared.Name,
                declared.Description ?? existing?.Description,
                declared.Type ?? existing?.Type ?? AttributeType.String
            );
            foreach (var problem in AttributeDefinitions.Check(input))
            {
                problems.Add(
                    DeclarationLines.Find(declared.Lines, problem.Where, declared.Line),
                    problem
                );
            }
            var result = new AttributeDefinition
            {
                Name = input.Name,
                Label = input.Label!,
                Description = input.Description,
                Type = input.Type,
                CreatedAt = default,
            };
            after[input.Name] = result;
            planned.Add(
                new PlannedAttribute(
                    declared,
                    existing,
                    input,
                    FieldChange.Between(
                        AttributeDefinitions.Snapshot(existing),
                        AttributeDefinitions.Snapshot(result)
                    )
                )
            );
        }
        return (planned, after);
    }
}
