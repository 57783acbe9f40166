using System.Text.RegularExpressions;
using Latchkey.Server.Insights;
using Latchkey.Testing;

namespace Latchkey.Server.Tests.Insights;

/// <summary>The reference of events says what there is, no more and no less.</summary>
public sealed partial class EventDocumentTests
{
    private static readonly string s_page = File.ReadAllText(
        Path.Combine(Repository.Root, "docs", "reference", "events.md")
    );

    [Fact]
    public void Every_type_has_a_row()
    {
        var rows = Row()
            .Matches(s_page)
            .SelectMany(row => Code().Matches(row.Value).Select(code => code.Groups[1].Value))
            .Where(code => code is not "Type")
            .Order(StringComparer.Ordinal);
        rows.ShouldBe(EventNames.All.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_field_of_a_file_is_named() =>
        s_page.ShouldContain(string.Join(", ", EventExport.Fields.Select(f => $"`{f}`")));

    [Fact]
    public void How_long_they_are_kept_is_named() =>
        s_page.ShouldContain($"{RetentionDays.Default} days");

    /// <summary>The first cell of a row of the table of types.</summary>
    [GeneratedRegex(@"^\| `[^|]+\|", RegexOptions.Multiline, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`([a-z_]+)`", RegexOptions.None, 1000)]
    private static partial Regex Code();
}
