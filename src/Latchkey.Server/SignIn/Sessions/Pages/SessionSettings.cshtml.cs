using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.SignIn.Sessions.Pages;

/// <summary>How long sessions last and what browsers may keep.</summary>
internal sealed class SessionSettingsModel(SessionSettingsService settings, ITexts texts)
    : PageModel
{
    [BindProperty]
    public SessionSettingsForm Input { get; set; } = new();

    public async Task OnGetAsync()
    {
        var present = await settings.ReadAsync(HttpContext.RequestAborted);
        Input = new()
        {
            IdleMinutes = present.IdleMinutes,
            LifetimeHours = present.LifetimeHours,
            KeepsCookie = present.KeepsCookie,
            RememberDays = present.RememberDays,
            TellsNewBrowsers = present.TellsNewBrowsers,
        };
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid)
            return Page();
        var saved = await settings.SaveAsync(
            new(
                Input.IdleMinutes,
                Input.LifetimeHours,
                Input.KeepsCookie,
                Input.RememberDays,
                Input.TellsNewBrowsers
            ),
            HttpContext.RequestAborted
        );
        if (saved.Ok)
        {
            this.Toast(texts["session-settings.saved"]);
            return Redirect(Request.Path);
        }
        this.AddProblems(saved.Problems);
        return Page();
    }
}

/// <summary>The form.</summary>
internal sealed class SessionSettingsForm
{
    public int IdleMinutes { get; set; }
    public int LifetimeHours { get; set; }
    public bool KeepsCookie { get; set; }
    public int RememberDays { get; set; }
    public bool TellsNewBrowsers { get; set; }
}
