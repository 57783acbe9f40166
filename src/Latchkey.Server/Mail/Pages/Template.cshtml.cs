using System.Globalization;
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

    /// <summary>The tag of the language of the words; English where the address names none.</summary>
    [BindProperty(SupportsGet = true, Name = "language")]
    public string? Tag { get; set; }

    [BindProperty]
    public WordsForm Input { get; set; } = new();

    public MailTemplate Template { get; private set; } = null!;

    public CultureInfo Language { get; private set; } = LanguageTags.English;

    /// <summary>Whether the words are the organisation's.</summary>
    public bool IsOwn { get; private set; }

    public RenderedMail Preview { get; private set; } = null!;

    /// <summary>The page of the same mail's words in a language.</summary>
    public string Address(CultureInfo language) =>
        $"/admin/settings/mail/templates/{Template.Key}/{language.Name}";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!await FindAsync(cancellationToken))
        {
            return NotFound();
        }
        Input = WordsForm.Of(
            (await templates.ReadAsync(Template, Language, cancellationToken)).Words
        );
        return Shown();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        if (!await FindAsync(cancellationToken))
        {
            return NotFound();
        }
        var outcome = await templates.SaveAsync(
            Template,
            Language,
            Input.Words(),
            events,
            cancellationToken
        );
        if (!outcome.Ok)
        {
            this.AddProblems(outcome.Problems);
            return Shown();
        }
        this.Toast(texts["mail.words.saved"]);
        return Redirect(Address(Language));
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
        await templates.ResetAsync(Template, Language, events, cancellationToken);
        this.Toast(texts["mail.reset.done"]);
        return Redirect(Address(Language));
    }

    private async Task<bool> FindAsync(CancellationToken cancellationToken)
    {
        if (
            MailTemplates.Find(Key) is not { } template
            || texts.Find(Tag ?? LanguageTags.English.Name) is not { } language
        )
        {
            return false;
        }
        (Template, Language) = (template, language);
        IsOwn =
            (await templates.ReadAsync(template, language, cancellationToken)).ChangedAt
                is not null;
        return true;
    }

    private PageResult Shown()
    {
        Preview = templates.Preview(Template, Language, Input.Words());
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
