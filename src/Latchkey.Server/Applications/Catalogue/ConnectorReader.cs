using System.Text.Json;
using System.Text.RegularExpressions;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>
/// Reads one connector's file and says everything that is wrong with it, each at its line: unknown keys with the one
/// that was probably meant, words outside of a list, templates whose variables nobody asks for, examples that do not
/// match their pattern. <c>connectors/schema.json</c> says the same to an editor.
/// </summary>
internal sealed partial class ConnectorReader
{
    private readonly ConnectorProblems _problems;
    private readonly string _slug;
    private List<ConnectorVariable> _variables = [];

    private ConnectorReader(string slug, ConnectorProblems problems)
    {
        _slug = slug;
        _problems = problems;
    }

    /// <param name="fileName">The file's name; without its ending, the slug.</param>
    /// <param name="bytes">UTF-8.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <returns>Null if anything is.</returns>
    public static Connector? Read(
        string fileName,
        ReadOnlySpan<byte> bytes,
        out IReadOnlyList<ConnectorProblem> problems
    )
    {
        var found = new ConnectorProblems(fileName);
        var connector = Parse(bytes, found) is { } root
            ? new ConnectorReader(Path.GetFileNameWithoutExtension(fileName), found).Read(root)
            : null;
        problems = found.All;
        return found.Any ? null : connector;
    }

    private static ConnectorFields? Parse(ReadOnlySpan<byte> bytes, ConnectorProblems problems)
    {
        if (bytes.Length > JsonTree.MaxBytes)
        {
            problems.Add(1, new Problem("connector-too-large", "", JsonTree.MaxBytes / 1024));
            return null;
        }
        try
        {
            return ConnectorFields.Of(JsonTree.Read(bytes), "file", problems);
        }
        catch (JsonException e)
        {
            problems.Add(
                (int)(e.LineNumber ?? 0) + 1,
                new Problem("connector-not-json", "", Sentence(e.Message))
            );
        }
        catch (InvalidOperationException)
        {
            // What System.Text.Json says when a text is not UTF-8.
            problems.Add(1, new Problem("connector-not-utf8", ""));
        }
        return null;
    }

    private Connector Read(ConnectorFields file)
    {
        // For editors; means nothing here.
        file.Text("$schema");
        _variables = [.. file.Objects("variables").Select(Variable)];
        Twice(file, "variables", _variables.Select(v => v.Name));
        var slug = file.Required("slug");
        if (slug.Length > 0 && (slug != _slug || !ApplicationSlug.IsValid(slug)))
        {
            file.Add("slug", new Problem("connector-slug", "slug", slug, _slug));
        }
        var connector = new Connector
        {
            Slug = slug,
            Name = file.Required("name"),
            Status = file.Word("status", ConnectorWords.Status, ConnectorStatus.Stable),
            Common = file.Flag("common"),
            Categories = Categories(file),
            Aliases = [.. file.Objects("aliases").Select(Alias)],
            VendorPage = Link(file, "vendor_page"),
            Color = Color(file),
            Modes = Modes(file),
            Variables = _variables,
            ServiceProvider = ServiceProvider(file),
            NameId = NameId(file),
            Sign = SignOf(file),
            EncryptedAssertions = file.Word(
                "encrypted_assertions",
                ConnectorWords.Known,
                Known.Unknown
            ),
            RequestBinding = file.Word(
                "request_binding",
                ConnectorWords.RequestBindings,
                RequestBinding.Unknown
            ),
            DeclareRedirectEndpoint = file.OptionalFlag("declare_redirect_endpoint"),
            Attributes = [.. file.Objects("attributes").Select(Attribute)],
            Fields = [.. file.Objects("fields").Select(Field)],
            Certificate = Certificate(file),
            Guide = Guide(file),
            Evidence = Evidence(file),
        };
        Twice(file, "attributes", connector.Attributes.Select(a => a.Name));
        file.End();
        return connector;
    }

    private static List<string> Categories(ConnectorFields file)
    {
        var categories = file.Texts("categories").ToList();
        if (categories.Count == 0)
        {
            file.Add("categories", new Problem("connector-key-missing", "", "file", "categories"));
        }
        foreach (var unknown in categories.Except(ConnectorWords.Categories))
        {
            file.Add(
                "categories",
                new Problem(
                    "connector-not-word",
                    "",
                    "categories",
                    unknown,
                    ConnectorWords.Categories.MinBy(c =>
                        Settings.EditDistance.Between(c, unknown)
                    )!,
                    string.Join(", ", ConnectorWords.Categories)
                )
            );
        }
        return categories;
    }

