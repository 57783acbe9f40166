using System.Globalization;
using System.Text.RegularExpressions;

namespace Latchkey.Web.Texts;

/// <summary>Languages by their tags (BCP 47), such as <c>de</c>.</summary>
public static partial class LanguageTags
{
    /// <summary>More parts than any language here has; a tag made to be slow has no more of them looked at.</summary>
    private const int MostParts = 4;

    /// <summary>The language of everything that is kept or read by programs, and of whoever asks for one that is not there.</summary>
    public static CultureInfo English { get; } = CultureInfo.GetCultureInfo("en");

    /// <summary>Whether a text has the form of a tag, whatever language it may name.</summary>
    public static bool IsTag(string text) => Tag().IsMatch(text);

    /// <summary>The language of a tag among those there are: <c>de-AT</c> is content with <c>de</c> (RFC 4647 §3.4). Null where there is none, or no tag.</summary>
    public static CultureInfo? Find(this ITexts texts, string? tag)
    {
        ArgumentNullException.ThrowIfNull(texts);
        for (var left = MostParts; left > 0 && !string.IsNullOrEmpty(tag); left--)
        {
            if (
                texts.Languages.FirstOrDefault(language =>
                    string.Equals(language.Name, tag, StringComparison.OrdinalIgnoreCase)
                ) is
                { } found
            )
            {
                return found;
            }
            tag = tag[..Math.Max(0, tag.LastIndexOf('-'))];
        }
        return null;
    }

    /// <summary>A language's name in itself.</summary>
    public static string NameOf(this ITexts texts, CultureInfo language)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return texts.In(language)["language.name"];
    }

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tag();
}
