using System.Globalization;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.Directory.Import;

/// <summary>One row of the file, read by its columns but not yet judged.</summary>
/// <param name="Number">Counted from 1, without the header; a row may have several lines.</param>
/// <param name="Line">At which it begins, from 1.</param>
/// <param name="Columns">What its cells mean.</param>
/// <param name="Cells">As they stand in the file.</param>
internal sealed record ImportRow(
    int Number,
    int Line,
    IReadOnlyList<ImportColumn> Columns,
    string[] Cells
)
{
    public const string AsksFactor = "enable_user_portal_multifactor";
    public const string EnrolmentDays = "enrollment_days";

    public string Username => Text("username") ?? "";
    public string? Password => Text("password");

    /// <summary>Another system's hash.</summary>
    public string? PasswordHash => Text("password_hash");
    public string? Manager => Text("manager");

    public IEnumerable<(ImportColumn Column, string Name)> Groups =>
        Filled("group").Select(c => (c.Column, c.Text));

    /// <summary>The user as the row makes it: what it has no column for stays.</summary>
    /// <param name="start">The user there is, or a new one's beginning.</param>
    /// <param name="problems">Takes what cannot be read.</param>
    public UserInput Over(UserInput start, List<Problem> problems)
    {
        // A copy: facts are set in place.
        var input = start with
        { };
        foreach (var column in Columns)
        {
            if (ImportColumns.Facts.TryGetValue(column.Field, out var set))
            {
                set(input, Text(column));
            }
        }
        return input with
        {
            State = State(start, problems),
            Attributes = Attributes(start),
            Addresses = RowContacts.Addresses(this, start.Addresses),
            PhoneNumbers = RowContacts.Phones(this, start.PhoneNumbers),
        };
    }

    /// <summary>What the row says about a second factor.</summary>
    /// <param name="problems">Takes what cannot be read.</param>
    public FactorWish Factor(List<Problem> problems)
    {
        bool? asked = null;
        if (Text(AsksFactor) is { } flag)
        {
            if (bool.TryParse(flag, out var said))
            {
                asked = said;
            }
            else
            {
                problems.Add(new Problem("import-flag-unknown", AsksFactor, flag));
            }
        }
        int? days = null;
        if (Text(EnrolmentDays) is { } text)
        {
            if (
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is >= 1 and <= FactorRules.LongestEnrolment
            )
            {
                days = number;
            }
            else
            {
                problems.Add(
                    new Problem(
                        "enrolment-days-out-of-range",
                        EnrolmentDays,
                        FactorRules.LongestEnrolment
                    )
                );
            }
        }
        if (days is not null && Text(AsksFactor) is null)
        {
            problems.Add(new Problem("enrolment-days-alone", EnrolmentDays, AsksFactor));
        }
        return new FactorWish(asked, days);
    }

    /// <summary>What shows that the row does not say what its author meant: its values may be garbled, or stand below the wrong column.</summary>
    public IEnumerable<Problem> Damage()
    {
        if (Cells.Length > Columns.Count)
        {
            yield return new Problem("import-too-many-cells", "", Columns.Count);
        }
        if (Array.Exists(Cells, cell => cell.Contains('\uFFFD', StringComparison.Ordinal)))
        {
            yield return new Problem("import-not-utf8", "");
        }
    }

    /// <summary>The column at which a problem of the user is to be seen.</summary>
    public string ColumnOf(Problem problem)
    {
        var where = problem.Where.Split('[', '.')[0];
        return where switch
        {
            "attributes" => HeaderOf("attribute_value"),
            "addresses" => FirstOf(RowContacts.Address),
            "phone_numbers" => FirstOf(RowContacts.Phone),
            _ => HeaderOf(where),
        };

        string FirstOf(string prefix) =>
            Columns
                .FirstOrDefault(c => c.Field.StartsWith(prefix, StringComparison.Ordinal))
                ?.Header
            ?? "";
    }

    public string HeaderOf(string field) =>
        Columns.FirstOrDefault(c => c.Field == field)?.Header ?? "";

    private UserState State(UserInput start, List<Problem> problems)
    {
        switch (Text("state")?.ToLowerInvariant())
        {
            case null:
                return start.State;
            case "activated":
                return UserState.Activated;
            case "staged":
                return UserState.Staged;
            case "suspended":
                return UserState.Suspended;
            case var other:
                problems.Add(new Problem("import-state-unknown", "state", other));
                return start.State;
        }
    }

    /// <summary>The attributes there are, with those the row names in their place; one without a value goes.</summary>
    private IReadOnlyList<CustomAttribute> Attributes(UserInput start)
    {
        var names = Filled("attribute_name").ToDictionary(c => c.Column.Number, c => c.Text);
        if (names.Count == 0)
        {
            return start.Attributes;
        }
        var said = Columns
            .Where(c => c.Field == "attribute_value" && names.ContainsKey(c.Number))
            .Select(c => (Name: names[c.Number], Value: Text(c)))
            .Where(a => a.Value is not null)
            .Select(a => new CustomAttribute(a.Name, a.Value!));
        return [.. start.Attributes.Where(a => !names.ContainsValue(a.Name)), .. said];
    }

    private IEnumerable<(ImportColumn Column, string Text)> Filled(string field) =>
        from column in Columns
        where column.Field == field
        let text = Text(column)
        where text is not null
        select (column, text);

    /// <summary>What stands below the column of that field; null for nothing.</summary>
    public string? Text(string field) =>
        Columns.FirstOrDefault(c => c.Field == field) is { } column ? Text(column) : null;

    /// <summary>What stands below that column; null for nothing.</summary>
    public string? Text(ImportColumn column)
    {
        var index = ((List<ImportColumn>)Columns).IndexOf(column);
        var text = index < Cells.Length ? Cells[index].Trim() : "";
        text = CsvFormula.Bare(text);
        return text.Length == 0 ? null : text;
    }
}

/// <summary>What a row of the file says about a second factor (J-75, J-102).</summary>
/// <param name="Asked">Whether one is asked of the user; null where the row does not say.</param>
/// <param name="Days">In how many days it has to be set up, counted from now; null for those of the rules, counted from the first sign-in.</param>
internal sealed record FactorWish(bool? Asked, int? Days);
