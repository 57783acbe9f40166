using Latchkey.Server.Applications;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Reads the two lists of attributes that an application has.</summary>
internal static class AttributeReader
{
    /// <summary>Both lists; null for one that is not said.</summary>
    public static (
        IReadOnlyList<AttributeMapping>? Mapped,
        IReadOnlyList<AttributeMapping>? Constant
    ) Read(Section section) =>
        (
            section.Sections("attributes", "attribute")?.Select(Mapped).ToList(),
            section.Sections("constant_attributes", "constant attribute")?.Select(Constant).ToList()
        );

    /// <summary>A URI or the word for it.</summary>
    public static string? Uri(Section? section, string key, UriWords words)
    {
        if (section?.Text(key) is not { Length: > 0 } text)
        {
            return null;
        }
        if (words.TryParse(text, out var uri))
        {
            return uri;
        }
        section.Add(key, "declaration-not-word", key, text, string.Join(", ", words.All));
        return null;
    }

    private static AttributeMapping Constant(Section row)
    {
        var attribute = Named(row) with
        {
            Kind = AttributeKind.Constant,
            Value = row.Required("value"),
        };
        row.End();
        return attribute;
    }

    private static AttributeMapping Mapped(Section row)
    {
        var attribute = Sourced(row, Named(row));
        row.End();
        return attribute;
    }

    private static AttributeMapping Sourced(Section row, AttributeMapping named)
    {
        if (row.Text("expression") is { Length: > 0 } expression)
        {
            return named with { Kind = AttributeKind.Expression, Value = expression };
        }
        var source = row.Required("source");
        var selection = new GroupSelection(
            Said(row.Text("group_pattern")),
            Said(row.Text("separator")),
            Said(row.Text("group_attribute"))
        );
        return source switch
        {
            "groups" => named with
            {
                Kind = AttributeKind.Groups,
                Groups = selection == new GroupSelection() ? null : selection,
            },
            "amr" => named with { Kind = AttributeKind.AuthnMethods },
            _ => named with { Kind = AttributeKind.User, Value = source },
        };
    }

    private static AttributeMapping Named(Section row) =>
        new(
            row.Required("name"),
            AttributeKind.User,
            null,
            Uri(row, "name_format", ApplicationWords.AttributeNameFormats),
            Said(row.Text("friendly_name"))
        );

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
