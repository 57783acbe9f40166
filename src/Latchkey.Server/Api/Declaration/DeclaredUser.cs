using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Roles;

namespace Latchkey.Server.Api.Declaration;

/// <summary>What a file or a call says about a user; a null is "not said".</summary>
internal sealed record DeclaredUser
{
    public required int Line { get; init; }
    public required IReadOnlyDictionary<string, int> Lines { get; init; }
    public required string Username { get; init; }

    /// <summary>Texts by field name; only those that are said, an empty one empties the field.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>A user name; empty for nobody.</summary>
    public string? Manager { get; init; }

    public IReadOnlyList<PostalAddress>? Addresses { get; init; }
    public IReadOnlyList<PhoneNumber>? PhoneNumbers { get; init; }
    public IReadOnlyList<CustomAttribute>? Attributes { get; init; }
    public UserState? State { get; init; }

    /// <summary>A name of <see cref="RoleNames"/>; empty for none.</summary>
    public string? Role { get; init; }

    /// <summary>The groups by hand, the whole set; said in a call only, a file has them at the groups.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    public string? Password { get; init; }

    /// <summary>Where the password is found instead of in the file.</summary>
    public SecretReference? PasswordFrom { get; init; }

    /// <summary>Another system's hash, used as <see cref="Password"/> is; said in a file only.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The states planned for a time, all of them; said in a file only, a call has an address for each.</summary>
    public IReadOnlyList<DeclaredPlan>? Schedule { get; init; }

    /// <summary>Whether a user who becomes active is told by mail; said in a call only.</summary>
    public bool? Mail { get; init; }

    /// <summary>Where that mail goes instead of the user's own addresses.</summary>
    public string? MailTo { get; init; }

    /// <summary>The mail to a user who becomes active; null for none.</summary>
    public ActivationMail? Invitation => Mail == true ? new ActivationMail(MailTo) : null;

    public int? Version { get; init; }

    /// <summary>What is said, over what the user is; all but password, groups and manager, which others look up.</summary>
    public UserInput Over(UserInput start)
    {
        string? Field(string name, string? current) =>
            Fields.TryGetValue(name, out var said) ? said : current;

        return start with
        {
            Username = Username.Length == 0 ? start.Username : Username,
            Email = Field("email", start.Email) ?? "",
            AlternateEmail = Field("alternate_email", start.AlternateEmail),
            RecoveryEmail = Field("recovery_email", start.RecoveryEmail),
            FirstName = Field("firstname", start.FirstName),
            MiddleName = Field("middlename", start.MiddleName),
            LastName = Field("lastname", start.LastName),
            DisplayName = Field("displayname", start.DisplayName),
            Description = Field("description", start.Description),
            Company = Field("company", start.Company),
            CostCenter = Field("cost_center", start.CostCenter),
            Department = Field("department", start.Department),
            EmployeeIdentifier = Field("employee_identifier", start.EmployeeIdentifier),
            EmployeeType = Field("employee_type", start.EmployeeType),
            JobTitle = Field("job_title", start.JobTitle),
            Location = Field("location", start.Location),
            Language = Field("language", start.Language),
            Addresses = Addresses ?? start.Addresses,
            PhoneNumbers = PhoneNumbers ?? start.PhoneNumbers,
            Attributes = Attributes ?? start.Attributes,
            State = State ?? start.State,
            Role = Role is null ? start.Role : RoleNames.Read(Role),
        };
    }
}

/// <summary>A state that a user is to be in from a time on (J-62).</summary>
/// <param name="MailTo">Where the mail goes instead of the user's own addresses; null for those.</param>
internal sealed record DeclaredPlan(UserState State, DateTimeOffset At, bool Mail, string? MailTo);

/// <summary>A secret that stands elsewhere.</summary>
/// <param name="Place">"env" or "file".</param>
/// <param name="Name">The variable's name, or the file's path.</param>
internal sealed record SecretReference(string Place, string Name)
{
    public static IReadOnlyList<string> Places { get; } = ["env", "file"];

    /// <summary>Reads <c>{ env: NAME }</c> or <c>{ file: PATH }</c>; null where it is neither, which is a problem.</summary>
    public static SecretReference? Read(Section section)
    {
        var (variable, file) = (section.Text("env"), section.Text("file"));
        section.End();
        if (string.IsNullOrEmpty(variable) != string.IsNullOrEmpty(file))
        {
            return string.IsNullOrEmpty(variable) ? new("file", file!) : new("env", variable);
        }
        section.Add("env", "declaration-secret-place");
        return null;
    }

    /// <summary>How it is named where several are sent along.</summary>
    public override string ToString() => $"{Place}:{Name}";
}
