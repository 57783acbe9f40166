using System.Globalization;
using System.Text;

namespace Latchkey.Server.Applications;

/// <summary>The last part of an application's address: lower-case letters, digits and single hyphens, 1 to 63 characters (J-04).</summary>
internal static class ApplicationSlug
{
    public const int MaxLength = 63;

    public static bool IsValid(string slug) =>
        slug.Length is > 0 and <= MaxLength
        && slug.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')
        && slug[0] != '-'
        && slug[^1] != '-'
        && !slug.Contains("--", StringComparison.Ordinal);

    /// <summary>A slug that reads like the label; "app" when nothing of it can be kept.</summary>
    public static string From(string? label)
    {
        var slug = new StringBuilder();
        foreach (var c in (label ?? "").Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (
                CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark
                && slug.Length > 0
                && slug[^1] != '-'
            )
            {
                slug.Append('-');
            }
            if (slug.Length == MaxLength - 4)
            {
                // Leaves room for a number that makes it unique.
                break;
            }
        }
        var text = slug.ToString().Trim('-');
        return text.Length == 0 ? "app" : text;
    }

    /// <summary>The slug itself if it is free, else with the first free number behind it.</summary>
    public static string Free(string wanted, IReadOnlySet<string> taken)
    {
        var slug = wanted;
        for (var number = 2; taken.Contains(slug); number++)
        {
            slug = string.Create(CultureInfo.InvariantCulture, $"{wanted}-{number}");
        }
        return slug;
    }
}
