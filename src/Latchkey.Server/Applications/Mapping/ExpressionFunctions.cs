namespace Latchkey.Server.Applications.Mapping;

/// <summary>A function of expressions.</summary>
/// <param name="Form">How it is written, for messages and the reference.</param>
/// <param name="Least">Arguments at the least.</param>
/// <param name="Most">Arguments at the most.</param>
/// <param name="Build">Makes the step.</param>
/// <param name="Needs">What it has to know beyond the user's own row.</param>
internal sealed record ExpressionFunction(
    string Form,
    int Least,
    int Most,
    Func<IReadOnlyList<ExpressionNode>, ExpressionNode> Build,
    ExpressionNeeds Needs = ExpressionNeeds.None
);

/// <summary>The functions of expressions, by name.</summary>
internal static class ExpressionFunctions
{
    private const int Any = Expression.MaxNodes;

    public static IReadOnlyDictionary<string, ExpressionFunction> All { get; } =
        new Dictionary<string, ExpressionFunction>(StringComparer.Ordinal)
        {
            ["lower"] = Each("lower(x)", v => v.ToLowerInvariant()),
            ["upper"] = Each("upper(x)", v => v.ToUpperInvariant()),
            ["trim"] = Each("trim(x)", v => v.Trim()),
            ["localPart"] = Each("localPart(email)", v => Before(v, "@") ?? v),
            ["domain"] = Each("domain(email)", v => After(v, "@") ?? ""),
            ["before"] = Each2("before(x, \"text\")", (v, mark) => Before(v, mark) ?? v),
            ["after"] = Each2("after(x, \"text\")", (v, mark) => After(v, mark) ?? ""),
            ["replace"] = new("replace(x, \"old\", \"new\")", 3, 3, Replace),
            ["concat"] = new("concat(a, b, …)", 1, Any, Concatenate),
            ["first"] = new("first(a, b, …)", 1, Any, First),
            ["list"] = new("list(a, b, …)", 1, Any, List),
            ["join"] = new("join(x, \"separator\")", 2, 2, Join),
            ["split"] = new("split(x, \"separator\")", 2, 2, Split),
            ["custom"] = new("custom(\"name\")", 1, 1, Custom, ExpressionNeeds.GroupAttributes),
            ["groups"] = new("groups() or groups(\"pattern*\")", 0, 1, Groups),
            ["groupAttribute"] = new(
                "groupAttribute(\"name\") or groupAttribute(\"name\", \"pattern*\")",
                1,
                2,
                GroupAttribute,
                ExpressionNeeds.AccessAttributes
            ),
            ["inGroup"] = new("inGroup(\"name\", …)", 1, Any, InGroup, ExpressionNeeds.AllGroups),
            ["if"] = new("if(condition, then, else)", 2, 3, If),
            ["equals"] = new("equals(a, b)", 2, 2, AreEqual),
            ["matches"] = new("matches(x, \"pattern*\")", 2, 2, Matches),
            ["pseudonym"] = new(
                "pseudonym()",
                0,
                0,
                _ => new(false, b => Of(b.Facts.Pseudonym)),
                ExpressionNeeds.Pseudonym
            ),
        };

    public static ExpressionNode Constant(string value)
    {
        IReadOnlyList<string> values = [value];
        return new(true, _ => values);
    }

    public static ExpressionNode Source(string source) =>
        new(
            false,
            budget =>
                budget.Spend(
                    AttributeSources.Values(budget.Facts.User, source, budget.Facts.ManagerEmail)
                )
        );

    /// <summary>The first value of each part in a row. Where every part that depends on the user is missing, there is nothing: no lone separators.</summary>
    public static ExpressionNode Concatenate(IReadOnlyList<ExpressionNode> parts) =>
        new(
            parts.All(p => p.IsConstant),
            budget =>
            {
                var texts = new string[parts.Count];
                var found = parts.All(p => p.IsConstant);
                for (var i = 0; i < parts.Count; i++)
                {
                    var values = parts[i].Evaluate(budget);
                    texts[i] = values.Count > 0 ? values[0] : "";
                    found |= !parts[i].IsConstant && texts[i].Length > 0;
                }
                return found ? budget.Spend([string.Concat(texts)]) : [];
            }
        );

    private static ExpressionFunction Each(string form, Func<string, string> change) =>
        new(
            form,
            1,
            1,
            a =>
                new(
                    a[0].IsConstant,
                    budget => budget.Spend([.. a[0].Evaluate(budget).Select(change)])
                )
        );

    private static ExpressionFunction Each2(string form, Func<string, string, string> change) =>
        new(
            form,
            2,
            2,
            a =>
                new(
                    a.All(x => x.IsConstant),
                    budget =>
                    {
                        var mark = One(a[1], budget);
                        return budget.Spend([
                            .. a[0].Evaluate(budget).Select(v => change(v, mark)),
                        ]);
                    }
                )
        );

