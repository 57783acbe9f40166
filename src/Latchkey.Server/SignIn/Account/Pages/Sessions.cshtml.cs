using Latchkey.Server.SignIn.Sessions;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.SignIn.Account.Pages;

/// <summary>Everywhere the user is signed in, however many places that are: each can be ended.</summary>
internal sealed class SessionsModel(
    SessionList sessions,
    SessionEnding ending,
    ITexts texts,
    FreshProof proof,
    TimeProvider time
) : AccountPage(proof, time)
{
    private const int Size = 25;

    // As the pager calls it; "page" is also the name of a route value, which would win.
    [BindProperty(SupportsGet = true), FromQuery(Name = "p")]
    public int Number { get; set; } = 1;

    public ShownSessions Shown { get; private set; } = null!;

    public async Task OnGetAsync() => Shown = await SessionsAsync(sessions, Number, Size);

    public async Task<IActionResult> OnPostEndAsync(Guid id)
    {
        if (await ending.EndAsync(Me.Id, only: id, but: null, Ct) > 0)
            this.Toast(texts["security.sessions.ended"]);
        return SeeOther("/security/sessions");
    }
}