    private static ConnectorAlias Alias(ConnectorFields alias)
    {
        var read = new ConnectorAlias(
            alias.Required("name"),
            alias.Word("reason", ConnectorWords.AliasReasons, AliasReason.OtherName)
        );
        alias.End();
        return read;
    }

    private static ConnectorModes Modes(ConnectorFields file)
    {
        if (file.Object("modes", required: true) is not { } modes)
        {
            return new(default, default, default, default, default);
        }
        Known Mode(string key) => modes.Word(key, ConnectorWords.Known, Known.Unknown);
        var read = new ConnectorModes(
            Mode("sp_initiated"),
            Mode("idp_initiated"),
            Mode("jit"),
            Mode("scim"),
            Mode("slo")
        );
        modes.End();
        return read;
    }

    private ConnectorVariable Variable(ConnectorFields variable)
    {
        var read = new ConnectorVariable
        {
            Name = variable.Required("name"),
            Label = variable.Required("label"),
            Hint = variable.Text("hint"),
            Example = variable.Required("example"),
            Pattern = variable.Required("pattern"),
            Expected = variable.Required("expected"),
            Required = variable.Flag("required", otherwise: true),
            Host = variable.Text("host"),
        };
        if (read.Name.Length > 0 && !VariableName().IsMatch(read.Name))
        {
            variable.Add("name", new Problem("connector-variable-name", "", read.Name));
        }
        if (ConnectorPattern.Fault(read.Pattern) is { } fault)
        {
            variable.Add("pattern", new Problem("connector-pattern", "", Sentence(fault)));
        }
        else if (!ConnectorVariables.Matches(read, read.Example))
        {
            variable.Add(
                "example",
                new Problem("connector-example", "", read.Example, read.Pattern)
            );
        }
        variable.End();
        return read;
    }

    /// <summary>A template; a problem if it needs a variable that is not asked for.</summary>
    private string? Template(ConnectorFields fields, string key)
    {
        var template = fields.Text(key);
        if (template is not null)
        {
            CheckTemplate(fields, key, template, mayLack: true);
        }
        return template;
    }

    private void CheckTemplate(ConnectorFields fields, string key, string template, bool mayLack)
    {
        foreach (var name in ConnectorTemplate.Variables(template))
        {
            var variable = _variables.Find(v => v.Name == name);
            if (variable is null)
            {
                fields.Add(
                    key,
                    new Problem(
                        "connector-variable-unknown",
                        "",
                        name,
                        string.Join(", ", _variables.Select(v => v.Name))
                    )
                );
            }
            else if (!variable.Required && !mayLack)
            {
                fields.Add(key, new Problem("connector-variable-optional", "", name, key));
            }
        }
    }

    private static string? Link(ConnectorFields fields, string key)
    {
        var link = fields.Text(key);
        if (link is not null && EndpointUrl.Fault(link.Split('#')[0]) is not null)
        {
            fields.Add(key, new Problem("connector-link", "", key, link));
        }
        return link;
    }

    private static string? Color(ConnectorFields file)
    {
        var color = file.Text("color");
        if (color is not null && !HexColor().IsMatch(color))
        {
            file.Add("color", new Problem("connector-color", "", color));
        }
        return color;
    }

    private static void Twice(ConnectorFields file, string key, IEnumerable<string> names)
    {
        foreach (
            var name in names
                .GroupBy(n => n, StringComparer.Ordinal)
                .Where(g => g.Count() > 1)
                .Select(g => g.Key)
        )
        {
            file.Add(key, new Problem("connector-name-twice", "", key, name));
        }
    }

    /// <summary>A framework's message without the position it puts behind, which we say ourselves.</summary>
    private static string Sentence(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.', ' ');
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,39}$", RegexOptions.None, 1000)]
    private static partial Regex VariableName();

    [GeneratedRegex("^#[0-9a-f]{6}$", RegexOptions.None, 1000)]
    private static partial Regex HexColor();
}
