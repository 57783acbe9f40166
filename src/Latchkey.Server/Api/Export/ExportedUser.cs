using System.Text.Json.Nodes;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Roles;

namespace Latchkey.Server.Api.Export;

/// <summary>Users, groups and custom attributes as a declaration file says them; what is empty is left out.</summary>
internal static class ExportedUser
{
    public static JsonObject Of(
        User user,
        string? manager,
        IEnumerable<ScheduledState> planned,
        string? passwordVariable
    )
    {
        var json = new JsonObject { ["username"] = user.Username };
        void Add(string name, string? text)
        {
            if (!string.IsNullOrEmpty(text))
            {
                json[name] = text;
            }
        }
        Add("email", user.Email);
        Add("alternate_email", user.AlternateEmail);
        Add("recovery_email", user.RecoveryEmail);
        Add("firstname", user.FirstName);
        Add("middlename", user.MiddleName);
        Add("lastname", user.LastName);
        Add("displayname", user.DisplayName);
        Add("description", user.Description);
        Add("company", user.Company);
        Add("cost_center", user.CostCenter);
        Add("department", user.Department);
        Add("employee_identifier", user.EmployeeIdentifier);
        Add("employee_type", user.EmployeeType);
        Add("job_title", user.JobTitle);
        Add("location", user.Location);
        Add("language", user.Language);
        Add("manager", manager);
        if (user.Addresses.Count > 0)
        {
            json["addresses"] = new JsonArray([.. user.Addresses.Select(Address)]);
        }
        if (user.PhoneNumbers.Count > 0)
        {
            json["phone_numbers"] = new JsonArray([
                .. user.PhoneNumbers.Select(p => new JsonObject
                {
                    ["kind"] = p.Kind,
                    ["number"] = p.Number,
                }),
            ]);
        }
        if (user.Attributes.Count > 0)
        {
            json["attributes"] = new JsonObject(
                user.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal)
                    .Select(a => KeyValuePair.Create(a.Key, Values(a.Value)))
            );
        }
        json["state"] = UserChanges.Name(user.State);
        var schedule = new JsonArray([.. planned.OrderBy(s => s.At).Select(Planned)]);
        if (schedule.Count > 0)
        {
            json["schedule"] = schedule;
        }
        Add("role", user.Role is { } role ? RoleNames.Of(role) : null);
        if (passwordVariable is not null)
        {
            json["password"] = new JsonObject { ["env"] = passwordVariable };
        }
        return json;
    }

    public static JsonObject Of(AttributeDefinition definition)
    {
        var json = new JsonObject { ["name"] = definition.Name, ["label"] = definition.Label };
        if (definition.Description is { } description)
        {
            json["description"] = description;
        }
        json["type"] = AttributeTypes.Name(definition.Type);
        return json;
    }

    private static JsonObject Planned(ScheduledState planned)
    {
        var json = new JsonObject
        {
            ["state"] = UserChanges.Name(planned.State),
            ["at"] = DeclaredTime.Text(planned.At),
        };
        if (planned.SendMail)
        {
            json["mail"] = true;
        }
        if (planned.MailTo is { } to)
        {
            json["mail_to"] = to;
        }
        return json;
    }

    private static JsonNode? Values(IReadOnlyList<string> values) =>
        values.Count == 1
            ? JsonValue.Create(values[0])
            : new JsonArray([.. values.Select(v => JsonValue.Create(v))]);

    private static JsonObject Address(PostalAddress address)
    {
        var json = new JsonObject { ["kind"] = address.Kind };
        foreach (
            var (name, text) in new[]
            {
                ("street", address.Street),
                ("locality", address.Locality),
                ("region", address.Region),
                ("postal_code", address.PostalCode),
                ("country", address.Country),
            }
        )
        {
            if (!string.IsNullOrEmpty(text))
            {
                json[name] = text;
            }
        }
        return json;
    }
}
