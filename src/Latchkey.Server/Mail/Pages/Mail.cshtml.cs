using Latchkey.Server.Insights;
using Latchkey.Server.Mail.Smtp;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Mail.Pages;

/// <summary>How mail leaves, and a mail to try it.</summary>
internal sealed class MailModel(
    MailSettingsService service,
    TestMail test,
    MailQueue queue,
    EventRecorder events,
    ITexts texts
) : PageModel
{
    [BindProperty]
    public MailSettingsInput Input { get; set; } = new();

    public MailSettings Settings { get; private set; } = null!;

    /// <summary>Whether a password is saved.</summary>
    public bool HasPassword { get; private set; }

    public int Stuck { get; private set; }

    public string? TestTo { get; private set; }

    public IEnumerable<SelectListItem> Securities =>
        [
            new(texts["mail.security.starttls"], nameof(SmtpSecurity.StartTls)),
            new(texts["mail.security.tls"], nameof(SmtpSecurity.Tls)),
            new(texts["mail.security.none"], nameof(SmtpSecurity.None)),
        ];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        Input = MailSettingsInput.Of(Settings, await service.SavedAsync(cancellationToken));
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var outcome = await service.SaveAsync(Input, events, cancellationToken);
        if (!outcome.Ok)
        {
            this.AddProblems(outcome.Problems);
            await LoadAsync(cancellationToken);
            return Page();
        }
        this.Toast(texts["mail.saved"]);
        return Redirect("/admin/settings/mail");
    }

    /// <summary>Sends a mail at once, past the queue, so that the server's answer is seen here.</summary>
    public async Task<IActionResult> OnPostTestAsync(
        [FromForm(Name = "Test.To")] string? to,
        CancellationToken cancellationToken
    )
    {
        ModelState.Clear();
        await OnGetAsync(cancellationToken);
        TestTo = to?.Trim();
        var name = HttpContext.Features.Get<CurrentSession>() is { } current
            ? Directory.UserName.Shown(current.User)
            : null;
        if (
            await test.SendAsync(
                TestTo ?? "",
                name,
                texts.Language.Name,
                events,
                cancellationToken
            ) is
            { } problem
        )
        {
            this.AddProblems([problem with { Where = "To" }], "Test");
            return Page();
        }
        this.Toast(texts["mail.test.sent", TestTo!]);
        return Redirect("/admin/settings/mail");
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        Settings = await service.ReadAsync(cancellationToken);
        HasPassword = (await service.SavedAsync(cancellationToken))?.Password is not null;
        Stuck = await queue.CountStuckAsync(cancellationToken);
        TestTo = HttpContext.Features.Get<CurrentSession>()?.User.Email;
    }
}
