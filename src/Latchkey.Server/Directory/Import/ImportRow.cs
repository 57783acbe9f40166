using System.Globalization;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.Directory.Import;

/// <summary>One row of the file, read by its columns but not yet judged.</summary>
internal sealed record ImportRow(int Line, IReadOnlyList<ImportColumn> Columns, string[] Cells)
{
    /// <summary>Characters with which a spreadsheet begins a formula. The export puts an apostrophe before them, which is taken off here.</summary>
    private const string Formula = "=+-@\t";

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
        return input with { State = State(start, problems), Attributes = Attributes(start) };
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
        return new FactorWish(asked, days);
    }

    /// <summary>The column at which a problem of the user is to be seen.</summary>
    public string ColumnOf(Problem problem)
    {
        var where = problem.Where.Split('[', '.')[0];
        if (where == "attributes")
        {
            return Columns.FirstOrDefault(c => c.Field == "attribute_value")?.Header ?? "";
        }
        return Columns.FirstOrDefault(c => c.Field == where)?.Header ?? "";
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

    private string? Text(string field) =>
        Columns.FirstOrDefault(c => c.Field == field) is { } column ? Text(column) : null;

    private string? Text(ImportColumn column)
    {
        var index = ((List<ImportColumn>)Columns).IndexOf(column);
        var text = index < Cells.Length ? Cells[index].Trim() : "";
        if (
            text.Length > 1
            && text[0] == '\''
            && Formula.Contains(text[1], StringComparison.Ordinal)
        )
        {
            text = text[1..];
        }
        return text.Length == 0 ? null : text;
    }
}

/// <summary>What a row of the file says about a second factor (J-75, J-102).</summary>
/// <param name="Asked">Whether one is asked of the user; null where the row does not say.</param>
/// <param name="Days">In how many days it has to be set up, counted from now; null for those of the rules, counted from the first sign-in.</param>
internal sealed record FactorWish(bool? Asked, int? Days);
