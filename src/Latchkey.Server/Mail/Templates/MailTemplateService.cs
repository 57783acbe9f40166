using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Mail.Templates;

/// <summary>The words of mails: ours, or what the organisation put in their place.</summary>
internal sealed class MailTemplateService(
    IDbContextFactory<LatchkeyDbContext> databases,
    ITexts texts,
    ServerOptions options,
    TimeProvider time
)
{
    private const int LongestLine = 200;
    private const int LongestBody = 4096;

    /// <summary>A mail with its values.</summary>
    /// <exception cref="ArgumentException">A placeholder of the template has no value: a fault of the program.</exception>
    public async Task<RenderedMail> RenderAsync(
        MailTemplate template,
        IReadOnlyDictionary<string, string> values,
        CancellationToken cancellationToken = default
    )
    {
        values = WithSite(values);
        var needed = template.HasButton
            ? template.Placeholders.Append(MailTemplate.Link)
            : template.Placeholders;
        if (needed.FirstOrDefault(name => !values.ContainsKey(name)) is { } missing)
        {
            throw new ArgumentException(
                $"The mail {template.Key} has no value for {missing}.",
                nameof(values)
            );
        }
        var (words, _) = await ReadAsync(template, cancellationToken);
        return RenderedMail.Of(words, values);
    }

    /// <summary>The words that stand now.</summary>
    public async Task<CurrentWords> ReadAsync(
        MailTemplate template,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var own = await db
            .MailTemplateTexts.AsNoTracking()
            .SingleOrDefaultAsync(t => t.Template == template.Key, cancellationToken);
        return new CurrentWords(own?.Words ?? Ours(template), own?.UpdatedAt);
    }

    /// <summary>The templates that have words of the organisation's.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> ChangedAsync(
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .MailTemplateTexts.AsNoTracking()
            .ToDictionaryAsync(t => t.Template, t => t.UpdatedAt, cancellationToken);
    }

    /// <summary>What is wrong with words; none if nothing.</summary>
    public static List<Problem> Check(MailTemplate template, MailWords words)
    {
        var problems = new List<Problem>();
        foreach (var (where, text, longest) in Parts(words))
        {
            if (text.Length > longest)
            {
                problems.Add(new Problem("text-too-long", where, longest));
            }
            if (text.Any(c => char.IsControl(c) && !(where == "body" && c is '\n' or '\r')))
            {
                problems.Add(new Problem("text-unprintable", where));
            }
            foreach (var name in MailPlaceholders.In(text).Except(template.Placeholders))
            {
                problems.Add(
                    new Problem(
                        "mail-placeholder-unknown",
                        where,
                        name,
                        string.Join(", ", template.Placeholders.Select(p => $"{{{p}}}"))
                    )
                );
            }
        }
        if (string.IsNullOrWhiteSpace(words.Subject))
        {
            problems.Add(new Problem("mail-subject-missing", "subject"));
        }
        if (string.IsNullOrWhiteSpace(words.Body))
        {
            problems.Add(new Problem("mail-body-missing", "body"));
        }
        if (template.HasButton && string.IsNullOrWhiteSpace(words.Button))
        {
            problems.Add(new Problem("mail-button-missing", "button"));
        }
        return problems;
    }

    /// <summary>Puts the organisation's words in the place of ours.</summary>
    public async Task<Outcome<MailWords>> SaveAsync(
        MailTemplate template,
        MailWords words,
        EventRecorder events,
        CancellationToken cancellationToken = default
    )
    {
        var problems = Check(template, words);
        if (problems.Count > 0)
        {
            return Outcome<MailWords>.Failed(problems);
        }
        var (before, _) = await ReadAsync(template, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.MailTemplateTexts.SingleOrDefaultAsync(
            t => t.Template == template.Key,
            cancellationToken
        );
        if (row is null)
        {
            row = new MailTemplateText
            {
                Template = template.Key,
                Words = words,
                UpdatedAt = time.GetUtcNow(),
            };
            db.MailTemplateTexts.Add(row);
        }
        (row.Words, row.UpdatedAt) = (words, time.GetUtcNow());
        Record(db, events, template, before, words);
        await db.SaveChangesAsync(cancellationToken);
        return words;
    }

    /// <summary>Our words again.</summary>
    public async Task ResetAsync(
        MailTemplate template,
        EventRecorder events,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.MailTemplateTexts.SingleOrDefaultAsync(
            t => t.Template == template.Key,
            cancellationToken
        );
        if (row is null)
        {
            return;
        }
        db.MailTemplateTexts.Remove(row);
        Record(db, events, template, row.Words, Ours(template));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Values to show a template with.</summary>
    public IReadOnlyDictionary<string, string> Samples(MailTemplate template)
    {
        var samples = template
            .Placeholders.Where(name => name != "site")
            .ToDictionary(name => name, name => texts["mail.sample." + name]);
        if (template.HasButton)
        {
            samples[MailTemplate.Link] = options.Address("/");
        }
        return samples;
    }

    /// <summary>Words, saved or not, with sample values.</summary>
    public RenderedMail Preview(MailTemplate template, MailWords words) =>
        RenderedMail.Of(words, WithSite(Samples(template)));

    private Dictionary<string, string> WithSite(IReadOnlyDictionary<string, string> values) =>
        new(values, StringComparer.Ordinal) { ["site"] = options.PublicUrl.Authority };

    private MailWords Ours(MailTemplate template)
    {
        return new MailWords
        {
            Subject = Part("subject"),
            Title = Part("title"),
            Header = Part("header"),
            Body = Part("body"),
            Button = template.HasButton ? Part("button") : "",
            Contact = texts["mail.template.contact"],
        };

        string Part(string part) =>
            texts.Has($"mail.template.{template.Key}.{part}")
                ? texts[$"mail.template.{template.Key}.{part}"]
                : texts["mail.template.header"];
    }

    private static IEnumerable<(string Where, string Text, int Longest)> Parts(MailWords words) =>
        [
            ("subject", words.Subject, LongestLine),
            ("title", words.Title, LongestLine),
            ("header", words.Header, LongestLine),
            ("body", words.Body, LongestBody),
            ("button", words.Button, LongestLine),
            ("contact", words.Contact, LongestLine * 2),
        ];

    private static void Record(
        LatchkeyDbContext db,
        EventRecorder events,
        MailTemplate template,
        MailWords before,
        MailWords after
    ) =>
        db.Events.Add(
            events.New(
                EventTypes.MailTemplateUpdate,
                success: true,
                new EventSubject("mail_template", null, template.Key),
                new { changes = FieldChange.Between(Snapshot(before), Snapshot(after)) }
            )
        );

    private static IReadOnlyList<KeyValuePair<string, string?>> Snapshot(MailWords words) =>
        [.. Parts(words).Select(p => new KeyValuePair<string, string?>(p.Where, p.Text))];
}

/// <param name="Words">What stands now.</param>
/// <param name="ChangedAt">When the organisation wrote them; null if they are ours.</param>
internal sealed record CurrentWords(MailWords Words, DateTimeOffset? ChangedAt);
