using Latchkey.Server.Directory;

namespace Latchkey.Server.Applications;

/// <summary>What of a user can be sent: the attributes of J-66 by lower-case names, and custom ones as <c>custom:name</c>.</summary>
internal static class AttributeSources
{
    public const string CustomPrefix = "custom:";
    public const string Manager = "manager";

    private static readonly Dictionary<string, Func<User, string?>> ByName = new(
        StringComparer.Ordinal
    )
    {
        ["email"] = user => user.Email,
        ["username"] = user => user.Username,
        ["id"] = user => user.Id.ToString(),
        ["firstname"] = user => user.FirstName,
        ["middlename"] = user => user.MiddleName,
        ["lastname"] = user => user.LastName,
        ["displayname"] = DisplayName,
        ["alternateemail"] = user => user.AlternateEmail,
        ["description"] = user => user.Description,
        ["company"] = user => user.Company,
        ["costcenter"] = user => user.CostCenter,
        ["department"] = user => user.Department,
        ["employeeidentifier"] = user => user.EmployeeIdentifier,
        ["employeetype"] = user => user.EmployeeType,
        ["jobtitle"] = user => user.JobTitle,
        ["location"] = user => user.Location,
    };

    /// <summary>Every source with a fixed name, in the order of the form's list; its text has the key <c>source.{name}</c>.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ByName.Keys, Manager];

    public static bool IsKnown(string source) =>
        ByName.ContainsKey(source)
        || source == Manager
        || (
            source.StartsWith(CustomPrefix, StringComparison.Ordinal)
            && source.Length > CustomPrefix.Length
        );

    /// <summary>The user's values; none when the user has none. Empty texts are not sent.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="source">One of <see cref="All"/> or <c>custom:name</c>.</param>
    /// <param name="managerEmail">The e-mail address of the user's manager, which is what <c>manager</c> sends: an identifier that means something outside of this directory. Only needed if <see cref="NeedsManager"/>.</param>
    public static IReadOnlyList<string> Values(
        User user,
        string source,
        string? managerEmail = null
    )
    {
        if (source.StartsWith(CustomPrefix, StringComparison.Ordinal))
        {
            return user.Attributes.TryGetValue(source[CustomPrefix.Length..], out var values)
                ? [.. values.Where(value => value.Length > 0)]
                : [];
        }
        var value =
            source == Manager ? managerEmail
            : ByName.TryGetValue(source, out var read) ? read(user)
            : null;
        return string.IsNullOrEmpty(value) ? [] : [value];
    }

    /// <summary>Whether answering this application needs the manager's e-mail address.</summary>
    public static bool NeedsManager(Application application) =>
        application.NameIdSource == Manager
        || application.Attributes.Any(a => a.Kind == AttributeKind.User && a.Value == Manager);

    /// <summary>Whether this application is sent a custom attribute, which a user may have from a group.</summary>
    public static bool NeedsCustom(Application application) =>
        application
            .Attributes.Where(a => a.Kind == AttributeKind.User)
            .Select(a => a.Value)
            .Append(application.NameIdSource)
            .Any(source => source?.StartsWith(CustomPrefix, StringComparison.Ordinal) == true);

    private static string? DisplayName(User user)
    {
        if (!string.IsNullOrEmpty(user.DisplayName))
        {
            return user.DisplayName;
        }
        return string.Join(
            ' ',
            new[] { user.FirstName, user.LastName }.Where(part => !string.IsNullOrEmpty(part))
        );
    }
}
