using Latchkey.Saml.Protocol;

namespace Latchkey.Server.Applications.Mapping;

/// <summary>What an application is told about its users, made ready once for each version of its settings (J-12, J-21 to J-23).</summary>
internal sealed class AttributePlan
{
    public const string ExpressionPrefix = "expression:";

    private readonly Application _application;
    private readonly Expression? _nameId;
    private readonly Expression?[] _expressions;

    private AttributePlan(Application application)
    {
        _application = application;
        _nameId = NameIdExpression(application.NameIdSource) is { } text ? Parse(text) : null;
        _expressions =
        [
            .. application.Attributes.Select(row =>
                row.Kind == AttributeKind.Expression ? Parse(row.Value ?? "") : null
            ),
        ];
        Needs = _expressions
            .Append(_nameId)
            .Aggregate(
                ExpressionNeeds.None,
                (needs, expression) => needs | (expression?.Needs ?? ExpressionNeeds.None)
            );
        if (AttributeSources.NeedsManager(application))
        {
            Needs |= ExpressionNeeds.Manager;
        }
        if (AttributeSources.NeedsCustom(application))
        {
            Needs |= ExpressionNeeds.GroupAttributes;
        }
        if (application.Attributes.Any(row => row.Groups?.Attribute is not null))
        {
            Needs |= ExpressionNeeds.AccessAttributes;
        }
    }

    /// <summary>What has to be known of a user beyond their own row.</summary>
    public ExpressionNeeds Needs { get; }

    public static AttributePlan Of(Application application) => new(application);

    /// <summary>The expression that a NameID source is, or null when it is none.</summary>
    public static string? NameIdExpression(string source) =>
        source.StartsWith(ExpressionPrefix, StringComparison.Ordinal)
            ? source[ExpressionPrefix.Length..]
            : null;

    /// <summary>The NameID's value where its format is no pseudonym; null when the user has nothing there.</summary>
    public string? NameId(UserFacts facts)
    {
        var values = _nameId is not null
            ? Made(_nameId, facts, "NameID")
            : AttributeSources.Values(facts.User, _application.NameIdSource, facts.ManagerEmail);
        return values is [{ Length: > 0 } value, ..] ? value : null;
    }

    /// <summary>One attribute a row, in their order; a row whose source is empty for this user is left out.</summary>
    /// <exception cref="AttributeTooCostlyException">An expression costs more than is allowed for this user.</exception>
    public IReadOnlyList<SamlAttribute> Attributes(UserFacts facts)
    {
        var attributes = new List<SamlAttribute>(_application.Attributes.Count);
        for (var i = 0; i < _application.Attributes.Count; i++)
        {
            var values = Values(i, facts);
            if (values.Count > 0)
            {
                var row = _application.Attributes[i];
                attributes.Add(new(row.Name, values, row.NameFormat, row.FriendlyName));
            }
        }
        return attributes;
    }

    /// <summary>The values of one row.</summary>
    /// <exception cref="AttributeTooCostlyException">As for <see cref="Attributes"/>.</exception>
    public IReadOnlyList<string> Values(int index, UserFacts facts)
    {
        var row = _application.Attributes[index];
        return row.Kind switch
        {
            AttributeKind.User => AttributeSources.Values(
                facts.User,
                row.Value ?? "",
                facts.ManagerEmail
            ),
            AttributeKind.Constant => [row.Value ?? ""],
            AttributeKind.Groups => GroupValues(row.Groups, facts),
            AttributeKind.Expression => _expressions[index] is { } expression
                ? Made(expression, facts, row.Name)
                : [],
            AttributeKind.AuthnMethods => facts.Methods,
            _ => [],
        };
    }

    private static IReadOnlyList<string> GroupValues(GroupSelection? selection, UserFacts facts)
    {
        if (selection is null)
        {
            return facts.Groups;
        }
        var values = selection.Attribute is { } attribute
            ? facts.OfGroups(attribute, selection.Pattern)
            : [.. facts.Groups.Where(g => NamePattern.Matches(selection.Pattern, g))];
        return values.Count == 0 || selection.Separator is null
            ? values
            : [string.Join(selection.Separator, values)];
    }

    private static IReadOnlyList<string> Made(
        Expression expression,
        UserFacts facts,
        string name
    ) => expression.Evaluate(facts) ?? throw new AttributeTooCostlyException(name);

    // What is stored was readable when it was saved.
    private static Expression? Parse(string text) => Expression.Parse(text, "").Value;
}

/// <summary>An expression of that attribute costs more than is allowed for one user.</summary>
internal sealed class AttributeTooCostlyException(string attribute) : Exception(attribute);
