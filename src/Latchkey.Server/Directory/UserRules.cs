using Latchkey.Server.Problems;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Directory;

/// <summary>What a user may look like, as far as the user alone can say; <see cref="UserService"/> compares with the others.</summary>
internal static class UserRules
{
    private const int LongestText = 1024;
    private const int LongestDescription = 4096;
    private const int LongestUsername = 256;
    private const int MostRows = 100;

    /// <summary>Puts the input into the user and says what is wrong with it.</summary>
    public static List<Problem> Fill(User user, UserInput input)
    {
        var problems = new List<Problem>();
        user.Username = Username(input.Username, problems);
        user.NormalizedUsername = Normalize(user.Username);
        user.Email = Email(input.Email, "email", problems) ?? "";
        if (user.Email.Length == 0 && string.IsNullOrEmpty(input.Email))
        {
            problems.Add(new Problem("email-missing", "email"));
        }
        user.AlternateEmail = Email(input.AlternateEmail, "alternate_email", problems);
        user.RecoveryEmail = Email(input.RecoveryEmail, "recovery_email", problems);
        user.FirstName = Text(input.FirstName, "firstname", problems);
        user.MiddleName = Text(input.MiddleName, "middlename", problems);
        user.LastName = Text(input.LastName, "lastname", problems);
        user.DisplayName = Text(input.DisplayName, "displayname", problems);
        user.Description = Text(
            input.Description,
            "description",
            problems,
            LongestDescription,
            lines: true
        );
        user.Company = Text(input.Company, "company", problems);
        user.CostCenter = Text(input.CostCenter, "cost_center", problems);
        user.Department = Text(input.Department, "department", problems);
        user.EmployeeIdentifier = Text(input.EmployeeIdentifier, "employee_identifier", problems);
        user.EmployeeType = Text(input.EmployeeType, "employee_type", problems);
        user.JobTitle = Text(input.JobTitle, "job_title", problems);
        user.Location = Text(input.Location, "location", problems);
        user.Language = Language(input.Language, problems);
        user.ManagerId = input.ManagerId;
        if (input.ManagerId == user.Id)
        {
            problems.Add(new Problem("manager-is-self", "manager"));
        }
        user.Addresses = Addresses(input.Addresses, problems);
        user.PhoneNumbers = Phones(input.PhoneNumbers, problems);
        user.Attributes = Attributes(input.Attributes, problems);
        user.Role = input.Role;
        return problems;
    }

    /// <summary>The form in which user names and group names are compared.</summary>
    public static string Normalize(string name) => name.ToUpperInvariant();

    /// <summary>Text that may stand in an assertion: nothing that XML 1.0 has no place for.</summary>
    public static string? Text(
        string? text,
        string where,
        List<Problem> problems,
        int longest = LongestText,
        bool lines = false
    )
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        if (text.Length > longest)
        {
            problems.Add(new Problem("text-too-long", where, longest));
        }
        if (!IsPlain(text, lines))
        {
            problems.Add(new Problem("text-unprintable", where));
        }
        return text;
    }

    private static string Username(string username, List<Problem> problems)
    {
        if (username.Length == 0)
        {
            problems.Add(new Problem("username-missing", "username"));
        }
        else if (username.Length > LongestUsername)
        {
            problems.Add(new Problem("text-too-long", "username", LongestUsername));
        }
        else if (username.Any(char.IsWhiteSpace) || !IsPlain(username, lines: false))
        {
            problems.Add(new Problem("username-invalid", "username"));
        }
        return username;
    }

    private static string? Email(string? email, string where, List<Problem> problems)
    {
        if (string.IsNullOrEmpty(email))
        {
            return null;
        }
        var at = email.LastIndexOf('@');
        if (
            email.Length > 254
            || at < 1
            || at == email.Length - 1
            || email.Any(char.IsWhiteSpace)
            || !IsPlain(email, lines: false)
        )
        {
            problems.Add(new Problem("email-invalid", where));
        }
        return email.ToLowerInvariant();
    }

    /// <summary>Any language: one that there are no texts of yet may come.</summary>
    private static string? Language(string? tag, List<Problem> problems)
    {
        if (string.IsNullOrEmpty(tag))
        {
            return null;
        }
        if (!LanguageTags.IsTag(tag))
        {
            problems.Add(new Problem("language-invalid", "language"));
        }
        return tag;
    }

    private static IReadOnlyList<PostalAddress> Addresses(
        IReadOnlyList<PostalAddress> addresses,
        List<Problem> problems
    )
    {
        Count(addresses.Count, "addresses", problems);
        for (var i = 0; i < addresses.Count; i++)
        {
            var (kind, street, locality, region, code, country) = addresses[i];
            if (string.IsNullOrWhiteSpace(kind))
            {
                problems.Add(new Problem("kind-missing", $"addresses[{i}].kind"));
            }
            Text(kind, $"addresses[{i}].kind", problems);
            Text(street, $"addresses[{i}].street", problems, lines: true);
            Text(locality, $"addresses[{i}].locality", problems);
            Text(region, $"addresses[{i}].region", problems);
            Text(code, $"addresses[{i}].postal_code", problems);
            Text(country, $"addresses[{i}].country", problems);
        }
        return addresses;
    }

    private static IReadOnlyList<PhoneNumber> Phones(
        IReadOnlyList<PhoneNumber> phones,
        List<Problem> problems
    )
    {
        Count(phones.Count, "phone_numbers", problems);
        for (var i = 0; i < phones.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(phones[i].Kind))
            {
                problems.Add(new Problem("kind-missing", $"phone_numbers[{i}].kind"));
            }
            if (string.IsNullOrWhiteSpace(phones[i].Number))
            {
                problems.Add(new Problem("number-missing", $"phone_numbers[{i}].number"));
            }
            Text(phones[i].Kind, $"phone_numbers[{i}].kind", problems);
            Text(phones[i].Number, $"phone_numbers[{i}].number", problems);
        }
        return phones;
    }

    private static Dictionary<string, IReadOnlyList<string>> Attributes(
        IReadOnlyList<CustomAttribute> rows,
        List<Problem> problems
    )
    {
        Count(rows.Count, "attributes", problems);
        var attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            var (name, value) = rows[i];
            if (string.IsNullOrEmpty(name))
            {
                problems.Add(new Problem("attribute-name-missing", $"attributes[{i}].name"));
                continue;
            }
            if (!IsAttributeName(name))
            {
                problems.Add(new Problem("attribute-name-invalid", $"attributes[{i}].name"));
            }
            Text(value, $"attributes[{i}].value", problems, LongestDescription, lines: true);
            attributes[name] = [.. attributes.GetValueOrDefault(name, []), value ?? ""];
        }
        return attributes;
    }

    /// <summary>Whether an attribute can have this name: a mapping says it as custom:NAME, and people type it there.</summary>
    public static bool IsAttributeName(string name) =>
        name.Length is > 0 and <= 128
        && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.');

    private static void Count(int rows, string where, List<Problem> problems)
    {
        if (rows > MostRows)
        {
            problems.Add(new Problem("too-many-rows", where, MostRows));
        }
    }

    private static bool IsPlain(string text, bool lines)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c) && !(lines && c is '\n' or '\r' or '\t'))
            {
                return false;
            }
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(c) || c >= '\uFFFE')
            {
                return false;
            }
        }
        return true;
    }
}
