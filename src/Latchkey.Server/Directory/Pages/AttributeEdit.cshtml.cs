using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Directory.Pages;

/// <summary>Defines a custom attribute, or changes what is said about one.</summary>
internal sealed class AttributeEditModel(AttributeDefinitions definitions, ITexts texts) : PageModel
{
    private const string List = "/admin/users/settings";

    /// <summary>Which; null for a new one.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Name { get; set; }

    [BindProperty]
    public DefinitionForm Input { get; set; } = new();

    public IEnumerable<SelectListItem> Types =>
        AttributeTypes.All.Select(type => new SelectListItem(
            texts["attributes.type." + type],
            type
        ));

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (Name is null)
        {
            return Page();
        }
        var found = (await definitions.ListAsync(cancellationToken)).FirstOrDefault(d =>
            d.Name == Name
        );
        if (found is null)
        {
            return NotFound();
        }
        Input = new DefinitionForm
        {
            Label = found.Label,
            Description = found.Description,
            Type = AttributeTypes.Name(found.Type),
        };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var type = AttributeTypes.TryParse(Input.Type, out var said) ? said : AttributeType.String;
        var outcome = await definitions.SaveAsync(
            new AttributeDefinitionInput(
                Name ?? Input.Name?.Trim() ?? "",
                Input.Label,
                Input.Description,
                type
            ),
            isNew: Name is null,
            cancellationToken
        );
        if (!outcome.Ok)
        {
            this.AddProblems(outcome.Problems);
            return Page();
        }
        this.Toast(texts["attributes.saved", outcome.Value.Label]);
        return Redirect(List);
    }

    public async Task<IActionResult> OnPostDeleteAsync(CancellationToken cancellationToken)
    {
        if (await definitions.DeleteAsync(Name ?? "", cancellationToken))
        {
            this.Toast(texts["attributes.deleted", Name]);
        }
        return Redirect(List);
    }

    /// <summary>The form.</summary>
    public sealed class DefinitionForm
    {
        public string? Name { get; set; }
        public string? Label { get; set; }
        public string? Description { get; set; }
        public string? Type { get; set; }
    }
}
