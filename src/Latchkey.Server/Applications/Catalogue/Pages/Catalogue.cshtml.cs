using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Applications.Catalogue.Pages;

/// <summary>Where adding an application begins: connectors to search, and the two that fit everything.</summary>
internal sealed class CatalogueModel(ConnectorCatalogue catalogue, ITexts texts) : PageModel
{
    /// <summary>With the logos drawn into it, the page stays within the weight of every other.</summary>
    public const int Size = 18;

    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Category { get; set; }

    /// <summary>See <see cref="ConnectorFilter"/>.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Only { get; set; }

    [BindProperty(SupportsGet = true, Name = "p")]
    public int Number { get; set; } = 1;

    public IReadOnlyList<ConnectorMatch> Matches { get; private set; } = [];

    public int Total { get; private set; }

    public IReadOnlyList<ConnectorProblem> Problems => catalogue.Problems;

    public bool Filtered =>
        !string.IsNullOrWhiteSpace(Q)
        || !string.IsNullOrEmpty(Category)
        || !string.IsNullOrEmpty(Only);

    public IEnumerable<SelectListItem> Filters =>
        ConnectorFilter
            .All.Select(name => new SelectListItem(
                texts[name == "stable" ? "catalogue.only.stable" : $"catalogue.mode.{name}"],
                name
            ))
            .Prepend(new SelectListItem(texts["catalogue.category.all"], ""));

    public IEnumerable<SelectListItem> Categories =>
        catalogue
            .All.SelectMany(c => c.Categories)
            .Distinct(StringComparer.Ordinal)
            .Select(c => new SelectListItem(texts[$"catalogue.category.{c}"], c))
            .OrderBy(c => c.Text, StringComparer.Ordinal)
            .Prepend(new SelectListItem(texts["catalogue.category.all"], ""));

    public void OnGet()
    {
        catalogue.Refresh();
        var category = string.IsNullOrEmpty(Category) ? null : Category;
        var found = ConnectorSearch.Find(
            catalogue.All.Where(connector => ConnectorFilter.Takes(Only, connector)),
            Q,
            category
        );
        if (string.IsNullOrWhiteSpace(Q))
        {
            // Nobody looks for anything in particular: what most have comes first, then what rests on current guides.
            found = [.. found.OrderBy(m => !m.Connector.Common).ThenBy(m => m.Connector.Status)];
        }
        Total = found.Count;
        Number = Math.Clamp(Number, 1, Math.Max(1, (Total + Size - 1) / Size));
        Matches = [.. found.Skip((Number - 1) * Size).Take(Size)];
    }

    /// <summary>Why it was found, where its name does not say it.</summary>
    public string? Reason(ConnectorMatch match) =>
        match.Alias is { } alias
            ? texts[
                alias.Reason switch
                {
                    AliasReason.SharedLogin => "catalogue.reason.shared-login",
                    AliasReason.PartOf => "catalogue.reason.part-of",
                    _ => "catalogue.reason.other-name",
                },
                alias.Name,
                match.Connector.Name
            ]
        : match.Category is { } category
            ? texts["catalogue.reason.category", texts[$"catalogue.category.{category}"]]
        : null;
}
