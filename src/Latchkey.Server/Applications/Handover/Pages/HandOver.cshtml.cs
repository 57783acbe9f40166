using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Applications.Handover.Pages;

/// <summary>The page for the other side's engineer (S0-37), to print or to share.</summary>
internal sealed class HandOverModel(
    ApplicationService applications,
    ApplicationGuides guides,
    HandoverLinks links,
    ITexts texts
) : PageModel
{
    public ApplicationGuide Guide { get; private set; } = null!;

    public IReadOnlyList<HandoverLink> Links { get; private set; } = [];

    /// <summary>The address of the link that was just made; shown this once.</summary>
    public string? Made { get; private set; }

    public IEnumerable<SelectListItem> Days =>
        HandoverLinks.Days.Select(days => new SelectListItem(
            texts["handover.days.count", days],
            $"{days}"
        ));

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken) =>
        await LoadAsync(id, cancellationToken) ? Page() : NotFound();

    public async Task<IActionResult> OnPostCreateAsync(
        Guid id,
        int days,
        CancellationToken cancellationToken
    )
    {
        if (!await LoadAsync(id, cancellationToken))
        {
            return NotFound();
        }
        var made = await links.CreateAsync(Guide.Application, days, cancellationToken);
        if (made.Value is { } link)
        {
            Made = link.Address;
        }
        else
        {
            this.Toast(texts.Say(made.Problems[0]));
        }
        Links = await links.ListAsync(id, cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostRevokeAsync(
        Guid id,
        Guid link,
        CancellationToken cancellationToken
    )
    {
        if (!await LoadAsync(id, cancellationToken))
        {
            return NotFound();
        }
        await links.RevokeAsync(Guide.Application, link, cancellationToken);
        this.Toast(texts["handover.revoked"]);
        return Redirect($"/admin/applications/{id}/hand-over");
    }

    private async Task<bool> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        var application = await applications.FindAsync(id, cancellationToken);
        if (application is not { Kind: ApplicationKind.Saml })
        {
            return false;
        }
        Guide = await guides.OfAsync(application, cancellationToken);
        Links = await links.ListAsync(id, cancellationToken);
        return true;
    }
}
