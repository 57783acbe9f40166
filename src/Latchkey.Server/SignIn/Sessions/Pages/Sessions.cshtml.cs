using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.SignIn.Sessions.Pages;

/// <summary>Who is signed in where, in the whole organisation.</summary>
internal sealed class SessionsModel(
    SessionList sessions,
    SessionEnding ending,
    UserService users,
    Acting acting,
    ITexts texts
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid? After { get; set; }

    public SessionPage List { get; private set; } = new([], null);

    /// <summary>Where a form of this page posts, so that the search stays.</summary>
    public string Action(string handler) =>
        string.IsNullOrEmpty(Q)
            ? $"/admin/sessions?handler={handler}"
            : $"/admin/sessions?handler={handler}&q={Uri.EscapeDataString(Q)}";

    public async Task OnGetAsync() =>
        List = await sessions.ListAsync(
            new(Q),
            After,
            SessionList.PageSize,
            HttpContext.RequestAborted
        );

    /// <summary>Ends one session, or all of its user.</summary>
    public async Task<IActionResult> OnPostEndAsync(Guid user, Guid id, bool all)
    {
        var ct = HttpContext.RequestAborted;
        if (await users.FindAsync(user, ct) is { } found)
        {
            if (!acting.MayTouch(found))
            {
                this.AddProblems([UserWriter.Above]);
                await OnGetAsync();
                return Page();
            }
            var ended = await ending.EndAsync(user, all ? null : id, null, ct);
            this.Toast(texts["sessions.ended", found.Username, ended]);
        }
        return Redirect(
            string.IsNullOrEmpty(Q)
                ? "/admin/sessions"
                : $"/admin/sessions?q={Uri.EscapeDataString(Q)}"
        );
    }
}
