namespace Latchkey.Server.Directory;

/// <summary>What is known of a user as one text each (J-66): what forms, files and services hand on to each other unchanged.</summary>
public record UserProfile
{
    public string Username { get; set; } = "";
    public string Email { get; set; } = "";
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

    /// <summary>A language tag (BCP 47).</summary>
    public string? Language { get; set; }

    internal static UserProfile Of(User user) =>
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
            Language = user.Language,
        };
}
