using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Applications.Differences.Pages;

/// <summary>"What would change": now and then, field by field, and a tick for each. What lowers the application's security, and what the administrator changed, is not ticked beforehand (S1-13, rule M3).</summary>
internal sealed class DifferenceModel(MetadataProposals proposals, ITexts texts) : PageModel
{
    public ShownProposal Shown { get; private set; } = null!;

    /// <summary>The names of the fields to change.</summary>
    [BindProperty]
    public List<string> Take { get; set; } = [];

    /// <summary>The application's version that was looked at.</summary>
    [BindProperty]
    public long Version { get; set; }

    private bool CameBack { get; set; }

    public bool IsTicked(FieldDifference difference) =>
        CameBack ? Take.Contains(difference.Name) : difference.IsHarmless;

    public string Say(Problem problem) => texts.Say(problem);

    /// <summary>A value as people read it.</summary>
    public string Show(FieldDifference difference, string? value) =>
        value switch
        {
            null => texts["metadata.value.none"],
            "true" => texts["metadata.value.yes"],
            "false" => texts["metadata.value.no"],
            _ => difference.Name == "logo" ? texts["metadata.value.picture", value.Length] : value,
        };

    public async Task<IActionResult> OnGetAsync(
        Guid id,
        Guid proposal,
        CancellationToken cancellationToken
    )
    {
        if (await LoadAsync(id, proposal, cancellationToken) is { } elsewhere)
        {
            return elsewhere;
        }
        Version = Shown.Application.Version;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(
        Guid id,
        Guid proposal,
        CancellationToken cancellationToken
    )
    {
        if (await LoadAsync(id, proposal, cancellationToken) is { } elsewhere)
        {
            return elsewhere;
        }
        var applied = await proposals.ApplyAsync(Shown, Take, Version, cancellationToken);
        if (applied.Ok)
        {
            this.Toast(texts["metadata.toast.applied", Shown.Differences.Count(IsTaken)]);
            return Redirect($"/admin/applications/{id}");
        }
        foreach (var problem in applied.Problems)
        {
            ModelState.AddModelError("", texts.Say(problem));
        }
        // What somebody else changed meanwhile is shown now, and ticked anew.
        CameBack = Version == Shown.Application.Version;
        Version = Shown.Application.Version;
        return Page();
    }

    public async Task<IActionResult> OnPostDismissAsync(
        Guid id,
        Guid proposal,
        CancellationToken cancellationToken
    )
    {
        if (await LoadAsync(id, proposal, cancellationToken) is { } elsewhere)
        {
            return elsewhere;
        }
        await proposals.DismissAsync(Shown, cancellationToken);
        this.Toast(texts["metadata.toast.dismissed"]);
        return Redirect($"/admin/applications/{id}");
    }

    private bool IsTaken(FieldDifference difference) => Take.Contains(difference.Name);

    /// <summary>Null when there is something to show.</summary>
    private async Task<IActionResult?> LoadAsync(
        Guid id,
        Guid proposal,
        CancellationToken cancellationToken
    )
    {
        var found = await proposals.FindAsync(id, proposal, cancellationToken);
        if (found is null)
        {
            return NotFound();
        }
        if (!found.Ok)
        {
            this.Toast(texts.Say(found.Problems[0]));
            return Redirect($"/admin/applications/{id}/metadata");
        }
        Shown = found.Value;
        return null;
    }
}
