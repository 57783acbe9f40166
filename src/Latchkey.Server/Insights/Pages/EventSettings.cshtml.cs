using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Insights.Pages;

/// <summary>For how long events are kept.</summary>
internal sealed class EventSettingsModel(EventRetention retention, ITexts texts) : PageModel
{
    [BindProperty]
    public RetentionInput Input { get; set; } = new();

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Input.Days = await retention.ReadAsync(cancellationToken);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var saved = await retention.SaveAsync(Input.Days, cancellationToken);
        if (saved.Ok)
        {
            this.Toast(texts["event-settings.saved"]);
            return Redirect(Request.Path);
        }
        this.AddProblems(saved.Problems);
        return Page();
    }

    internal sealed class RetentionInput
    {
        public int Days { get; set; }
    }
}
