using System.Text.RegularExpressions;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>
/// The little markup of a connector's texts: <c>**bold**</c>, <c>`code`</c>, and <c>[[text-key]]</c> for the words of
/// our own pages, so that a renamed button cannot make a guide wrong. Everything else is text.
/// </summary>
internal static partial class GuideMarkup
{
    public static IHtmlContent Html(string text, ITexts texts)
    {
        var html = new HtmlContentBuilder();
        var end = 0;
        foreach (var match in Mark().Matches(text).Cast<Match>())
        {
            html.Append(text[end..match.Index]);
            end = match.Index + match.Length;
            if (match.Groups["key"] is { Success: true } key)
            {
                html.AppendHtml(Element("strong", texts[key.Value]));
            }
            else if (match.Groups["bold"] is { Success: true } bold)
            {
                html.AppendHtml(Element("strong", bold.Value));
            }
            else
            {
                html.AppendHtml(Element("code", match.Groups["code"].Value));
            }
        }
        return html.Append(text[end..]);
    }

    /// <summary>The text keys that a text names.</summary>
    public static IEnumerable<string> Keys(string text) =>
        Mark()
            .Matches(text)
            .Select(match => match.Groups["key"])
            .Where(key => key.Success)
            .Select(key => key.Value);

    private static TagBuilder Element(string name, string text)
    {
        var element = new TagBuilder(name);
        element.InnerHtml.Append(text);
        return element;
    }

    [GeneratedRegex(
        @"\*\*(?<bold>[^*]+)\*\*|`(?<code>[^`]+)`|\[\[(?<key>[a-z0-9.-]+)\]\]",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Mark();
}
