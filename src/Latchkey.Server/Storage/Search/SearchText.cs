using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Latchkey.Server.Storage.Search;

/// <summary>A row that people find by part of a name.</summary>
internal interface ISearched
{
    Guid Id { get; }

    /// <summary>Everything it is found by, see <see cref="SearchText"/>.</summary>
    string SearchText { get; }
}

/// <summary>
/// What rows are searched in, and how it is asked for. Both sides are folded here, so that capital letters beyond ASCII mean the same
/// on both engines, neither of which folds them by itself.
/// </summary>
internal static class SearchText
{
    private const int MostWords = 6;

    /// <summary>A row's fields in one text. Words hold no line break, so none is found across two fields.</summary>
    public static string Of(params ReadOnlySpan<string?> fields) => Fold(string.Join('\n', fields));

    /// <summary>The words that must all stand somewhere in a row, as they stand there; none when nothing is searched for.</summary>
    public static IReadOnlyList<string> Words(string? search) =>
        [
            // No text holds the sign that PostgreSQL refuses to look for.
            .. Fold((search ?? "").Replace('\0', '\uFFFD'))
                .Split(
                    (char[]?)null,
                    StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                )
                .Distinct(StringComparer.Ordinal)
                .Take(MostWords),
        ];

    /// <summary>How many letters it has, as the indices count them.</summary>
    public static int Letters(string word) => word.EnumerateRunes().Count();

    /// <summary>A column that is computed from the others whenever the row is looked at, and so is saved together with them.</summary>
    public static void IsFollowing(this PropertyBuilder<string> property) =>
        property.UsePropertyAccessMode(PropertyAccessMode.Property);

    // Up and down: letters that share a capital are one letter, whichever of them was typed.
    private static string Fold(string text) => text.ToUpperInvariant().ToLowerInvariant();
}
