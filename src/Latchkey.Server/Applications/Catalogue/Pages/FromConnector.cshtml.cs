using System.Globalization;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Applications.Catalogue.Pages;

/// <summary>What the administrator says: the connector's own variables, a name, and groups. Nothing else is asked (flow A).</summary>
internal sealed class FromConnectorForm
{
    public string? Label { get; set; }
    public Dictionary<string, string> Variables { get; set; } = new(StringComparer.Ordinal);
    public List<Guid> Groups { get; set; } = [];
    public string? GroupSearch { get; set; }
}

/// <summary>Makes an application out of a connector.</summary>
internal sealed class FromConnectorModel(
    ConnectorCatalogue catalogue,
    ApplicationService applications,
    AccessQueries access,
    HostLookup hosts,
    ServerOptions server,
    ITexts texts
) : PageModel
{
    [BindProperty(SupportsGet = true, Name = "connector")]
    public string? Slug { get; set; }

    [BindProperty]
    public FromConnectorForm Form { get; set; } = new();

    /// <summary>Which button was pressed.</summary>
    [BindProperty]
    public string? Command { get; set; }

    public Connector Connector { get; private set; } = null!;

    public GrantedGroups Groups { get; private set; } = null!;

    /// <summary>What a variable says of itself while it is typed, by its name.</summary>
    public Dictionary<string, string> Checks { get; } = new(StringComparer.Ordinal);

    /// <summary>What becomes of the values; null while one that is needed is missing or wrong.</summary>
    public ApplicationInput? Made { get; private set; }

    /// <summary>Where the SSO address will be.</summary>
    public string Address { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!Load())
        {
            return NotFound();
        }
        Form.Label = Connector.Name;
        return await ShowAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!Load())
        {
            return NotFound();
        }
        ModelState.Clear();
        var filled = ConnectorVariables.Fill(Connector, Form.Variables);
        if (Command is "check" or "groups")
        {
            if (Command == "check")
            {
                await CheckAsync(cancellationToken);
            }
            return await ShowAsync(cancellationToken);
        }
        if (filled.Value is not { } input)
        {
            return await RefuseAsync(filled.Problems, cancellationToken);
        }
        var activate = Command != "save";
        var created = await applications.CreateAsync(
            input with
            {
                Label = string.IsNullOrWhiteSpace(Form.Label) ? Connector.Name : Form.Label,
                GroupIds = [.. Form.Groups.Distinct()],
                Active = activate,
            },
            cancellationToken
        );
        if (created.Value is not { } application)
        {
            return await RefuseAsync(created.Problems, cancellationToken);
        }
        this.Toast(
            texts[
                activate ? "applications.toast.activated" : "applications.toast.created",
                application.Label
            ]
        );
        return Redirect($"/admin/applications/{application.Id}{(activate ? "#guide" : "")}");
    }

    private bool Load()
    {
        Connector = catalogue.Find(Slug)!;
        return Connector is not null;
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        foreach (var variable in Connector.Variables)
        {
            var value = Form.Variables.GetValueOrDefault(variable.Name)?.Trim() ?? "";
            if (value.Length == 0)
            {
                continue;
            }
            if (ConnectorVariables.Fault(variable, value) is { } fault)
            {
                Checks[variable.Name] = texts.Say(fault);
            }
            else if (HostLookup.HostOf(variable, value) is { } host)
            {
                Checks[variable.Name] = await hosts.ExistsAsync(host, cancellationToken) switch
                {
                    true => texts["catalogue.host.there", host],
                    false => texts["catalogue.host.missing", host],
                    null => texts["catalogue.host.unknown", host],
                };
            }
            else
            {
                Checks[variable.Name] = texts["catalogue.variable.ok"];
            }
        }
    }

    private async Task<PageResult> RefuseAsync(
        IEnumerable<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        foreach (var problem in problems)
        {
            ModelState.AddModelError(Field(problem.Where), texts.Say(problem));
        }
        return await ShowAsync(cancellationToken);
    }

    private static string Field(string where) =>
        where.StartsWith("variables.", StringComparison.Ordinal)
            ? $"Form.Variables[{where["variables.".Length..]}]"
        : where == "label" ? "Form.Label"
        : "";

    private async Task<PageResult> ShowAsync(CancellationToken cancellationToken)
    {
        Made = ConnectorVariables.Fill(Connector, Form.Variables).Value;
        var slug = await applications.SuggestSlugAsync(
            string.IsNullOrWhiteSpace(Form.Label) ? Connector.Name : Form.Label,
            cancellationToken
        );
        Address = IdpMetadata.SignOnAddress(server, slug);
        Groups = await GrantedGroups.LoadAsync(
            access,
            Form.Groups,
            Form.GroupSearch,
            cancellationToken
        );
        return Page();
    }

    /// <summary>One line for each thing that is sent.</summary>
    public IEnumerable<string> Sent()
    {
        foreach (var attribute in Connector.Attributes.Where(a => a.Sent && !a.Hidden))
        {
            var what = attribute.Kind switch
            {
                AttributeKind.Groups => texts["catalogue.sent.groups"],
                AttributeKind.Constant => texts["catalogue.sent.constant"],
                _ => SourceName(attribute.Value!),
            };
            yield return string.Create(CultureInfo.InvariantCulture, $"{attribute.Name}: {what}");
        }
    }

    private string SourceName(string source) =>
        texts.Has($"applications.source.{source}")
            ? texts[$"applications.source.{source}"]
            : source;
}
