using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Latchkey.Server.Tests.Languages;

namespace Latchkey.Server.Tests.Pages;

/// <summary>What holds for every page that links lead to.</summary>
public sealed partial class EveryPageTests(WalkedPages pages) : IClassFixture<WalkedPages>
{
    [Fact]
    public void Is_of_many_kinds() => pages.All.Count.ShouldBeGreaterThan(15);

    [Fact]
    public void Every_form_that_changes_something_carries_its_token()
    {
        var forms = pages.All.SelectMany(Posting).ToList();
        forms.Count.ShouldBeGreaterThan(20);
        forms
            .Where(form => form.QuerySelector("input[name=__token]") is null)
            .Select(form => $"{form.Owner!.Url}: {form.GetAttribute("action")}")
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_control_has_a_name_that_is_read_out() =>
        Found(page =>
                page.QuerySelectorAll("input:not([type=hidden]), select, textarea:not([hidden])")
                    .Where(control =>
                        !control.HasAttribute("aria-label")
                        && !control.HasAttribute("aria-labelledby")
                        && (
                            control.Id is not { Length: > 0 } id
                            || page.QuerySelector($"label[for='{id}']") is null
                        )
                    )
                    .Select(control => control.OuterHtml)
            )
            .ShouldBeEmpty();

    [Fact]
    public void No_two_things_of_a_page_have_one_id() =>
        Found(page =>
                page.QuerySelectorAll("[id]")
                    .GroupBy(e => e.Id!, StringComparer.Ordinal)
                    .Where(same => same.Count() > 1)
                    .Select(same => same.Key)
            )
            .ShouldBeEmpty();

    [Fact]
    public void No_page_holds_a_script_or_a_style_of_its_own() =>
        Found(page =>
                page.QuerySelectorAll("script:not([src]), style, [style]")
                    .Concat(
                        page.All.Where(e =>
                            e.Attributes.Any(a => a.Name.StartsWith("on", StringComparison.Ordinal))
                        )
                    )
                    .Select(e => e.OuterHtml)
            )
            .ShouldBeEmpty();

    /// <summary>The pages are in a language that nobody speaks: no word was written where no translation reaches it.</summary>
    [Fact]
    public void Every_word_of_every_page_is_a_text_or_data() =>
        Found(page =>
                Said(page)
                    .Select(said => Data().Replace(PseudoTexts.Outside(said), "").Trim())
                    .Where(left => left.Any(char.IsLetter))
            )
            .ShouldBeEmpty();

    private List<string> Found(Func<IHtmlDocument, IEnumerable<string>> wrong) =>
        [.. pages.All.SelectMany(page => wrong(page).Select(what => $"{page.Url}: {what}"))];

    private static IEnumerable<IHtmlFormElement> Posting(IHtmlDocument page) =>
        page.Forms.Where(form =>
            string.Equals(form.Method, "post", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>What is read or read out, but for what is marked as data: code, moments, what was typed, the user's name, what a connector or an event holds.</summary>
    private static IEnumerable<string> Said(IHtmlDocument page)
    {
        string[] spoken =
        [
            "aria-label",
            "placeholder",
            "title",
            "alt",
            "data-lk-done",
            "data-lk-failed",
            "data-label",
        ];
        foreach (
            var element in page.All.Where(e =>
                e.Closest(
                    "code, pre, time, textarea, script, [translate=no], [aria-hidden=true], .lk-mono, .lk-mono-field, .lk-lines, .lk-user-name, .lk-mail"
                )
                    is null
            )
        )
        {
            foreach (var said in spoken.Select(element.GetAttribute).OfType<string>())
            {
                yield return said;
            }
            // A part of the API is called what its address says, which is its id too.
            var id = element.Closest("[id]")?.Id;
            foreach (
                var text in element
                    .ChildNodes.OfType<IText>()
                    .Where(text => id is null || text.Data.Trim() != id)
            )
            {
                yield return text.Data;
            }
        }
    }

    /// <summary>What the tests put there, names of algorithms and scopes, and the beginnings of addresses.</summary>
    [GeneratedRegex(
        @"\bada\d+(@example\.test)?|\b(Application|Group) \d+|https?://\S*|urn:\S*|\b(RSA|RSA-PSS|ECDSA|rsa)-(SHA|sha)\d+|\b[a-z]+:(read|write)\b|\bDefault\b|#[0-9a-f]{6}",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Data();
}
