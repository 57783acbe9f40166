using Latchkey.Server.Mail.Templates;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Mail.Pages;

/// <summary>Every kind of mail, and whose words it has.</summary>
internal sealed class TemplatesModel(MailTemplateService templates) : PageModel
{
    public IReadOnlyDictionary<string, DateTimeOffset> Changed { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Changed = await templates.ChangedAsync(cancellationToken);
}
