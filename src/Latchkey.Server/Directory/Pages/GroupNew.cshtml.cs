using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Directory.Pages;

/// <summary>Makes a group.</summary>
internal sealed class GroupNewModel(GroupService groups, ITexts texts) : PageModel
{
    [BindProperty]
    public GroupForm Input { get; set; } = new();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var outcome = await groups.CreateAsync(Input.ToInput(), cancellationToken);
        if (!outcome.Ok)
        {
            this.AddProblems(outcome.Problems);
            return Page();
        }
        this.Toast(texts["group.created", outcome.Value.Name]);
        return Redirect($"/admin/groups/{outcome.Value.Id}");
    }
}
