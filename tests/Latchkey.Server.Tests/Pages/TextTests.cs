using System.Text.RegularExpressions;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail.Templates;

namespace Latchkey.Server.Tests.Pages;

/// <summary>No page can ask for a text that is not there, and no text is left that nobody asks for.</summary>
public sealed partial class TextTests
{
    [Fact]
    public void Every_key_that_is_used_has_a_text()
    {
        var used = SourceText
            .All(FirstArgument())
            .SelectMany(argument => Key().Matches(argument).Select(match => match.Groups[1].Value))
            .ToHashSet(StringComparer.Ordinal);
        used.Count.ShouldBeGreaterThan(300);
        used.Where(key => !SourceText.Texts.ContainsKey(key)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_text_is_used()
    {
        var unused = SourceText.Texts.Keys.Where(key =>
        {
            var name = key.EndsWith(".one", StringComparison.Ordinal) ? key[..^4] : key;
            return name.StartsWith("problem.", StringComparison.Ordinal)
                ? !SourceText.Literals.Contains(name["problem.".Length..])
                : !SourceText.Literals.Contains(name)
                    && !SourceText.Beginnings.Any(b =>
                        name.StartsWith(b, StringComparison.Ordinal)
                    );
        });
        unused.ShouldBeEmpty();
    }

    [Fact]
    public void Every_refusal_has_a_text()
    {
        var codes = SourceText.All(ProblemCode()).ToHashSet(StringComparer.Ordinal);
        codes.Count.ShouldBeGreaterThan(50);
        codes.Where(code => !SourceText.Texts.ContainsKey("problem." + code)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_error_of_a_mail_has_a_sentence()
    {
        var codes = SourceText.All(MailErrorCode()).ToHashSet(StringComparer.Ordinal);
        codes.Count.ShouldBeGreaterThan(15);
        codes.Where(code => !SourceText.Texts.ContainsKey("mail.error." + code)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_type_of_event_has_a_name() =>
        EventNames
            .All.Where(type => !SourceText.Texts.ContainsKey("event." + type))
            .ShouldBeEmpty();

    [Fact]
    public void Each_mail_template_and_each_placeholder_is_named_and_has_a_sample() =>
        MailTemplates
            .All.SelectMany(template =>
                template
                    .Placeholders.SelectMany(name =>
                        name == "site"
                            ? (string[])["mail.placeholder." + name]
                            : ["mail.placeholder." + name, "mail.sample." + name]
                    )
                    .Append("mail.name." + template.Key)
                    .Append("mail.when." + template.Key)
            )
            .Where(key => !SourceText.Texts.ContainsKey(key))
            .ShouldBeEmpty();

    [Fact]
    public void A_singular_has_its_plural() =>
        SourceText
            .Texts.Keys.Where(key => key.EndsWith(".one", StringComparison.Ordinal))
            .Where(key => !SourceText.Texts.ContainsKey(key[..^4]))
            .ShouldBeEmpty();

    [Fact]
    public void The_values_of_a_text_are_numbered_without_a_gap()
    {
        var broken = SourceText
            .Texts.Where(text =>
            {
                var numbers = Placeholder()
                    .Matches(text.Value)
                    .Select(match => match.Groups[1].Value)
                    .Distinct()
                    .Order(StringComparer.Ordinal)
                    .ToList();
                // A singular does not say its number.
                var first = numbers.Count > 0 && numbers[0] != "0" ? 1 : 0;
                return !numbers.SequenceEqual(
                    Enumerable.Range(first, numbers.Count).Select(n => $"{n}")
                );
            })
            .Select(text => text.Key);
        broken.ShouldBeEmpty();
    }

    [Fact]
    public void No_page_holds_words_of_its_own()
    {
        var spoken = SourceText
            .Sources.Where(source => source.Key.EndsWith(".cshtml", StringComparison.Ordinal))
            .SelectMany(source =>
                Words()
                    .Matches(source.Value)
                    .Select(match => $"{Path.GetFileName(source.Key)}: {match.Value.Trim()}")
            );
        spoken.ShouldBeEmpty();
    }

    /// <summary>What stands first in the brackets behind T or texts.</summary>
    [GeneratedRegex(@"(?:\bT|\b[tT]exts)\[([^,\]]*)[,\]]", RegexOptions.None, 5000)]
    private static partial Regex FirstArgument();

    /// <summary>A whole key: one that ends in a dot gets its rest at run time.</summary>
    [GeneratedRegex("(?<!\\$)\"([a-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)+)\"", RegexOptions.None, 5000)]
    private static partial Regex Key();

    [GeneratedRegex("new Problem\\(\\s*\"([a-z0-9-]+)\"", RegexOptions.None, 5000)]
    private static partial Regex ProblemCode();

    [GeneratedRegex("(?:MailError|Require)\\(\\s*\"([a-z-]+)\"", RegexOptions.None, 5000)]
    private static partial Regex MailErrorCode();

    [GeneratedRegex(@"\{(\d+)", RegexOptions.None, 1000)]
    private static partial Regex Placeholder();

    /// <summary>Two letters or more directly behind a tag, up to the next.</summary>
    [GeneratedRegex(
        @"(?<=<(?:p|h[1-6]|li|td|th|span|a|button|label|legend|summary|dt|dd)[^<>@]*>)[^<>@{}]*[A-Za-z]{2}[^<>@{}]*(?=<)",
        RegexOptions.None,
        5000
    )]
    private static partial Regex Words();
}
