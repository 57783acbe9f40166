using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Mail.Pages;

/// <summary>Asks before a mail is deleted unsent.</summary>
internal sealed class QueueDeleteModel(
    MailQueue queue,
    LatchkeyDbContext database,
    EventRecorder events,
    ITexts texts
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public string Recipient { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var recipient = await database
            .QueuedMails.Where(m => m.Id == Id)
            .Select(m => m.Recipient)
            .SingleOrDefaultAsync(cancellationToken);
        if (recipient is null)
        {
            return NotFound();
        }
        Recipient = recipient;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await queue.DeleteAsync(Id, events, cancellationToken))
        {
            this.Toast(texts["mail.deleted"]);
        }
        return Redirect("/admin/settings/mail/queue");
    }
}