    private static ExpressionNode Replace(IReadOnlyList<ExpressionNode> a) =>
        new(
            a.All(x => x.IsConstant),
            budget =>
            {
                var (old, with) = (One(a[1], budget), One(a[2], budget));
                var values = a[0].Evaluate(budget);
                if (old.Length == 0)
                {
                    return values;
                }
                // Before it is made: a short text may stand in for many.
                foreach (var value in values)
                {
                    budget.Spend([value]);
                    if (
                        (long)(value.Length / old.Length) * with.Length
                        > Expression.MaxLength * 10L
                    )
                    {
                        throw new ExpressionTooCostlyException();
                    }
                }
                return budget.Spend([
                    .. values.Select(v => v.Replace(old, with, StringComparison.Ordinal)),
                ]);
            }
        );

    private static ExpressionNode First(IReadOnlyList<ExpressionNode> a) =>
        new(
            a.All(x => x.IsConstant),
            budget =>
            {
                foreach (var choice in a)
                {
                    var values = choice.Evaluate(budget);
                    if (values.Any(v => v.Length > 0))
                    {
                        return values;
                    }
                }
                return [];
            }
        );

    private static ExpressionNode List(IReadOnlyList<ExpressionNode> a) =>
        new(
            a.All(x => x.IsConstant),
            budget =>
                budget.Spend([
                    .. a.SelectMany(x => x.Evaluate(budget)).Distinct(StringComparer.Ordinal),
                ])
        );

    private static ExpressionNode Join(IReadOnlyList<ExpressionNode> a) =>
        new(
            a.All(x => x.IsConstant),
            budget =>
            {
                var values = a[0].Evaluate(budget);
                return values.Count == 0
                    ? []
                    : budget.Spend([string.Join(One(a[1], budget), values)]);
            }
        );

    private static ExpressionNode Split(IReadOnlyList<ExpressionNode> a) =>
        new(
            a.All(x => x.IsConstant),
            budget =>
            {
                var mark = One(a[1], budget);
                return budget.Spend([
                    .. a[0]
                        .Evaluate(budget)
                        .SelectMany(v =>
                            v.Split(
                                mark,
                                StringSplitOptions.RemoveEmptyEntries
                                    | StringSplitOptions.TrimEntries
                            )
                        ),
                ]);
            }
        );

    private static ExpressionNode Custom(IReadOnlyList<ExpressionNode> a) =>
        new(
            false,
            budget =>
                budget.Spend(
                    AttributeSources.Values(
                        budget.Facts.User,
                        AttributeSources.CustomPrefix + One(a[0], budget)
                    )
                )
        );

    private static ExpressionNode Groups(IReadOnlyList<ExpressionNode> a) =>
        new(
            false,
            budget =>
            {
                var pattern = a.Count == 0 ? null : One(a[0], budget);
                return budget.Spend([
                    .. budget.Facts.Groups.Where(g => NamePattern.Matches(pattern, g)),
                ]);
            }
        );

    private static ExpressionNode GroupAttribute(IReadOnlyList<ExpressionNode> a) =>
        new(
            false,
            budget =>
                budget.Spend(
                    budget.Facts.OfGroups(
                        One(a[0], budget),
                        a.Count == 2 ? One(a[1], budget) : null
                    )
                )
        );

    private static ExpressionNode InGroup(IReadOnlyList<ExpressionNode> a) =>
        new(
            false,
            budget =>
                Truth(
                    a.Any(name =>
                        budget.Facts.AllGroups.Contains(
                            One(name, budget),
                            StringComparer.OrdinalIgnoreCase
                        )
                    )
                )
        );

    private static ExpressionNode If(IReadOnlyList<ExpressionNode> a) =>
        new(
            a.All(x => x.IsConstant),
            budget =>
                a[0].Evaluate(budget).Any(v => v.Length > 0) ? a[1].Evaluate(budget)
                : a.Count == 3 ? a[2].Evaluate(budget)
                : []
        );

    private static ExpressionNode AreEqual(IReadOnlyList<ExpressionNode> a) =>
        new(
            a.All(x => x.IsConstant),
            budget =>
                Truth(
                    string.Equals(
                        One(a[0], budget),
                        One(a[1], budget),
                        StringComparison.OrdinalIgnoreCase
                    )
                )
        );

    private static ExpressionNode Matches(IReadOnlyList<ExpressionNode> a) =>
        new(
            a.All(x => x.IsConstant),
            budget =>
            {
                var pattern = One(a[1], budget);
                return Truth(a[0].Evaluate(budget).Any(v => NamePattern.Matches(pattern, v)));
            }
        );

    private static string One(ExpressionNode node, ExpressionBudget budget)
    {
        var values = node.Evaluate(budget);
        return values.Count > 0 ? values[0] : "";
    }

    private static IReadOnlyList<string> Truth(bool holds) => holds ? ["true"] : [];

    private static IReadOnlyList<string> Of(string? value) => value is null ? [] : [value];

    private static string? Before(string value, string mark)
    {
        var at = mark.Length == 0 ? -1 : value.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? null : value[..at];
    }

    private static string? After(string value, string mark)
    {
        var at = mark.Length == 0 ? -1 : value.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? null : value[(at + mark.Length)..];
    }
}
