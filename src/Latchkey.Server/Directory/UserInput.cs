namespace Latchkey.Server.Directory;

/// <summary>Everything an administrator can say about a user (J-66), the whole of it: what is null is empty afterwards.</summary>
internal sealed record UserInput
{
    public string Username { get; init; } = "";
    public string Email { get; init; } = "";
    public string? AlternateEmail { get; init; }
    public string? RecoveryEmail { get; init; }
    public string? FirstName { get; init; }
    public string? MiddleName { get; init; }
    public string? LastName { get; init; }
    public string? DisplayName { get; init; }
    public string? Description { get; init; }
    public string? Company { get; init; }
    public string? CostCenter { get; init; }
    public string? Department { get; init; }
    public string? EmployeeIdentifier { get; init; }
    public string? EmployeeType { get; init; }
    public string? JobTitle { get; init; }
    public string? Location { get; init; }
    public Guid? ManagerId { get; init; }
    public IReadOnlyList<PostalAddress> Addresses { get; init; } = [];
    public IReadOnlyList<PhoneNumber> PhoneNumbers { get; init; } = [];

    /// <summary>Custom attributes in order; a name may stand there several times.</summary>
    public IReadOnlyList<CustomAttribute> Attributes { get; init; } = [];

    public UserState State { get; init; } = UserState.Activated;
    public bool IsAdministrator { get; init; }

    /// <summary>A new password; null leaves what there is.</summary>
    public string? Password { get; init; }

    /// <summary>The whole set of the user's groups; null leaves what there is.</summary>
    public IReadOnlyCollection<Guid>? GroupIds { get; init; }

    /// <summary>What a user is now, as a start for changing some of it.</summary>
    public static UserInput From(User user) =>
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
            ManagerId = user.ManagerId,
            Addresses = user.Addresses,
            PhoneNumbers = user.PhoneNumbers,
            Attributes =
            [
                .. user.Attributes.SelectMany(a =>
                    a.Value.Select(value => new CustomAttribute(a.Key, value))
                ),
            ],
            State = user.State,
            IsAdministrator = user.IsAdministrator,
        };
}

/// <summary>One value of a custom attribute.</summary>
internal sealed record CustomAttribute(string Name, string Value);
