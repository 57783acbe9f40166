using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Directory.Pages;

/// <summary>The list of groups.</summary>
internal sealed class GroupsModel(DirectoryQueries directory) : PageModel
{
    private const int PageSize = 25;

    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    /// <summary>The number of the list's page.</summary>
    [BindProperty(SupportsGet = true)]
    public string? P { get; set; }

    public PageOf<GroupRow> List { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var page = PageNumber.Read(P);
        List = await directory.GroupsAsync(Q, page, PageSize, cancellationToken);
    }
}
