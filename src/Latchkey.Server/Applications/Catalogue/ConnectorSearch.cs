using System.Globalization;
using System.Text;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>A connector that was found, and why.</summary>
/// <param name="Connector">What was found.</param>
/// <param name="Alias">The other name that matched; null when its own name or its category did.</param>
/// <param name="Category">The category that matched, where nothing else did.</param>
internal sealed record ConnectorMatch(
    Connector Connector,
    ConnectorAlias? Alias = null,
    string? Category = null
);

/// <summary>
/// Finds connectors by their names, their other names and their categories, best first: a name that begins with what
/// was typed before one that holds it, the own name before another one, and those before the category.
/// </summary>
internal static class ConnectorSearch
{
    private const int No = int.MaxValue;

    /// <param name="connectors">Where to look.</param>
    /// <param name="text">What was typed; nothing finds everything.</param>
    /// <param name="category">Only of this one; null for all.</param>
    public static IReadOnlyList<ConnectorMatch> Find(
        IEnumerable<Connector> connectors,
        string? text,
        string? category = null
    )
    {
        var typed = Fold(text ?? "");
        return
        [
            .. connectors
                .Where(c => category is null || c.Categories.Contains(category))
                .Select(c => Best(c, typed))
                .Where(found => found.Rank != No)
                .OrderBy(found => found.Rank)
                .ThenBy(found => found.Match.Connector.Name, StringComparer.OrdinalIgnoreCase)
                .Select(found => found.Match),
        ];
    }

    private static (int Rank, ConnectorMatch Match) Best(Connector connector, string typed)
    {
        var best = (Rank: Rank(connector.Name, typed), Match: new ConnectorMatch(connector));
        foreach (var alias in connector.Aliases)
        {
            var rank = Rank(alias.Name, typed);
            // One behind the same match of an own name.
            if (rank != No && rank + 1 < best.Rank)
            {
                best = (rank + 1, new ConnectorMatch(connector, alias));
            }
        }
        var category = connector.Categories.FirstOrDefault(c => Rank(c, typed) != No);
        return best.Rank == No && category is not null
            ? (100, new ConnectorMatch(connector, Category: category))
            : best;
    }

    private static int Rank(string name, string typed)
    {
        var folded = Fold(name);
        if (folded == typed || typed.Length == 0)
        {
            return 0;
        }
        if (folded.StartsWith(typed, StringComparison.Ordinal))
        {
            return 2;
        }
        if (folded.Contains(' ' + typed, StringComparison.Ordinal))
        {
            return 4;
        }
        if (typed.Length >= 3 && Squeeze(folded).Contains(Squeeze(typed), StringComparison.Ordinal))
        {
            return 6;
        }
        // Every word somewhere: "sandbox salesforce".
        return
            typed.Contains(' ', StringComparison.Ordinal)
            && typed.Split(' ').All(word => folded.Contains(word, StringComparison.Ordinal))
            ? 8
            : No;
    }

    private static string Squeeze(string folded) =>
        folded.Replace(" ", "", StringComparison.Ordinal);

    /// <summary>Lower case, without accents, single spaces in place of everything that is no letter or digit.</summary>
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(c))
            {
                folded.Append(char.ToLowerInvariant(c));
            }
            else if (
                CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark
                && folded.Length > 0
                && folded[^1] != ' '
            )
            {
                folded.Append(' ');
            }
        }
        return folded.ToString().TrimEnd();
    }
}
