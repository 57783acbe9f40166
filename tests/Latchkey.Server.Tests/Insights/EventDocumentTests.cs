using System.Reflection;
using System.Text.RegularExpressions;
using Latchkey.Server.Insights;
using Latchkey.Server.Tests.Pages;
using Latchkey.Testing;

namespace Latchkey.Server.Tests.Insights;

/// <summary>The reference of events says what there is, no more and no less.</summary>
public sealed partial class EventDocumentTests
{
    private static readonly string s_page = File.ReadAllText(
        Path.Combine(Repository.Root, "docs", "reference", "events.md")
    );

    /// <summary>Sources that look for events and write none.</summary>
    private static readonly string[] s_readers =
    [
        "Activity.cshtml.cs",
        "Overview.cshtml.cs",
        "PortalTiles.cs",
        "SignInEvents.cs",
        "TriedSignIns.cs",
    ];

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

    /// <summary>Scripts and dashboards that know the field's names find what they look for.</summary>
    [Fact]
    [Trait("Rule", "J-118")]
    [Trait("Rule", "J-119")]
    [Trait("Rule", "J-120")]
    public void What_others_have_too_has_the_name_that_it_has_there()
    {
        string[] known =
        [
            "application_create",
            "application_update",
            "application_delete",
            "association_change",
            "group_create",
            "group_update",
            "group_delete",
            "user_create",
            "user_update",
            "user_delete",
            "user_login_attempt",
            "user_lockout",
            "user_unlocked",
            "user_activated",
            "user_activation_email",
            "user_suspended",
            "user_unsuspended",
            "user_password_change",
            "user_password_set",
            "user_password_expired",
            "user_password_reset_request",
            "user_password_warning_email",
            "user_admin_granted",
            "user_admin_revoked",
            "user_mfa_exclusion_expired",
            "totp_start_enrollment",
            "totp_finish_enrollment",
            "totp_delete_enrollment",
            "admin_login_attempt",
            "organization_update",
        ];
        known.Except(EventNames.All, StringComparer.Ordinal).ShouldBeEmpty();
    }

    /// <summary>A name that nothing writes is a promise nobody keeps.</summary>
    [Fact]
    [Trait("Rule", "J-119")]
    public void Every_type_is_written_by_something()
    {
        var written = SourceText
            .Sources.Where(source => !s_readers.Contains(Path.GetFileName(source.Key)))
            .SelectMany(source => Named().Matches(source.Value).Select(m => m.Groups[1].Value))
            .ToHashSet(StringComparer.Ordinal);
        typeof(EventTypes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.Name)
            .Except(written, StringComparer.Ordinal)
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_type_has_a_name_for_lists_and_filters() =>
        EventNames
            .All.Where(type => !SourceText.Texts.ContainsKey("event." + type))
            .ShouldBeEmpty();

    [Fact]
    public void Every_field_of_a_file_is_named() =>
        s_page.ShouldContain(string.Join(", ", EventExport.Fields.Select(f => $"`{f}`")));

    [Fact]
    public void How_long_they_are_kept_is_named() =>
        s_page.ShouldContain($"{RetentionDays.Default} days");

    /// <summary>The first cell of a row of the table of types.</summary>
    [GeneratedRegex(@"^\| `[^|]+\|", RegexOptions.Multiline, 1000)]
    private static partial Regex Row();

    [GeneratedRegex(@"\bEventTypes\.([A-Za-z]+)", RegexOptions.None, 5000)]
    private static partial Regex Named();

    [GeneratedRegex("`([a-z_]+)`", RegexOptions.None, 1000)]
    private static partial Regex Code();
}
