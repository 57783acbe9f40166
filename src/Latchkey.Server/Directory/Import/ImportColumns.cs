using System.Globalization;
using System.Text.RegularExpressions;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Directory.Import;

/// <summary>What a column means.</summary>
/// <param name="Header">Its name as the file has it.</param>
/// <param name="Field">The API's name of the field, or <c>group</c>, <c>attribute_name</c>, <c>attribute_value</c>.</param>
/// <param name="Number">Which group or attribute.</param>
internal sealed record ImportColumn(string Header, string Field, int Number = 0);

/// <summary>The columns of a file of users (J-102): capitals, spaces, hyphens and underscores in their names make no difference.</summary>
internal static partial class ImportColumns
{
    public const int Most = 300;

    /// <summary>The fields that are one text each, and how they get into a user.</summary>
    public static IReadOnlyDictionary<string, Action<UserInput, string?>> Facts { get; } =
        new Dictionary<string, Action<UserInput, string?>>(StringComparer.Ordinal)
        {
            ["username"] = (user, text) => user.Username = text ?? "",
            ["email"] = (user, text) => user.Email = text ?? "",
            ["alternate_email"] = (user, text) => user.AlternateEmail = text,
            ["recovery_email"] = (user, text) => user.RecoveryEmail = text,
            ["firstname"] = (user, text) => user.FirstName = text,
            ["middlename"] = (user, text) => user.MiddleName = text,
            ["lastname"] = (user, text) => user.LastName = text,
            ["displayname"] = (user, text) => user.DisplayName = text,
            ["description"] = (user, text) => user.Description = text,
            ["company"] = (user, text) => user.Company = text,
            ["cost_center"] = (user, text) => user.CostCenter = text,
            ["department"] = (user, text) => user.Department = text,
            ["employee_identifier"] = (user, text) => user.EmployeeIdentifier = text,
            ["employee_type"] = (user, text) => user.EmployeeType = text,
            ["job_title"] = (user, text) => user.JobTitle = text,
            ["location"] = (user, text) => user.Location = text,
            ["language"] = (user, text) => user.Language = text,
        };

    private static readonly Dictionary<string, string> s_fields = Facts
        .Keys.Append("password")
        .Append("password_hash")
        .Append("manager")
        .Append("state")
        .Append(ImportRow.AsksFactor)
        .Append(ImportRow.EnrolmentDays)
        .ToDictionary(Plain, name => name, StringComparer.Ordinal);

    /// <summary>What the header says, or what is wrong with it.</summary>
    public static IReadOnlyList<ImportColumn> Read(
        IReadOnlyList<string> header,
        List<(string Column, Problem Problem)> problems
    )
    {
        if (header.Count > Most)
        {
            problems.Add(("", new Problem("import-too-many-columns", "", Most)));
            return [];
        }
        var columns = new List<ImportColumn>();
        foreach (var name in header)
        {
            if (Find(name.Trim()) is not { } column)
            {
                problems.Add((name, new Problem("import-column-unknown", "", name)));
                continue;
            }
            if (columns.Exists(c => c.Field == column.Field && c.Number == column.Number))
            {
                problems.Add((name, new Problem("import-column-twice", "", name)));
            }
            columns.Add(column);
        }
        foreach (var needed in new[] { "username", "email" })
        {
            if (!columns.Exists(c => c.Field == needed))
            {
                problems.Add(("", new Problem("import-column-missing", "", needed)));
            }
        }
        return columns;
    }

    private static ImportColumn? Find(string header)
    {
        var plain = Plain(header);
        if (s_fields.TryGetValue(plain, out var field))
        {
            return new ImportColumn(header, field);
        }
        var match = Numbered().Match(plain);
        if (!match.Success)
        {
            return null;
        }
        var number = int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        return (match.Groups["kind"].Value, match.Groups["part"].Value) switch
        {
            ("group", "") => new ImportColumn(header, "group", number),
            ("attribute", "name") => new ImportColumn(header, "attribute_name", number),
            ("attribute", "value") => new ImportColumn(header, "attribute_value", number),
            _ => null,
        };
    }

    private static string Plain(string name) =>
        new([.. name.Where(c => c is not (' ' or '_' or '-')).Select(char.ToLowerInvariant)]);

    [GeneratedRegex(
        "^(?<kind>group|attribute)(?<number>[0-9]{1,3})(?<part>name|value)?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Numbered();
}
