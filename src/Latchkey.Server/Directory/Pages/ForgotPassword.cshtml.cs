using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Mail;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Directory.Pages;

/// <summary>Asks for a mail with a link to choose a new password. Says the same whoever is meant.</summary>
[AllowAnonymous]
internal sealed class ForgotPasswordModel(
    PasswordReset reset,
    MailSettingsService mail,
    ITexts texts
) : PageModel
{
    public string? Username { get; private set; }

    /// <summary>Whether this server can send mail at all.</summary>
    public bool CanMail { get; private set; }

    public bool Asked { get; private set; }

    public async Task OnGetAsync(bool asked, CancellationToken cancellationToken)
    {
        Asked = asked;
        CanMail = (await mail.ReadAsync(cancellationToken)).IsSetUp;
    }

    public async Task<IActionResult> OnPostAsync(
        string? username,
        CancellationToken cancellationToken
    )
    {
        ModelState.Clear();
        CanMail = (await mail.ReadAsync(cancellationToken)).IsSetUp;
        if (!CanMail)
        {
            return Page();
        }
        Username = username;
        if (string.IsNullOrWhiteSpace(username))
        {
            ModelState.AddModelError("username", texts["forgot.problem.missing"]);
            return Page();
        }
        if (!reset.Ask(username, HttpContext.Connection.RemoteIpAddress))
        {
            ModelState.AddModelError("", texts["signin.problem.throttled"]);
            return Page();
        }
        return Redirect("/forgot-password?asked=true");
    }
}
