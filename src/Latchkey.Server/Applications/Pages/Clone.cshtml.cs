using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Applications.Pages;

/// <summary>Clones an application as a custom one (S0-18).</summary>
internal sealed class CloneModel(ApplicationService applications, ITexts texts) : PageModel
{
    [BindProperty]
    public string? Label { get; set; }

    public Application Application { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(id, cancellationToken))
        {
            return NotFound();
        }
        Label = texts["clone.label", Application.Label];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(id, cancellationToken))
        {
            return NotFound();
        }
        var made = await applications.CreateAsync(
            ApplicationClone.Of(Application, Label?.Trim() ?? ""),
            cancellationToken
        );
        if (made.Value is not { } clone)
        {
            foreach (var problem in made.Problems)
            {
                ModelState.AddModelError(nameof(Label), texts.Say(problem));
            }
            return Page();
        }
        this.Toast(texts["clone.done", clone.Label]);
        return Redirect($"/admin/applications/{clone.Id}");
    }

    private async Task<bool> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        var application = await applications.FindAsync(id, cancellationToken);
        Application = application!;
        return application is { Kind: ApplicationKind.Saml };
    }
}
