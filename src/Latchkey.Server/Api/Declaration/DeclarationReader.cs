using Latchkey.Server.Directory;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Reads a declaration file: snake case keys, every key known, every problem with its line.</summary>
internal static class DeclarationReader
{
    /// <summary>The fields of a user that are one text each.</summary>
    public static readonly IReadOnlyList<string> UserFields =
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
    ];

    /// <summary>What the file says; with problems it must not be applied.</summary>
    public static DeclaredState Read(string text, DeclarationProblems problems)
    {
        if (YamlReader.Read(text, problems) is not { } root || root is YamlText { Value: null })
        {
            return new DeclaredState();
        }
        if (Section.Of(root, "file", problems) is not { } file)
        {
            return new DeclaredState();
        }
        var state = new DeclaredState
        {
            Attributes =
            [
                .. (file.Sections("custom_attributes", "custom attribute") ?? []).Select(
                    GroupReader.Attribute
                ),
            ],
            Users = [.. (file.Sections("users", "user") ?? []).Select(User)],
            Groups = [.. (file.Sections("groups", "group") ?? []).Select(GroupReader.Group)],
            Administrators =
            [
                .. (file.Texts("administrators") ?? []).Select(name =>
                    (file.LineOf("administrators"), name)
                ),
            ],
            Applications =
            [
                .. (file.Sections("applications", "application") ?? []).Select(s =>
                    ApplicationReader.Read(s, problems)
                ),
            ],
        };
        file.End();
        RefuseTwice(state, problems);
        return state;
    }

    private static DeclaredUser User(Section section)
    {
        var user = new DeclaredUser
        {
            Line = section.Line,
            Lines = section.Lines,
            Username = section.Required("username"),
            Fields = UserFields
                .Select(field => (field, text: section.Text(field)))
                .Where(f => f.text is not null)
                .ToDictionary(f => f.field, f => f.text!, StringComparer.Ordinal),
            Password = section.Text("password"),
            State = section.Word<UserState>(
                "state",
                TryParseState,
                ["activated", "staged", "suspended"]
            ),
            Attributes = section
                .Open("attributes")
                ?.SelectMany(a => a.Value.Select(value => new CustomAttribute(a.Key, value)))
                .ToList(),
        };
        section.End();
        return user;
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

    private static void RefuseTwice(DeclaredState state, DeclarationProblems problems)
    {
        void Check(string kind, IEnumerable<(int Line, string Name)> things)
        {
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (line, name) in things)
            {
                if (name.Length > 0 && !seen.Add(name))
                {
                    problems.Add(line, "declaration-twice", kind, name);
                }
            }
        }

        Check("attribute", state.Attributes.Select(a => (a.Line, a.Name)));
        Check("user", state.Users.Select(u => (u.Line, u.Username)));
        Check("group", state.Groups.Select(g => (g.Line, g.Name)));
        Check("application", state.Applications.Select(a => (a.Line, a.Slug)));
    }
}
