using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.Applications.Bookmarks.Pages;

/// <summary>Makes a bookmark.</summary>
internal sealed class NewModel(ApplicationService applications, AccessQueries access, ITexts texts)
    : BookmarkPage(access, texts)
{
    public Task OnGetAsync(CancellationToken cancellationToken) => ShowAsync([], cancellationToken);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Command == "groups")
        {
            return await ShowAsync([], cancellationToken);
        }
        var read = await ReadAsync(cancellationToken);
        if (read.Value is not { } input)
        {
            return await ShowAsync(read.Problems, cancellationToken);
        }
        var activate = Command != "save";
        var made = await applications.CreateAsync(
            input with
            {
                Active = activate,
            },
            cancellationToken
        );
        if (made.Value is not { } bookmark)
        {
            return await ShowAsync(made.Problems, cancellationToken);
        }
        Say(activate ? "bookmark.toast.activated" : "bookmark.toast.created", bookmark);
        return Redirect($"/admin/applications/{bookmark.Id}/bookmark");
    }
}
