using Latchkey.Server.Directory;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.Storage;

namespace Latchkey.Server.SingleSignOn.Lookup;

/// <summary>A user's columns and how they are read; a test holds both against the model.</summary>
internal static class UserColumns
{
    public static readonly IReadOnlyList<string> Names =
    [
        "id",
        "username",
        "normalized_username",
        "email",
        "alternate_email",
        "recovery_email",
        "first_name",
        "middle_name",
        "last_name",
        "display_name",
        "description",
        "company",
        "cost_center",
        "department",
        "employee_identifier",
        "employee_type",
        "job_title",
        "location",
        "language",
        "manager_id",
        "addresses",
        "phone_numbers",
        "attributes",
        "state",
        "role",
        "password_hash",
        "password_format",
        "password_set_at",
        "password_expires_at",
        "password_expiry_notice",
        "security_stamp",
        "access_failed_count",
        "lockout_end",
        "lockout_told_at",
        "last_sign_in_at",
        "created_at",
        "updated_at",
        "version",
    ];

    public static string List(string prefix) => string.Join(", ", Names.Select(n => prefix + n));

    /// <summary>Reads them in their order: an initializer runs from top to bottom.</summary>
    public static User Read(ref StoredRow row) =>
        new()
        {
            Id = row.Id(),
            Username = row.Text(),
            NormalizedUsername = row.Text(),
            Email = row.Text(),
            AlternateEmail = row.TextOrNull(),
            RecoveryEmail = row.TextOrNull(),
            FirstName = row.TextOrNull(),
            MiddleName = row.TextOrNull(),
            LastName = row.TextOrNull(),
            DisplayName = row.TextOrNull(),
            Description = row.TextOrNull(),
            Company = row.TextOrNull(),
            CostCenter = row.TextOrNull(),
            Department = row.TextOrNull(),
            EmployeeIdentifier = row.TextOrNull(),
            EmployeeType = row.TextOrNull(),
            JobTitle = row.TextOrNull(),
            Location = row.TextOrNull(),
            Language = row.TextOrNull(),
            ManagerId = row.IdOrNull(),
            Addresses = row.Json<IReadOnlyList<PostalAddress>>(),
            PhoneNumbers = row.Json<IReadOnlyList<PhoneNumber>>(),
            Attributes = row.Json<IReadOnlyDictionary<string, IReadOnlyList<string>>>(),
            State = row.Name<UserState>(),
            Role = row.NameOrNull<Role>(),
            PasswordHash = row.TextOrNull(),
            PasswordFormat = row.TextOrNull(),
            PasswordSetAt = row.InstantOrNull(),
            PasswordExpiresAt = row.InstantOrNull(),
            PasswordExpiryNotice = row.Name<PasswordExpiryNotice>(),
            SecurityStamp = row.Text(),
            AccessFailedCount = row.Number(),
            LockoutEnd = row.InstantOrNull(),
            LockoutToldAt = row.InstantOrNull(),
            LastSignInAt = row.InstantOrNull(),
            CreatedAt = row.Instant(),
            UpdatedAt = row.Instant(),
            Version = row.Long(),
        };
}
