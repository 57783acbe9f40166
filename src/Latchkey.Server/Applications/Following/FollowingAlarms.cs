using System.Globalization;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Roles;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications.Following;

/// <summary>Tells administrators, once for each thing, that a followed address needs them: by an event and by mail, in the transaction that found it out.</summary>
internal sealed class FollowingAlarms(
    MailQueue mails,
    EventRecorder events,
    ServerOptions server,
    ITexts texts,
    TimeProvider time
)
{
    /// <summary>A day covers most outages of other people's servers.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(24);

    /// <summary>Nobody wants to know of an end earlier than this.</summary>
    private static readonly TimeSpan s_ahead = TimeSpan.FromDays(7);

    /// <summary>What is wrong at this moment.</summary>
    public static MetadataAlarm Of(FollowedMetadata followed, DateTimeOffset now)
    {
        if (followed.ValidUntil is { } end)
        {
            if (end <= now)
            {
                return MetadataAlarm.Expired;
            }
            // Some publish for a year and some for a day: a quarter of it is soon, a week at most.
            var quarter = (end - (followed.ValidSince ?? followed.SucceededAt)) / 4;
            if (end - now <= (quarter < s_ahead ? quarter : s_ahead))
            {
                return MetadataAlarm.Expiring;
            }
        }
        return followed.FailingSince is { } since && now - since >= s_patience
            ? MetadataAlarm.Failing
            : MetadataAlarm.None;
    }

    /// <summary>Raises what has become wrong and forgets what is well again; the caller saves.</summary>
    public async Task JudgeAsync(
        LatchkeyDbContext db,
        FollowedMetadata followed,
        Application application,
        CancellationToken cancellationToken
    )
    {
        var alarm = Of(followed, time.GetUtcNow());
        if (alarm == followed.Alarm)
        {
            return;
        }
        followed.Alarm = alarm;
        if (alarm != MetadataAlarm.None)
        {
            await RaiseAsync(
                db,
                application,
                Word(alarm),
                texts => Say(texts, followed),
                cancellationToken
            );
        }
    }

    /// <summary>Tells that changes wait for somebody; the caller saves.</summary>
    public Task RaiseHeldAsync(
        LatchkeyDbContext db,
        Application application,
        IEnumerable<string> fields,
        CancellationToken cancellationToken
    ) =>
        RaiseAsync(
            db,
            application,
            "held",
            texts =>
                texts[
                    "following.alarm.held",
                    string.Join(", ", fields.Select(field => texts["metadata.field." + field]))
                ],
            cancellationToken
        );

    /// <summary>The alarm of a followed address as a sentence.</summary>
    public static string Say(ITexts texts, FollowedMetadata followed) =>
        texts[
            "following.alarm." + Word(followed.Alarm),
            Moment(
                followed.Alarm == MetadataAlarm.Failing
                    ? followed.SucceededAt
                    : followed.ValidUntil ?? followed.SucceededAt
            )
        ];

    /// <summary>An alarm's name in texts, findings and the API.</summary>
    public static string Word(MetadataAlarm alarm) =>
        alarm switch
        {
            MetadataAlarm.Expired => "expired",
            MetadataAlarm.Expiring => "expiring",
            _ => "failing",
        };

    private async Task RaiseAsync(
        LatchkeyDbContext db,
        Application application,
        string word,
        Func<ITexts, string> what,
        CancellationToken cancellationToken
    )
    {
        db.Events.Add(
            events.New(
                EventTypes.MetadataAlarm,
                success: false,
                subject: new EventSubject("application", application.Id, application.Label),
                details: new { what = what(texts.In(LanguageTags.English)) },
                findingCode: $"metadata-{word}",
                applicationId: application.Id
            )
        );
        var administrators = await db
            .Users.AsNoTracking()
            .Where(u =>
                (u.Role == Role.Owner || u.Role == Role.Administrator)
                && u.State == UserState.Activated
            )
            .OrderBy(u => u.Id)
            .ToListAsync(cancellationToken);
        foreach (var user in administrators)
        {
            await mails.EnqueueAsync(
                db,
                MailTemplates.MetadataAlarm,
                new(user.Email, user.Id, user.Language),
                new Dictionary<string, MailValue>(StringComparer.Ordinal)
                {
                    ["name"] = UserName.Shown(user),
                    ["application"] = application.Label,
                    ["time"] = time.GetUtcNow(),
                    ["what"] = MailValue.Of(what),
                    [MailTemplate.Link] = server.Address($"/admin/applications/{application.Id}"),
                },
                cancellationToken: cancellationToken
            );
        }
    }

    private static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
