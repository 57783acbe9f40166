using Latchkey.Server.Insights;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.SignIn.Account.Pages;

/// <summary>All browsers in which the user signed in before: each can be forgotten.</summary>
internal sealed class BrowsersModel(
    KnownBrowsers browsers,
    EventRecorder events,
    ITexts texts,
    FreshProof proof,
    TimeProvider time
) : AccountPage(proof, time)
{
    private const int Size = 25;

    // As the pager calls it; "page" is also the name of a route value, which would win.
    [BindProperty(SupportsGet = true), FromQuery(Name = "p")]
    public int Number { get; set; } = 1;

    public ShownBrowsers Shown { get; private set; } = null!;

    public async Task OnGetAsync() => Shown = await BrowsersAsync(browsers, Number, Size);

    public async Task<IActionResult> OnPostForgetAsync(Guid id)
    {
        if (await browsers.ForgetAsync(Me, id, events, Ct))
            this.Toast(texts["security.browsers.forgotten"]);
        return SeeOther("/security/browsers");
    }
}
