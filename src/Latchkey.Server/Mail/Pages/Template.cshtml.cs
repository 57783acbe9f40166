using Latchkey.Server.Insights;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Mail.Pages;

/// <summary>The words of one kind of mail, with a preview of what is typed.</summary>
internal sealed class TemplateModel(
    MailTemplateService templates,
    EventRecorder events,
    ITexts texts
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Key { get; set; } = "";

    [BindProperty]
    public WordsForm Input { get; set; } = new();

    public MailTemplate Template { get; private set; } = null!;

    /// <summary>Whether the words are the organisation's.</summary>
    public bool IsOwn { get; private set; }

    public RenderedMail Preview { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!await FindAsync(cancellationToken))
        {
            return NotFound();
        }
        Input = WordsForm.Of((await templates.ReadAsync(Template, cancellationToken)).Words);
        return Shown();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        if (!await FindAsync(cancellationToken))
        {
            return NotFound();
        }
        var outcome = await templates.SaveAsync(Template, Input.Words(), events, cancellationToken);
        if (!outcome.Ok)
        {
            this.AddProblems(outcome.Problems);
            return Shown();
        }
        this.Toast(texts["mail.words.saved"]);
        return Redirect($"/admin/settings/mail/templates/{Template.Key}");
    }

    public async Task<IActionResult> OnPostPreviewAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        if (!await FindAsync(cancellationToken))
        {
            return NotFound();
        }
        this.AddProblems(MailTemplateService.Check(Template, Input.Words()));
        return Shown();
    }

    public async Task<IActionResult> OnPostResetAsync(CancellationToken cancellationToken)
    {
        if (!await FindAsync(cancellationToken))
        {
            return NotFound();
        }
        await templates.ResetAsync(Template, events, cancellationToken);
        this.Toast(texts["mail.reset.done"]);
        return Redirect($"/admin/settings/mail/templates/{Template.Key}");
    }

    private async Task<bool> FindAsync(CancellationToken cancellationToken)
    {
        if (MailTemplates.Find(Key) is not { } template)
        {
            return false;
        }
        Template = template;
        IsOwn = (await templates.ReadAsync(template, cancellationToken)).ChangedAt is not null;
        return true;
    }

    private PageResult Shown()
    {
        Preview = templates.Preview(Template, Input.Words());
        return Page();
    }

    /// <summary>The form.</summary>
    public sealed class WordsForm
    {
        public string? Subject { get; set; }
        public string? Title { get; set; }
        public string? Header { get; set; }
        public string? Body { get; set; }
        public string? Button { get; set; }
        public string? Contact { get; set; }

        internal static WordsForm Of(MailWords words) =>
            new()
            {
                Subject = words.Subject,
                Title = words.Title,
                Header = words.Header,
                Body = words.Body,
                Button = words.Button,
                Contact = words.Contact,
            };

        internal MailWords Words() =>
            new()
            {
                Subject = Subject ?? "",
                Title = Title ?? "",
                Header = Header ?? "",
                Body = (Body ?? "").ReplaceLineEndings("\n"),
                Button = Button ?? "",
                Contact = Contact ?? "",
            };
    }
}
