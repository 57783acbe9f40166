namespace Latchkey.Server.Directory.Pages;

/// <summary>A user as a form holds it: text everywhere, and rows that may be empty.</summary>
public sealed class UserForm
{
    public string? Username { get; set; }
    public string? Email { get; set; }
    public string? AlternateEmail { get; set; }
    public string? RecoveryEmail { get; set; }
    public string? FirstName { get; set; }
    public string? MiddleName { get; set; }
    public string? LastName { get; set; }
    public string? DisplayName { get; set; }
    public string? Description { get; set; }
    public string? Company { get; set; }
    public string? CostCenter { get; set; }
    public string? Department { get; set; }
    public string? EmployeeIdentifier { get; set; }
    public string? EmployeeType { get; set; }
    public string? JobTitle { get; set; }
    public string? Location { get; set; }

    /// <summary>The manager's user name.</summary>
    public string? Manager { get; set; }

    public IList<AddressRow> Addresses { get; set; } = [];
    public IList<PhoneRow> PhoneNumbers { get; set; } = [];
    public IList<AttributeRow> Attributes { get; set; } = [];
    public string State { get; set; } = "activated";
    public bool IsAdministrator { get; set; }

    /// <summary>For a new user: <c>generate</c>, <c>type</c> or <c>none</c>.</summary>
    public string PasswordChoice { get; set; } = "generate";

    public string? Password { get; set; }

    /// <summary>For a new user: the groups to join.</summary>
    public IList<Guid> Groups { get; set; } = [];

    /// <summary>The version that was looked at.</summary>
    public long Version { get; set; }

    internal static UserForm From(User user, string? manager) =>
        new()
        {
            Username = user.Username,
            Email = user.Email,
            AlternateEmail = user.AlternateEmail,
            RecoveryEmail = user.RecoveryEmail,
            FirstName = user.FirstName,
            MiddleName = user.MiddleName,
            LastName = user.LastName,
            DisplayName = user.DisplayName,
            Description = user.Description,
            Company = user.Company,
            CostCenter = user.CostCenter,
            Department = user.Department,
            EmployeeIdentifier = user.EmployeeIdentifier,
            EmployeeType = user.EmployeeType,
            JobTitle = user.JobTitle,
            Location = user.Location,
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
            IsAdministrator = user.IsAdministrator,
            Version = user.Version,
        };

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

    internal UserInput ToInput(Guid? managerId, string? password) =>
        new()
        {
            Username = Username?.Trim() ?? "",
            Email = Email?.Trim() ?? "",
            AlternateEmail = AlternateEmail?.Trim(),
            RecoveryEmail = RecoveryEmail?.Trim(),
            FirstName = FirstName,
            MiddleName = MiddleName,
            LastName = LastName,
            DisplayName = DisplayName,
            Description = Description,
            Company = Company,
            CostCenter = CostCenter,
            Department = Department,
            EmployeeIdentifier = EmployeeIdentifier,
            EmployeeType = EmployeeType,
            JobTitle = JobTitle,
            Location = Location,
            ManagerId = managerId,
            Addresses = [.. Addresses.Select(row => row.ToAddress())],
            PhoneNumbers =
            [
                .. PhoneNumbers.Select(row => new PhoneNumber(row.Kind ?? "", row.Number ?? "")),
            ],
            Attributes =
            [
                .. Attributes.Select(row => new CustomAttribute(row.Name ?? "", row.Value ?? "")),
            ],
            State = State switch
            {
                "staged" => UserState.Staged,
                "suspended" => UserState.Suspended,
                _ => UserState.Activated,
            },
            IsAdministrator = IsAdministrator,
            Password = password,
        };
}

/// <summary>One postal address.</summary>
public sealed class AddressRow
{
    public string? Kind { get; set; }
    public string? Street { get; set; }
    public string? Locality { get; set; }
    public string? Region { get; set; }
    public string? PostalCode { get; set; }
    public string? Country { get; set; }

    internal bool IsEmpty =>
        string.IsNullOrWhiteSpace($"{Kind}{Street}{Locality}{Region}{PostalCode}{Country}");

    internal static AddressRow From(PostalAddress address) =>
        new()
        {
            Kind = address.Kind,
            Street = address.Street,
            Locality = address.Locality,
            Region = address.Region,
            PostalCode = address.PostalCode,
            Country = address.Country,
        };

    internal PostalAddress ToAddress() =>
        new(Kind ?? "", Street, Locality, Region, PostalCode, Country);
}

/// <summary>One phone number.</summary>
public sealed class PhoneRow
{
    public string? Kind { get; set; }
    public string? Number { get; set; }

    internal bool IsEmpty => string.IsNullOrWhiteSpace($"{Kind}{Number}");
}

/// <summary>One value of a custom attribute.</summary>
public sealed class AttributeRow
{
    public string? Name { get; set; }
    public string? Value { get; set; }

    internal bool IsEmpty => string.IsNullOrWhiteSpace($"{Name}{Value}");
}
