using Latchkey.Server.Insights;
using Latchkey.Server.Mail.Smtp;
using Latchkey.Server.Mail.Templates;
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
    MailTransport transport,
    MailTemplateService templates,
    MailQueue queue,
    EventRecorder events,
    TimeProvider time,
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
        if (MailRecipients.Deliverable(TestTo ?? "") is not { } address)
        {
            this.AddProblems([new Problem("email-invalid", "To")], "Test");
            return Page();
        }
        var error = await TryAsync(address, cancellationToken);
        await events.RecordAsync(
            error is null ? EventTypes.MailSent : EventTypes.MailFailed,
            success: error is null,
            new EventSubject("user", null, address),
            new
            {
                template = MailTemplates.Test.Key,
                recipient = address,
                error,
            },
            findingCode: error is null ? null : "mail-not-sent"
        );
        if (error is not null)
        {
            this.AddProblems([new Problem("mail-not-sent", "To", error)], "Test");
            return Page();
        }
        this.Toast(texts["mail.test.sent", address]);
        return Redirect("/admin/settings/mail");
    }

    private async Task<string?> TryAsync(string to, CancellationToken cancellationToken)
    {
        var values = templates.Samples(MailTemplates.Test);
        if (HttpContext.Features.Get<CurrentSession>() is { } current)
        {
            values = new Dictionary<string, string>(values)
            {
                ["name"] = Directory.UserName.Shown(current.User),
            };
        }
        var mail = await templates.RenderAsync(MailTemplates.Test, values, cancellationToken);
        try
        {
            await using var connection = await transport.OpenAsync(Settings, cancellationToken);
            await connection.SendAsync(
                new OutgoingMail(
                    Settings.From,
                    to,
                    mail.Subject,
                    mail.Text(),
                    mail.Html(),
                    Guid.CreateVersion7(),
                    time.GetUtcNow()
                ),
                cancellationToken
            );
            return null;
        }
        catch (MailNotSentException e)
        {
            return e.Message;
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        Settings = await service.ReadAsync(cancellationToken);
        HasPassword = (await service.SavedAsync(cancellationToken))?.Password is not null;
        Stuck = await queue.CountStuckAsync(cancellationToken);
        TestTo = HttpContext.Features.Get<CurrentSession>()?.User.Email;
    }
}
