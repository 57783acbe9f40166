using Latchkey.Server.Directory;
using Latchkey.Server.Roles;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Reads one user of a declaration file, or of a call: the keys are the same.</summary>
internal static class UserReader
{
    /// <summary>The fields of a user that are one text each.</summary>
    public static readonly IReadOnlyList<string> Fields =
    [
        "email",
        "alternate_email",
        "recovery_email",
        "firstname",
        "middlename",
        "lastname",
        "displayname",
        "description",
        "company",
        "cost_center",
        "department",
        "employee_identifier",
        "employee_type",
        "job_title",
        "location",
        "language",
    ];

    public const string NoRole = "none";

    public static IReadOnlyList<string> Roles { get; } = [.. RoleNames.All.Select(RoleNames.Of)];

    public static IReadOnlyList<string> States { get; } = ["activated", "staged", "suspended"];

    /// <summary>A user of a file.</summary>
    public static DeclaredUser Read(Section section)
    {
        var reference = section.IsMap("password") ? section.Map("password") : null;
        var user = Shared(section, section.Required("username")) with
        {
            Password = reference is null ? section.Text("password") : null,
            PasswordFrom = reference is null ? null : SecretReference.Read(reference),
            PasswordHash = section.Text("password_hash"),
            Schedule = section.Sections("schedule", "planned state")?.Select(Plan).ToList(),
        };
        section.End();
        return user;
    }

    /// <summary>A user in a call's body. What is only shown is passed over, so that what was shown can be sent back.</summary>
    public static DeclaredUser ReadCall(Section section)
    {
        var user = Shared(section, section.Text("username") ?? "") with
        {
            Password = section.Text("password") is { Length: > 0 } password ? password : null,
            Groups = section.Texts("groups"),
            Mail = section.Flag("mail"),
            MailTo = section.Text("mail_to") is { Length: > 0 } to ? to : null,
            Version = section.Number("version"),
        };
        section.Skip(
            "id",
            "groups_by_rule",
            "password_status",
            "last_sign_in_at",
            "created_at",
            "updated_at"
        );
        section.End();
        return user;
    }

    private static DeclaredUser Shared(Section section, string username) =>
        new()
        {
            Line = section.Line,
            Lines = section.Lines,
            Username = username,
            Fields = Fields
                .Select(field => (field, text: section.Text(field)))
                .Where(f => f.text is not null)
                .ToDictionary(f => f.field, f => f.text!, StringComparer.Ordinal),
            Manager = section.Text("manager"),
            Addresses = section.Sections("addresses", "address")?.Select(Address).ToList(),
            PhoneNumbers = section
                .Sections("phone_numbers", "phone number")
                ?.Select(Phone)
                .ToList(),
            State = section.Word<UserState>("state", TryParseState, States),
            Role = Role(section),
            Attributes = section
                .Open("attributes")
                ?.SelectMany(a => a.Value.Select(value => new CustomAttribute(a.Key, value)))
                .ToList(),
        };

    /// <summary>A role's name; empty for none, which a file says as <c>none</c> and a call as null.</summary>
    private static string? Role(Section section)
    {
        switch (section.Text("role"))
        {
            case null:
                return null;
            case "" or NoRole:
                return "";
            case var name when RoleNames.Read(name) is not null:
                return name;
            case var other:
                section.Add(
                    "role",
                    "declaration-not-word",
                    "role",
                    other,
                    string.Join(", ", Roles.Append(NoRole))
                );
                return null;
        }
    }

    private static DeclaredPlan Plan(Section section)
    {
        section.Required("state");
        section.Required("at");
        var plan = new DeclaredPlan(
            section.Word<UserState>("state", TryParsePlanned, ["activated", "suspended"])
                ?? UserState.Suspended,
            section.Time("at") ?? default,
            section.Flag("mail") ?? false,
            Said(section.Text("mail_to"))
        );
        section.End();
        return plan;
    }

    private static bool TryParsePlanned(string? text, out UserState state) =>
        TryParseState(text, out state) && state != UserState.Staged;

    private static PostalAddress Address(Section section)
    {
        var address = new PostalAddress(
            section.Required("kind"),
            Said(section.Text("street")),
            Said(section.Text("locality")),
            Said(section.Text("region")),
            Said(section.Text("postal_code")),
            Said(section.Text("country"))
        );
        section.End();
        return address;
    }

    private static PhoneNumber Phone(Section section)
    {
        var phone = new PhoneNumber(section.Required("kind"), section.Required("number"));
        section.End();
        return phone;
    }

    private static bool TryParseState(string? text, out UserState state)
    {
        (var known, state) = text switch
        {
            "activated" => (true, UserState.Activated),
            "staged" => (true, UserState.Staged),
            "suspended" => (true, UserState.Suspended),
            _ => (false, default),
        };
        return known;
    }

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
