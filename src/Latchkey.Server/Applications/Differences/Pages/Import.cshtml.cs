using Latchkey.Server.Applications.Following;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Applications.Differences.Pages;

/// <summary>Takes metadata for an application that exists. Nothing changes here: the next page shows what would.</summary>
internal sealed class ImportModel(
    ApplicationService applications,
    MetadataImport import,
    MetadataProposals proposals,
    MetadataFollowing following,
    MetadataRefresh refresh,
    ITexts texts
) : PageModel
{
    [BindProperty]
    public string? MetadataUrl { get; set; }

    [BindProperty]
    public string? MetadataText { get; set; }

    [BindProperty]
    public IFormFile? MetadataFile { get; set; }

    /// <summary>The choice among several service providers of one file.</summary>
    [BindProperty]
    public string? Entity { get; set; }

    /// <summary>The address to follow.</summary>
    [BindProperty]
    public string? FollowUrl { get; set; }

    /// <summary>Certificates of which one must have signed what is there; empty for none.</summary>
    [BindProperty]
    public string? Pinned { get; set; }

    public bool IsFollowed { get; private set; }

    public Application Application { get; private set; } = null!;

    /// <summary>The service providers of a file that holds several, none of which is this one.</summary>
    public IReadOnlyList<SelectListItem> Choices { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken) =>
        await LoadAsync(id, cancellationToken) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(id, cancellationToken))
        {
            return NotFound();
        }
        var read = await new MetadataSource(MetadataFile, MetadataText, MetadataUrl).ReadAsync(
            import,
            cancellationToken
        );
        var chosen = read.Metadata.Ok
            ? read.Metadata.Value.ChooseFor(Application.SpEntityId, Entity)
            : Outcome<ImportedServiceProvider>.Failed(read.Metadata.Problems);
        if (chosen.Ok)
        {
            var proposal = await proposals.AddAsync(
                id,
                read.Content!,
                chosen.Value.EntityId,
                read.Url,
                cancellationToken
            );
            return Redirect($"/admin/applications/{id}/metadata/{proposal.Id}");
        }
        foreach (var problem in chosen.Problems)
        {
            ModelState.AddModelError(read.Field, texts.Say(problem));
        }
        if (read.Metadata.Ok)
        {
            Ask(read);
        }
        return Page();
    }

    public async Task<IActionResult> OnPostFollowAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(id, cancellationToken))
        {
            return NotFound();
        }
        var started = await following.StartAsync(
            id,
            FollowUrl?.Trim() ?? "",
            string.IsNullOrWhiteSpace(Pinned) ? [] : [Pinned],
            cancellationToken
        );
        if (!started.Ok)
        {
            foreach (var problem in started.Problems)
            {
                ModelState.AddModelError(
                    problem.Where == "pinned" ? nameof(Pinned) : nameof(FollowUrl),
                    texts.Say(problem)
                );
            }
            return Page();
        }
        var proposal = started.Value.Proposal;
        this.Toast(texts[proposal is null ? "following.toast.started" : "following.toast.differs"]);
        return Redirect(
            proposal is null
                ? $"/admin/applications/{id}"
                : $"/admin/applications/{id}/metadata/{proposal.Id}"
        );
    }

    public async Task<IActionResult> OnPostRefreshAsync(
        Guid id,
        CancellationToken cancellationToken
    )
    {
        var came = await refresh.RunAsync(id, atOnce: true, cancellationToken);
        this.Toast(
            came switch
            {
                null => texts["following.toast.busy"],
                { Value: null } => texts["following.toast.failed", texts.Say(came.Problems[0])],
                { Value.Held.Count: > 0 } => texts["following.toast.held"],
                { Value.Changed.Count: 0 } => texts["following.toast.same"],
                _ => texts[
                    "following.toast.changed",
                    string.Join(
                        ", ",
                        came.Value.Changed.Select(field => texts["metadata.field." + field])
                    )
                ],
            }
        );
        return Redirect($"/admin/applications/{id}");
    }

    public async Task<IActionResult> OnPostStopAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(id, cancellationToken))
        {
            return NotFound();
        }
        await following.StopAsync(Application, cancellationToken);
        this.Toast(texts["following.toast.stopped"]);
        return Redirect($"/admin/applications/{id}");
    }

    private void Ask(ReadMetadata read)
    {
        if (read.Url is null)
        {
            // The form is shown as it is now, not as it was sent.
            ModelState.SetModelValue(nameof(MetadataText), read.AsText, read.AsText);
            MetadataText = read.AsText;
        }
        Choices =
        [
            .. read.Metadata.Value!.ServiceProviders.Select(sp => new SelectListItem(
                sp.Label == sp.EntityId ? sp.Label : $"{sp.Label} ({sp.EntityId})",
                sp.EntityId
            )),
        ];
    }

    private async Task<bool> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        var application = await applications.FindAsync(id, cancellationToken);
        Application = application!;
        IsFollowed = await following.FindAsync(id, cancellationToken) is not null;
        return application is { Kind: ApplicationKind.Saml };
    }
}
