using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Server.Applications.Catalogue;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>Writes the public pages of the connectors out of their files.</summary>
internal sealed class ConnectorDocuments(ITexts texts)
{
    public const string Folder = "docs/how-to/connectors";

    /// <summary>Every page by its file's name.</summary>
    public IReadOnlyDictionary<string, string> All() =>
        ShippedConnectors
            .All.Values.ToDictionary(c => $"{c.Slug}.md", Page, StringComparer.Ordinal)
            .Append(new("README.md", Index()))
            .ToDictionary(StringComparer.Ordinal);

    private string Index()
    {
        var text = new StringBuilder();
        text.Append("# Connectors\n\nWhat Latchkey knows of ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{ShippedConnectors.All.Count} service providers. "
        );
        text.Append(
            "These pages are made from the files in [`connectors/`](../../../connectors); a test keeps them fresh. "
        );
        text.Append(
            "One that is missing can be connected [as a custom application](../connect-an-application.md), "
        );
        text.Append("or [written as a file](../../reference/connectors.md) of your own.\n");
        foreach (
            var category in ConnectorWords
                .Categories.Select(c => (Key: c, Name: texts[$"catalogue.category.{c}"]))
                .OrderBy(c => c.Name, StringComparer.Ordinal)
        )
        {
            var members = ShippedConnectors
                .All.Values.Where(c => c.Categories[0] == category.Key)
                .OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase)
                .ToList();
            text.Append(CultureInfo.InvariantCulture, $"\n## {category.Name}\n\n");
            foreach (var connector in members)
            {
                var aliases =
                    connector.Aliases.Count == 0
                        ? ""
                        : $", also {string.Join(", ", connector.Aliases.Select(a => a.Name))}";
                var beta = connector.Beta ? " (BETA)" : "";
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"* [{connector.Name}]({connector.Slug}.md){beta}{aliases}\n"
                );
            }
        }
        return text.ToString();
    }

    private string Page(Connector c)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {c.Name}\n\n");
        text.Append("<!-- Made from connectors/")
            .Append(c.Slug)
            .Append(".json; change that file. -->\n\n");
        text.Append(
                c.Guide.Basis == GuideBasis.Documented
                    ? "The steps name the settings as the vendor's or another current guide does."
                    : texts[$"guide.basis.{c.Guide.Basis.ToString().ToLowerInvariant()}"]
            )
            .Append('\n');
        if (c.Beta)
        {
            text.Append('\n').Append(texts["catalogue.beta.text"]).Append('\n');
        }
        Modes(text, c);
        List(text, "Before you start", c.Guide.Before);
        Ours(text, c);
        Steps(text, c);
        text.Append("\n## Test\n\n").Append(texts["guide.general.test"]).Append('\n');
        text.Append("\n## Who gets in\n\n")
            .Append(
                texts[
                    c.Modes.Jit == Known.Yes ? "guide.who.jit"
                    : c.Modes.Scim == Known.Yes ? "guide.who.scim"
                    : "guide.who.invite"
                ]
            )
            .Append('\n');
        text.Append("\n## Certificate\n\n")
            .Append(
                texts[$"catalogue.certificate.{c.Certificate.Form.ToString().ToLowerInvariant()}"]
            )
            .Append('\n');
        List(text, "Good to know", c.Guide.Notes);
        if (c.Guide.Errors.Count > 0)
        {
            text.Append(
                "\n## Known errors\n\n| What is seen | Cause | Remedy |\n| --- | --- | --- |\n"
            );
            foreach (var error in c.Guide.Errors)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {error.Text} | {error.Cause} | {error.Remedy} |\n"
                );
            }
        }
        Evidence(text, c);
        return text.ToString();
    }

    private void Modes(StringBuilder text, Connector c)
    {
        text.Append(
            "\n| Starts at the service | Starts at the portal | JIT | SCIM | Single logout |\n| --- | --- | --- | --- | --- |\n|"
        );
        foreach (
            var known in new[]
            {
                c.Modes.SpInitiated,
                c.Modes.IdpInitiated,
                c.Modes.Jit,
                c.Modes.Scim,
                c.Modes.Slo,
            }
        )
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $" {texts[$"catalogue.known.{known.ToString().ToLowerInvariant()}"]} |"
            );
        }
        text.Append('\n');
    }

    private static void List(StringBuilder text, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");
        foreach (var line in lines)
        {
            text.Append("* ").Append(line).Append('\n');
        }
    }

    private static void Ours(StringBuilder text, Connector c)
    {
        text.Append("\n## In Latchkey\n\nAdd an application, search for **")
            .Append(c.Name)
            .Append("**, ");
        text.Append(
            c.Variables.Count == 0
                ? "tick groups, and save and activate. Nothing has to be filled in.\n"
                : "fill in what follows, tick groups, and save and activate.\n"
        );
        if (c.Variables.Count > 0)
        {
            text.Append("\n| Value | Example | |\n| --- | --- | --- |\n");
            foreach (var variable in c.Variables)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {variable.Label}{(variable.Required ? "" : " (optional)")} | `{variable.Example}` | {variable.Hint?.Replace("<", "‹", StringComparison.Ordinal).Replace(">", "›", StringComparison.Ordinal)} |\n"
                );
            }
        }
        text.Append("\nThe connector fills in the rest:\n\n");
        text.Append(CultureInfo.InvariantCulture, $"* Entity ID `{c.ServiceProvider.EntityId}`\n");
        foreach (var acs in c.ServiceProvider.AcsUrls)
        {
            text.Append(CultureInfo.InvariantCulture, $"* ACS URL `{acs}`\n");
        }
        if (c.NameId is { } nameId)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"* NameID from `{nameId.Source}`, format `{nameId.Format}`\n"
            );
        }
        foreach (var attribute in c.Attributes.Where(a => a.Sent))
        {
            var what = attribute.Kind switch
            {
                Server.Applications.AttributeKind.Groups => attribute.Groups == GroupValues.Joined
                    ? "the groups, joined by commas"
                    : "the groups, one value each",
                Server.Applications.AttributeKind.Constant => $"`{attribute.Value}`",
                _ => $"`{attribute.Value}`",
            };
            text.Append(
                CultureInfo.InvariantCulture,
                $"* Attribute `{attribute.Name}`: {what}{(attribute.Required ? ", required" : "")}\n"
            );
        }
        foreach (var field in c.Fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"* `{field.Name}` is fixed: {field.Why}\n");
        }
    }

    private static void Steps(StringBuilder text, Connector c)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## At {c.Name}\n\n");
        for (var i = 0; i < c.Guide.Steps.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1}. {c.Guide.Steps[i].Text}\n");
            foreach (var value in c.Guide.Steps[i].Values)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"   * {value.Label}: {Words(value.Value)}\n"
                );
            }
        }
    }

    /// <summary>A copy token in the words of the application's page, where its value stands.</summary>
    private static string Words(string value) =>
        Regex.Replace(
            value.Contains("{{", StringComparison.Ordinal) ? value : $"`{value}`",
            @"\{\{(\w+)\}\}",
            match =>
                match.Groups[1].Value switch
                {
                    "sso_url" => "the SSO URL",
                    "entity_id" => "the IdP entity ID",
                    "metadata_url" => "the metadata URL, or the file behind it",
                    "certificate" => "the signing certificate",
                    "certificate_pem" => "the certificate as PEM",
                    "certificate_base64" => "the certificate as base64",
                    "certificate_base64_of_pem" => "the PEM text once more in base64",
                    "certificate_sha1" => "the SHA-1 fingerprint",
                    "certificate_sha256" => "the SHA-256 fingerprint",
                    "sp_entity_id" => "the entity ID above",
                    "acs_url" => "the ACS URL above",
                    "portal_url" => "the address of your portal",
                    _ => match.Value,
                },
            RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );

    private static void Evidence(StringBuilder text, Connector c)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n## Evidence\n\nCompared on {c.Evidence.Checked:yyyy-MM-dd}"
        );
        text.Append(
            c.Evidence.AsOf is null ? ".\n\n" : $"; the sources speak of {c.Evidence.AsOf}.\n\n"
        );
        if (c.VendorPage is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"* The vendor: <{c.VendorPage}>\n");
        }
        foreach (var source in c.Evidence.Sources)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"* {(source.StartsWith("http", StringComparison.Ordinal) && !source.Contains(' ', StringComparison.Ordinal) ? $"<{source}>" : source)}\n"
            );
        }
    }
}
