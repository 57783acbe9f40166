using Latchkey.Server.Api.Settings;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Reads a declaration file: snake case keys, every key known, every problem with its line.</summary>
internal static class DeclarationReader
{
    /// <summary>What the file says; with problems it must not be applied.</summary>
    public static DeclaredState Read(string text, DeclarationProblems problems)
    {
        if (YamlReader.Read(text, problems) is not { } root || root is TextNode { Value: null })
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
            Users = [.. (file.Sections("users", "user") ?? []).Select(UserReader.Read)],
            Groups = [.. (file.Sections("groups", "group") ?? []).Select(GroupReader.Group)],
            Administrators =
            [
                .. (file.Texts("administrators") ?? []).Select(name =>
                    (file.LineOf("administrators"), name)
                ),
            ],
            Applications =
            [
                .. (file.Sections("applications", "application") ?? []).Select(
                    ApplicationReader.Read
                ),
            ],
            Settings = [.. Settings(file)],
        };
        file.End();
        RefuseTwice(state, problems);
        return state;
    }

    private static List<DeclaredSetting> Settings(Section file)
    {
        var found = new List<DeclaredSetting>();
        if (file.Map("settings") is { } settings)
        {
            foreach (var name in SettingsParts.Settings)
            {
                if (settings.Map(name) is { } said)
                {
                    found.Add(new("setting", name, said));
                }
            }
            settings.End();
        }
        foreach (var said in file.Sections("mail_templates", "mail template") ?? [])
        {
            found.Add(new("mail template", said.Required("template"), said));
        }
        foreach (var said in file.Sections("password_policies", "password policy") ?? [])
        {
            found.Add(new("password policy", said.Required("name"), said));
        }
        return found;
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
        foreach (var kind in state.Settings.GroupBy(s => s.Kind))
        {
            Check(kind.Key, kind.Select(s => (s.Said.Line, s.Name)));
        }
    }
}
