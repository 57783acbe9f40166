using System.ComponentModel;
using System.Globalization;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Settings;

/// <summary>The words of one kind of mail (J-111).</summary>
internal sealed record MailTemplateBody
{
    [ReadOnly(true)]
    [Description(
        "The kind of mail; of another language than English with its tag behind: welcome.de."
    )]
    public required string Template { get; init; }

    [ReadOnly(true)]
    public required string Language { get; init; }

    public required string Subject { get; init; }
    public required string Title { get; init; }
    public required string Header { get; init; }
    public required string Body { get; init; }
    public required string Button { get; init; }
    public required string Contact { get; init; }

    [ReadOnly(true)]
    [Description("Whether the words are the organization's own.")]
    public required bool Own { get; init; }

    [ReadOnly(true)]
    [Description("What the words may name in braces.")]
    public required IReadOnlyList<string> Placeholders { get; init; }
}

internal sealed record MailTemplatesBody(IReadOnlyList<MailTemplateBody> Items);

internal sealed class MailTemplatePart(
    MailTemplate template,
    CultureInfo language,
    MailTemplateService templates,
    EventRecorder events
) : SettingsPart<MailTemplateBody>("mail template", MailTemplateService.Name(template, language))
{
    protected override IReadOnlyList<string> OnlyShown =>
        ["template", "language", "own", "placeholders"];

    public async Task<MailTemplateBody> ShowAsync(CancellationToken ct)
    {
        var (words, changed) = await templates.ReadAsync(template, language, ct);
        return new()
        {
            Template = MailTemplateService.Name(template, language),
            Language = language.Name,
            Subject = words.Subject,
            Title = words.Title,
            Header = words.Header,
            Body = words.Body,
            Button = words.Button,
            Contact = words.Contact,
            Own = changed is not null,
            Placeholders = template.Placeholders,
        };
    }

    /// <summary>Our words again.</summary>
    public Task ResetAsync(CancellationToken ct) =>
        templates.ResetAsync(template, language, events, ct);

    protected override async Task<MailTemplateBody?> FindAsync(CancellationToken ct) =>
        await ShowAsync(ct);

    protected override MailTemplateBody Over(
        MailTemplateBody? now,
        Section said,
        MetadataFiles files
    ) =>
        now! with
        {
            Subject = said.Text("subject") ?? now.Subject,
            Title = said.Text("title") ?? now.Title,
            Header = said.Text("header") ?? now.Header,
            Body = (said.Text("body") ?? now.Body).ReplaceLineEndings("\n"),
            Button = said.Text("button") ?? now.Button,
            Contact = said.Text("contact") ?? now.Contact,
        };

    protected override async Task<IReadOnlyList<Problem>> SaveAsync(
        MailTemplateBody? now,
        MailTemplateBody after,
        CancellationToken ct
    ) =>
        now == after
            ? []
            : (
                await templates.SaveAsync(
                    template,
                    language,
                    new()
                    {
                        Subject = after.Subject,
                        Title = after.Title,
                        Header = after.Header,
                        Body = after.Body,
                        Button = after.Button,
                        Contact = after.Contact,
                    },
                    events,
                    ct
                )
            ).Problems;
}
