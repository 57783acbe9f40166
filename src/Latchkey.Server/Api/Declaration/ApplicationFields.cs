using System.Globalization;
using Latchkey.Server.Applications;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Where a problem of an application stands in the file or the call: the rules know one list of attributes, the file has two, and a few fields stand in groups.</summary>
internal static class ApplicationFields
{
    public static Problem Place(Problem problem, ApplicationInput said) =>
        problem with
        {
            Where = problem.Where switch
            {
                "encrypt_assertions" => "encryption.assertions",
                "content_encryption" => "encryption.content",
                "key_encryption" => "encryption.key",
                var where when where.StartsWith("attributes[", StringComparison.Ordinal) =>
                    Attribute(where, said.Attributes ?? []),
                var where => where,
            },
        };

    private static string Attribute(string where, IReadOnlyList<AttributeMapping> rows)
    {
        var end = where.IndexOf(']', StringComparison.Ordinal);
        if (
            !int.TryParse(
                where["attributes[".Length..end],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var index
            )
            || index >= rows.Count
        )
        {
            return where;
        }
        var row = rows[index];
        var (isConstant, rest) = (row.Kind == AttributeKind.Constant, where[(end + 1)..]);
        var place = rows.Take(index).Count(r => r.Kind == AttributeKind.Constant == isConstant);
        var list = isConstant ? "constant_attributes" : "attributes";
        var field =
            rest != ".value" || isConstant ? rest
            : row.Kind == AttributeKind.Expression ? ".expression"
            : ".source";
        return $"{list}[{place}]{field}";
    }
}
