using System.ComponentModel;
using System.Text.Json.Serialization;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Directory;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Passwords;

namespace Latchkey.Server.Api.Users;

/// <summary>A user as the API shows one and takes one, in the words of the declaration file. No password ever comes back.</summary>
internal sealed record UserBody
{
    [ReadOnly(true)]
    public required Guid Id { get; init; }
    public required string Username { get; init; }
    public required string Email { get; init; }
    public required string? AlternateEmail { get; init; }
    public required string? RecoveryEmail { get; init; }

    [JsonPropertyName("firstname")]
    public required string? FirstName { get; init; }

    [JsonPropertyName("middlename")]
    public required string? MiddleName { get; init; }

    [JsonPropertyName("lastname")]
    public required string? LastName { get; init; }

    [JsonPropertyName("displayname")]
    public required string? DisplayName { get; init; }
    public required string? Description { get; init; }
    public required string? Company { get; init; }
    public required string? CostCenter { get; init; }
    public required string? Department { get; init; }
    public required string? EmployeeIdentifier { get; init; }
    public required string? EmployeeType { get; init; }
    public required string? JobTitle { get; init; }
    public required string? Location { get; init; }

    [Description("The tag of the language the user is spoken to in, such as en or de.")]
    public required string? Language { get; init; }

    [Description("A user name, or an id.")]
    public required string? Manager { get; init; }
    public required IReadOnlyList<AddressBody> Addresses { get; init; }
    public required IReadOnlyList<PhoneNumberBody> PhoneNumbers { get; init; }

    [Description("Custom attributes: a name and its values.")]
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; }

    [WordsOf(typeof(UserReader), nameof(UserReader.States))]
    public required string State { get; init; }

    [WordsOf(typeof(UserReader), nameof(UserReader.Roles))]
    [Description(
        "Null for none. Changing it, or anything of a user with a role, needs administrators:write too."
    )]
    public required string? Role { get; init; }

    [Description("The names of the groups the user is in by hand, the whole set.")]
    public required IReadOnlyList<string> Groups { get; init; }

    [ReadOnly(true)]
    [Description("The names of the groups whose rule brings the user in.")]
    public required IReadOnlyList<string> GroupsByRule { get; init; }

    [WriteOnly]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("A new password; it is never shown.")]
    public string? Password { get; init; }

    [WriteOnly]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("Whether a user who becomes active with this call is told by mail.")]
    public bool? Mail { get; init; }

    [WriteOnly]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("Where that mail goes instead of the user's own addresses.")]
    public string? MailTo { get; init; }

    [ReadOnly(true)]
    [WordsOf(typeof(UserBody), nameof(PasswordStatusWords))]
    public required string PasswordStatus { get; init; }

    [ReadOnly(true)]
    public required DateTimeOffset? LastSignInAt { get; init; }

    [Description("Counts changes. Sent back, the change is made only to this version.")]
    public required long Version { get; init; }

    [ReadOnly(true)]
    public required DateTimeOffset CreatedAt { get; init; }

    [ReadOnly(true)]
    public required DateTimeOffset UpdatedAt { get; init; }

    [JsonIgnore]
    public static IReadOnlyList<string> PasswordStatusWords { get; } =
    [.. Enum.GetValues<PasswordStatus>().Select(PasswordStatuses.Name)];

    public static UserBody Of(
        User user,
        string? manager,
        IReadOnlyList<MembershipRow> groups,
        PasswordRules rules,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = user.Id,
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
            Manager = manager,
            Addresses = [.. user.Addresses.Select(AddressBody.Of)],
            PhoneNumbers =
            [
                .. user.PhoneNumbers.Select(p => new PhoneNumberBody(p.Kind, p.Number)),
            ],
            Attributes = user.Attributes,
            State = UserChanges.Name(user.State),
            Role = user.Role is { } role ? RoleNames.Of(role) : null,
            Groups = [.. groups.Where(g => g.ByHand).Select(g => g.Group.Name)],
            GroupsByRule = [.. groups.Where(g => g.ByRule).Select(g => g.Group.Name)],
            PasswordStatus = PasswordStatuses.Name(PasswordStatuses.Of(user, rules, now)),
            LastSignInAt = user.LastSignInAt,
            Version = user.Version,
            CreatedAt = user.CreatedAt,
            UpdatedAt = user.UpdatedAt,
        };
}

internal sealed record AddressBody(
    string Kind,
    string? Street,
    string? Locality,
    string? Region,
    string? PostalCode,
    string? Country
)
{
    public static AddressBody Of(PostalAddress address) =>
        new(
            address.Kind,
            address.Street,
            address.Locality,
            address.Region,
            address.PostalCode,
            address.Country
        );
}

internal sealed record PhoneNumberBody(string Kind, string Number);

/// <summary>A row of the list.</summary>
internal sealed record UserRowBody(
    Guid Id,
    string Username,
    string Email,
    string? Name,
    [property: WordsOf(typeof(UserReader), nameof(UserReader.States))] string State,
    [property: WordsOf(typeof(UserReader), nameof(UserReader.Roles))] string? Role,
    int Groups,
    DateTimeOffset? LastSignInAt
);

/// <summary>An application a user can sign in to, and why.</summary>
/// <param name="Groups">The names of the groups that let the user in; empty where it is granted to the user alone.</param>
internal sealed record UserApplicationBody(
    Guid Id,
    string Slug,
    string Label,
    bool Active,
    IReadOnlyList<string> Groups
);

internal sealed record UserApplicationsBody(IReadOnlyList<UserApplicationBody> Items);

/// <summary>A state that a user will be put into.</summary>
internal sealed record ScheduledStateBody(
    [property: WordsOf(typeof(ScheduledStateBody), nameof(ScheduledStateBody.Words))] string State,
    DateTimeOffset At,
    bool Mail,
    string? MailTo
)
{
    [JsonIgnore]
    public static IReadOnlyList<string> Words { get; } = ["activated", "suspended"];
}

internal sealed record ScheduleBody(IReadOnlyList<ScheduledStateBody> Items);

/// <summary>When a user is put into a state.</summary>
/// <param name="Mail">Whether a user who becomes active is told.</param>
/// <param name="MailTo">Where that mail goes instead of the user's own addresses.</param>
internal sealed record WhenBody(DateTimeOffset At, bool? Mail, string? MailTo);

/// <summary>A new password.</summary>
/// <param name="MustChange">Whether it has to be changed at the next sign-in.</param>
internal sealed record NewPasswordBody(string Password, bool? MustChange);
