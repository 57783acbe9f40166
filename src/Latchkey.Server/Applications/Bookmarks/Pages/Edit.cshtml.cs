using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.Applications.Bookmarks.Pages;

/// <summary>One bookmark.</summary>
internal sealed class EditModel(ApplicationService applications, AccessQueries access, ITexts texts)
    : BookmarkPage(access, texts)
{
    private readonly AccessQueries _access = access;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await LoadAsync(id, cancellationToken) is not { } bookmark)
        {
            return NotFound();
        }
        Form = new BookmarkForm
        {
            Label = bookmark.Label,
            Description = bookmark.Description,
            LoginUrl = bookmark.LoginUrl,
            Color = bookmark.Color,
            Groups = [.. await _access.GroupIdsAsync(id, cancellationToken)],
            Version = bookmark.Version,
        };
        return await ShowAsync([], cancellationToken);
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await LoadAsync(id, cancellationToken) is null)
        {
            return NotFound();
        }
        if (Command == "groups")
        {
            return await ShowAsync([], cancellationToken);
        }
        var read = await ReadAsync(cancellationToken);
        if (read.Value is not { } input)
        {
            return await ShowAsync(read.Problems, cancellationToken);
        }
        var saved = await applications.UpdateAsync(
            id,
            Command switch
            {
                "activate" => input with { Active = true },
                "deactivate" => new ApplicationInput { Active = false },
                _ => input,
            },
            Form.Version,
            cancellationToken
        );
        if (saved.Value is not { } bookmark)
        {
            return await ShowAsync(saved.Problems, cancellationToken);
        }
        Say(
            Command switch
            {
                "activate" => "bookmark.toast.activated",
                "deactivate" => "bookmark.toast.deactivated",
                _ => "applications.toast.saved",
            },
            bookmark
        );
        return Redirect($"/admin/applications/{id}/bookmark");
    }

    private async Task<Application?> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        var found = await applications.FindAsync(id, cancellationToken);
        Application = found?.Kind == ApplicationKind.Bookmark ? found : null;
        return Application;
    }
}
