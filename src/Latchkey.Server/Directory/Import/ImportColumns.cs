using System.Globalization;
using System.Text.RegularExpressions;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Directory.Import;

/// <summary>What a column means.</summary>
/// <param name="Header">Its name as the file has it.</param>
/// <param name="Field">The API's name of the field, or <c>group</c>, <c>attribute_name</c>, <c>address_street</c> and so on.</param>
/// <param name="Number">Which group, attribute, address or phone number.</param>
/// <param name="Kind">Of an address or phone number, where the column's name says it.</param>
internal sealed record ImportColumn(
    string Header,
    string Field,
    int Number = 0,
    string? Kind = null
);

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

    /// <summary>The parts of an address, by the ends of the columns' names.</summary>
    private static readonly Dictionary<string, string> s_addressParts = new(StringComparer.Ordinal)
    {
        ["streetaddress"] = "street",
        ["locality"] = "locality",
        ["region"] = "region",
        ["postalcode"] = "postal_code",
        ["country"] = "country",
    };

    /// <summary>The columns in whose names JumpCloud's files say the kind of an address or phone number.</summary>
    private static readonly Dictionary<string, (string Field, string Kind)> s_kinds = new[]
    {
        "home",
        "work",
    }
        .SelectMany(kind =>
            s_addressParts.Select(part =>
                (Name: Plain(kind) + Plain(part.Key), Field: RowContacts.Address + part.Value, kind)
            )
        )
        .Concat(
            new[] { "mobile", "home", "work", "work_mobile", "work_fax" }.Select(kind =>
                (Name: Plain(kind) + "number", Field: RowContacts.Phone + "number", kind)
            )
        )
        .ToDictionary(c => c.Name, c => (c.Field, c.kind), StringComparer.Ordinal);

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
            if (columns.Exists(c => c with { Header = "" } == column with { Header = "" }))
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
        if (s_kinds.TryGetValue(plain, out var known))
        {
            return new ImportColumn(header, known.Field, Kind: known.Kind);
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
            ("address" or "phone", "kind") => Part("kind"),
            ("phone", "number") => Part("number"),
            ("address", var part) when s_addressParts.TryGetValue(part, out var name) => Part(name),
            _ => null,
        };

        ImportColumn Part(string name) =>
            new(header, $"{match.Groups["kind"].Value}_{name}", number);
    }

    private static string Plain(string name) =>
        new([.. name.Where(c => c is not (' ' or '_' or '-')).Select(char.ToLowerInvariant)]);

    [GeneratedRegex(
        "^(?<kind>group|attribute|address|phone)(?<number>[0-9]{1,3})(?<part>[a-z]*)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Numbered();
}
