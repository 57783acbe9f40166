using Latchkey.Server.Insights;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Mail.Pages;

/// <summary>Mails that have not left yet, those that are stuck first.</summary>
internal sealed class QueueModel(MailQueue queue, EventRecorder events, ITexts texts) : PageModel
{
    private const int Most = 100;

    public MailList List { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        List = await queue.ListAsync(Most, cancellationToken);

    public async Task<IActionResult> OnPostRetryAsync(Guid id, CancellationToken cancellationToken)
    {
        await queue.RetryAsync(id, events, cancellationToken);
        this.Toast(texts["mail.retried"]);
        return Redirect("/admin/settings/mail/queue");
    }

    public async Task<IActionResult> OnPostRetryAllAsync(CancellationToken cancellationToken)
    {
        await queue.RetryAsync(null, events, cancellationToken);
        this.Toast(texts["mail.retried"]);
        return Redirect("/admin/settings/mail/queue");
    }

    /// <summary>What a template is called; one that an older version knew has only its key.</summary>
    public static string Name(ITexts texts, string template) =>
        texts.Has("mail.name." + template) ? texts["mail.name." + template] : template;
}
