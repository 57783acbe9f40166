using Latchkey.Server.Roles;

namespace Latchkey.Server.Directory;

/// <summary>A user as text, field by field under the API's names, for the events that tell what changed. No password, no stamp.</summary>
internal static class UserChanges
{
    public static IReadOnlyList<KeyValuePair<string, string?>> Snapshot(User user) =>
        [
            new("username", user.Username),
            new("email", user.Email),
            new("alternate_email", user.AlternateEmail),
            new("recovery_email", user.RecoveryEmail),
            new("firstname", user.FirstName),
            new("middlename", user.MiddleName),
            new("lastname", user.LastName),
            new("displayname", user.DisplayName),
            new("description", user.Description),
            new("company", user.Company),
            new("cost_center", user.CostCenter),
            new("department", user.Department),
            new("employee_identifier", user.EmployeeIdentifier),
            new("employee_type", user.EmployeeType),
            new("job_title", user.JobTitle),
            new("location", user.Location),
            new("language", user.Language),
            new("manager_id", user.ManagerId?.ToString()),
            new("addresses", Join(user.Addresses.Select(Text))),
            new("phone_numbers", Join(user.PhoneNumbers.Select(p => $"{p.Kind}: {p.Number}"))),
            new(
                "attributes",
                Join(user.Attributes.SelectMany(a => a.Value.Select(v => $"{a.Key} = {v}")))
            ),
            new("state", Name(user.State)),
            new("role", user.Role is { } role ? RoleNames.Of(role) : null),
        ];

    /// <summary>A state's name in the API, in files and in text keys.</summary>
    public static string Name(UserState state) =>
        state switch
        {
            UserState.Staged => "staged",
            UserState.Activated => "activated",
            _ => "suspended",
        };

    private static string Text(PostalAddress address) =>
        $"{address.Kind}: "
        + string.Join(
            ", ",
            new[]
            {
                address.Street,
                address.PostalCode,
                address.Locality,
                address.Region,
                address.Country,
            }.Where(part => !string.IsNullOrEmpty(part))
        );

    private static string? Join(IEnumerable<string> parts)
    {
        var text = string.Join("\n", parts);
        return text.Length == 0 ? null : text;
    }
}
