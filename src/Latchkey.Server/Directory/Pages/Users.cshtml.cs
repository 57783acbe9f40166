using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Directory.Pages;

/// <summary>The list of users.</summary>
internal sealed class UsersModel(DirectoryQueries directory, ITexts texts) : PageModel
{
    private const int PageSize = 25;

    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    /// <summary>A state's name, or "roles".</summary>
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    /// <summary>The number of the list's page.</summary>
    [BindProperty(SupportsGet = true)]
    public string? P { get; set; }

    public PageOf<UserRow> List { get; private set; } = null!;

    public IEnumerable<SelectListItem> States =>
        [
            new(texts["users.filter.all"], ""),
            new(texts["user.state.activated"], "activated"),
            new(texts["user.state.staged"], "staged"),
            new(texts["user.state.suspended"], "suspended"),
            new(texts["users.filter.roles"], "roles"),
            new(texts["users.filter.no-factor"], "no-factor"),
        ];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var page = PageNumber.Read(P);
        List = await directory.UsersAsync(Query(Q, State), page, PageSize, cancellationToken);
    }

    /// <summary>What a search in the list means; also what "all of them" means for a bulk action.</summary>
    public static UserQuery Query(string? q, string? state) =>
        new(
            q,
            state switch
            {
                "activated" => UserState.Activated,
                "staged" => UserState.Staged,
                "suspended" => UserState.Suspended,
                _ => null,
            },
            state == "roles",
            state == "no-factor"
        );
}
