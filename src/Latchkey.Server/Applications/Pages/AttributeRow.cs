using Latchkey.Server.Applications.Mapping;

namespace Latchkey.Server.Applications.Pages;

/// <summary>One attribute of the form: <see cref="Source"/> is a source's name, "custom", "constant", "expression", "groups" or "amr".</summary>
internal sealed class AttributeRow
{
    public const string Custom = "custom";
    public const string Constant = "constant";
    public const string Groups = "groups";
    public const string Expression = "expression";
    public const string Methods = "amr";

    public string? Name { get; set; }
    public string? Source { get; set; }

    /// <summary>The custom attribute's name, the constant's value, or the expression.</summary>
    public string? Value { get; set; }

    public string? NameFormat { get; set; }
    public string? FriendlyName { get; set; }

    /// <summary>Which groups are named, see <see cref="GroupSelection"/>.</summary>
    public string? GroupPattern { get; set; }

    /// <summary>The attribute of each group that is sent in place of its name.</summary>
    public string? GroupAttribute { get; set; }

    /// <summary>What joins the groups into one value.</summary>
    public string? Separator { get; set; }

    public bool IsBlank => string.IsNullOrWhiteSpace(Name) && string.IsNullOrEmpty(Value);

    public AttributeMapping ToMapping()
    {
        var (kind, value) = Source switch
        {
            Groups => (AttributeKind.Groups, null),
            Methods => (AttributeKind.AuthnMethods, null),
            Constant => (AttributeKind.Constant, Value ?? ""),
            Expression => (AttributeKind.Expression, Value?.Trim() ?? ""),
            Custom => (AttributeKind.User, AttributeSources.CustomPrefix + Value?.Trim()),
            _ => (AttributeKind.User, Source ?? ""),
        };
        var selection = new GroupSelection(
            Said(GroupPattern),
            Said(Separator),
            Said(GroupAttribute?.Trim())
        );
        return new(
            Name?.Trim() ?? "",
            kind,
            value,
            Said(NameFormat),
            Said(FriendlyName),
            kind == AttributeKind.Groups && selection != new GroupSelection() ? selection : null
        );
    }

    public static AttributeRow From(AttributeMapping mapping)
    {
        var row = new AttributeRow
        {
            Name = mapping.Name,
            NameFormat = mapping.NameFormat,
            FriendlyName = mapping.FriendlyName,
            GroupPattern = mapping.Groups?.Pattern,
            GroupAttribute = mapping.Groups?.Attribute,
            Separator = mapping.Groups?.Separator,
        };
        (row.Source, row.Value) = mapping.Kind switch
        {
            AttributeKind.Groups => (Groups, null),
            AttributeKind.AuthnMethods => (Methods, null),
            AttributeKind.Constant => (Constant, mapping.Value),
            AttributeKind.Expression => (Expression, mapping.Value),
            _ => Split(mapping.Value ?? ""),
        };
        return row;
    }

    /// <summary>A source as it is stored, from what was chosen and what stands beside it.</summary>
    public static string SourceOf(string? chosen, string? custom) =>
        chosen switch
        {
            Custom => AttributeSources.CustomPrefix + custom?.Trim(),
            Expression => AttributePlan.ExpressionPrefix + custom?.Trim(),
            _ => chosen ?? "",
        };

    /// <summary>What to choose for a stored source, and what to write beside it.</summary>
    public static (string Source, string? Custom) Split(string source) =>
        source.StartsWith(AttributeSources.CustomPrefix, StringComparison.Ordinal)
            ? (Custom, source[AttributeSources.CustomPrefix.Length..])
        : AttributePlan.NameIdExpression(source) is { } expression ? (Expression, expression)
        : (source, null);

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
