using System.Globalization;
using Latchkey.Server.Insights;
using Latchkey.Server.Portal.Settings;
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
    private const string Site = "site";
    private const int LongestLine = 200;
    private const int LongestBody = 4096;

    /// <summary>A mail with its values.</summary>
    /// <param name="template">What is said.</param>
    /// <param name="values">A value for every placeholder of the template.</param>
    /// <param name="language">The tag of the reader's language; null for the organisation's.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">A placeholder of the template has no value: a fault of the program.</exception>
    public async Task<RenderedMail> RenderAsync(
        MailTemplate template,
        IReadOnlyDictionary<string, MailValue> values,
        string? language,
        CancellationToken cancellationToken = default
    )
    {
        var needed = template.HasButton
            ? template.Placeholders.Append(MailTemplate.Link)
            : template.Placeholders;
        if (needed.FirstOrDefault(name => name != Site && !values.ContainsKey(name)) is { } missing)
        {
            throw new ArgumentException(
                $"The mail {template.Key} has no value for {missing}.",
                nameof(values)
            );
        }
        var spoken =
            texts.Find(language)
            ?? await OrganizationLanguageAsync(cancellationToken)
            ?? LanguageTags.English;
        var (words, _) = await ReadAsync(template, spoken, cancellationToken);
        return RenderedMail.Of(words, Said(values, spoken), spoken.Name);
    }

    /// <summary>The words that stand now in a language.</summary>
    public async Task<CurrentWords> ReadAsync(
        MailTemplate template,
        CultureInfo language,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var own = await Own(db, template, language)
            .AsNoTracking()
            .SingleOrDefaultAsync(cancellationToken);
        return new CurrentWords(own?.Words ?? Ours(template, language), own?.UpdatedAt);
    }

    /// <summary>The templates that have words of the organisation's in some language, and since when.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> ChangedAsync(
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var changed = await db
            .MailTemplateTexts.AsNoTracking()
            .Select(t => new { t.Template, t.UpdatedAt })
            .ToListAsync(cancellationToken);
        return changed
            .GroupBy(t => t.Template)
            .ToDictionary(t => t.Key, t => t.Max(x => x.UpdatedAt));
    }

    /// <summary>What the API and files call a template's words in one language: its key where they are English, <c>welcome.de</c> where they are German.</summary>
    public IReadOnlyList<string> Names =>
        [
            .. MailTemplates.All.SelectMany(template =>
                texts.Languages.Select(language => Name(template, language))
            ),
        ];

    public static string Name(MailTemplate template, CultureInfo language) =>
        language.Equals(LanguageTags.English) ? template.Key : $"{template.Key}.{language.Name}";

    /// <summary>The template and the language of a name; null where there is no such one.</summary>
    public (MailTemplate Template, CultureInfo Language)? FindName(string name) =>
        MailTemplates.Find(name.Split('.')[0]) is { } template
        && texts.Languages.FirstOrDefault(language => Name(template, language) == name)
            is { } language
            ? (template, language)
            : null;

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
        CultureInfo language,
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
        var (before, _) = await ReadAsync(template, language, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await Own(db, template, language).SingleOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            row = new MailTemplateText
            {
                Template = template.Key,
                Language = language.Name,
                Words = words,
                UpdatedAt = time.GetUtcNow(),
            };
            db.MailTemplateTexts.Add(row);
        }
        (row.Words, row.UpdatedAt) = (words, time.GetUtcNow());
        Record(db, events, template, language, before, words);
        await db.SaveChangesAsync(cancellationToken);
        return words;
    }

    /// <summary>Our words again.</summary>
    public async Task ResetAsync(
        MailTemplate template,
        CultureInfo language,
        EventRecorder events,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await Own(db, template, language).SingleOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            return;
        }
        db.MailTemplateTexts.Remove(row);
        Record(db, events, template, language, row.Words, Ours(template, language));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Values to show a template with.</summary>
    public IReadOnlyDictionary<string, MailValue> Samples(MailTemplate template)
    {
        var samples = template
            .Placeholders.Where(name => name != Site)
            .ToDictionary(name => name, name => MailValue.Of(t => t["mail.sample." + name]));
        if (template.HasButton)
        {
            samples[MailTemplate.Link] = options.Address("/");
        }
        return samples;
    }

    /// <summary>Words, saved or not, with sample values.</summary>
    public RenderedMail Preview(MailTemplate template, CultureInfo language, MailWords words) =>
        RenderedMail.Of(words, Said(Samples(template), language), language.Name);

    private Dictionary<string, string> Said(
        IReadOnlyDictionary<string, MailValue> values,
        CultureInfo language
    )
    {
        var spoken = texts.In(language);
        return new Dictionary<string, string>(
            values.Select(v => KeyValuePair.Create(v.Key, v.Value.In(spoken))),
            StringComparer.Ordinal
        )
        {
            [Site] = options.PublicUrl.Authority,
        };
    }

    private MailWords Ours(MailTemplate template, CultureInfo language)
    {
        var spoken = texts.In(language);
        return new MailWords
        {
            Subject = Part("subject"),
            Title = Part("title"),
            Header = Part("header"),
            Body = Part("body"),
            Button = template.HasButton ? Part("button") : "",
            Contact = spoken["mail.template.contact"],
        };

        string Part(string part) =>
            spoken.Has($"mail.template.{template.Key}.{part}")
                ? spoken[$"mail.template.{template.Key}.{part}"]
                : spoken["mail.template.header"];
    }

    private async Task<CultureInfo?> OrganizationLanguageAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var settings = await PortalSettingsService.ReadAsync(db, cancellationToken);
        return texts.Find(settings.Language);
    }

    private static IQueryable<MailTemplateText> Own(
        LatchkeyDbContext db,
        MailTemplate template,
        CultureInfo language
    ) => db.MailTemplateTexts.Where(t => t.Template == template.Key && t.Language == language.Name);

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
        CultureInfo language,
        MailWords before,
        MailWords after
    ) =>
        db.Events.Add(
            events.New(
                EventTypes.MailTemplateUpdate,
                success: true,
                new EventSubject("mail_template", null, template.Key),
                new
                {
                    language = language.Name,
                    changes = FieldChange.Between(Snapshot(before), Snapshot(after)),
                }
            )
        );

    private static IReadOnlyList<KeyValuePair<string, string?>> Snapshot(MailWords words) =>
        [.. Parts(words).Select(p => new KeyValuePair<string, string?>(p.Where, p.Text))];
}

/// <param name="Words">What stands now.</param>
/// <param name="ChangedAt">When the organisation wrote them; null if they are ours.</param>
internal sealed record CurrentWords(MailWords Words, DateTimeOffset? ChangedAt);
