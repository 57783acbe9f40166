using System.Globalization;
using System.Text.RegularExpressions;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Directory.Pages;

/// <summary>A user as a form holds it: text everywhere, and rows that may be empty.</summary>
public sealed partial record UserForm : UserProfile
{
    public UserForm() { }

    private UserForm(UserProfile profile)
        : base(profile) { }

    /// <summary>The manager's user name.</summary>
    public string? Manager { get; set; }

    public IList<AddressRow> Addresses { get; set; } = [];
    public IList<PhoneRow> PhoneNumbers { get; set; } = [];

    /// <summary>Attributes that nobody defined.</summary>
    public IList<AttributeRow> Attributes { get; set; } = [];

    /// <summary>One row for each attribute that the organisation defined.</summary>
    public IList<DefinedRow> Defined { get; set; } = [];

    public string State { get; set; } = "activated";

    /// <summary>For a new user: <c>mail</c>, <c>generate</c>, <c>type</c> or <c>none</c>.</summary>
    public string PasswordChoice { get; set; } = "generate";

    public string? Password { get; set; }

    /// <summary>For a new user with a password: whether a welcome is mailed.</summary>
    public bool Welcome { get; set; }

    /// <summary>Where the mail goes instead of the user's own addresses.</summary>
    public string? MailTo { get; set; }

    /// <summary>For a new user: the groups to join.</summary>
    public IList<Guid> Groups { get; set; } = [];

    /// <summary>Names of groups, one a line, where there are too many to tick.</summary>
    public string? GroupNames { get; set; }

    /// <summary>The version that was looked at.</summary>
    public long Version { get; set; }

    internal static UserForm From(User user, string? manager) =>
        new(UserProfile.Of(user))
        {
            Manager = manager,
            Addresses = [.. user.Addresses.Select(AddressRow.From)],
            PhoneNumbers =
            [
                .. user.PhoneNumbers.Select(p => new PhoneRow { Kind = p.Kind, Number = p.Number }),
            ],
            Attributes =
            [
                .. user.Attributes.SelectMany(a =>
                    a.Value.Select(value => new AttributeRow { Name = a.Key, Value = value })
                ),
            ],
            State = UserChanges.Name(user.State),
            Version = user.Version,
        };

    /// <summary>Gives every definition its row, in order, with the values that stood among the free ones or were typed.</summary>
    internal void Arrange(IReadOnlyList<AttributeDefinition> definitions)
    {
        Defined =
        [
            .. definitions.Select(definition => new DefinedRow
            {
                Name = definition.Name,
                Value = string.Join(
                    '\n',
                    Defined
                        .Where(row => row.Name == definition.Name)
                        .Select(row => row.Value)
                        .Concat(
                            Attributes
                                .Where(row => row.Name == definition.Name)
                                .Select(row => row.Value)
                        )
                        .Where(value => !string.IsNullOrEmpty(value))
                ),
            }),
        ];
        Attributes = [.. Attributes.Where(row => !definitions.Any(d => d.Name == row.Name))];
    }

    /// <summary>Takes the empty rows away, so that a row's number here is its number in the input.</summary>
    internal void DropEmptyRows()
    {
        Addresses = [.. Addresses.Where(row => !row.IsEmpty)];
        PhoneNumbers = [.. PhoneNumbers.Where(row => !row.IsEmpty)];
        Attributes = [.. Attributes.Where(row => !row.IsEmpty)];
    }

    /// <summary>One empty row of the kind asked for.</summary>
    internal void AddRow(string? kind)
    {
        switch (kind)
        {
            case "address":
                Addresses.Add(new AddressRow());
                break;
            case "phone":
                PhoneNumbers.Add(new PhoneRow());
                break;
            default:
                Attributes.Add(new AttributeRow());
                break;
        }
    }

    internal UserInput ToInput(
        Guid? managerId,
        string? password,
        IReadOnlyList<AttributeDefinition> definitions
    ) =>
        new(this)
        {
            // The binder makes null of what was left empty.
            Username = Username?.Trim() ?? "",
            Email = Email?.Trim() ?? "",
            AlternateEmail = AlternateEmail?.Trim(),
            RecoveryEmail = RecoveryEmail?.Trim(),
            ManagerId = managerId,
            Addresses = [.. Addresses.Select(row => row.ToAddress())],
            PhoneNumbers =
            [
                .. PhoneNumbers.Select(row => new PhoneNumber(row.Kind ?? "", row.Number ?? "")),
            ],
            Attributes =
            [
                .. Attributes.Select(row => new CustomAttribute(row.Name ?? "", row.Value ?? "")),
                .. DefinedValues(definitions),
            ],
            State = State switch
            {
                "staged" => UserState.Staged,
                "suspended" => UserState.Suspended,
                _ => UserState.Activated,
            },
            Password = password,
            Mail =
                PasswordChoice == "mail" || (Welcome && password is not null)
                    ? new ActivationMail(string.IsNullOrWhiteSpace(MailTo) ? null : MailTo.Trim())
                    : null,
        };

    /// <summary>A problem at a defined attribute's value, at the field that holds it: there they stand behind the free ones.</summary>
    internal Problem Place(Problem problem, IReadOnlyList<AttributeDefinition> definitions)
    {
        var match = AttributeValue().Match(problem.Where);
        if (
            !match.Success
            || !int.TryParse(
                match.Groups["number"].ValueSpan,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
            || number < Attributes.Count
        )
        {
            return problem;
        }
        var name = DefinedValues(definitions)
            .Skip(number - Attributes.Count)
            .Select(value => value.Name)
            .FirstOrDefault();
        var row = Defined.ToList().FindIndex(defined => defined.Name == name);
        return row < 0 ? problem : problem with { Where = $"defined[{row}].value" };
    }

    private IEnumerable<CustomAttribute> DefinedValues(
        IReadOnlyList<AttributeDefinition> definitions
    ) =>
        from row in Defined
        join definition in definitions on row.Name equals definition.Name
        from value in row.Values(definition.Type)
        select new CustomAttribute(definition.Name, value);

    [GeneratedRegex(
        @"^attributes\[(?<number>\d+)\]",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex AttributeValue();
}
