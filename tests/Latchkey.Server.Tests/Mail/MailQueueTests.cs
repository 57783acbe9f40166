using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Web.Texts;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Mail;

/// <summary>The queue and its sender, with a mail server of the test's own set on the page.</summary>
public abstract class MailQueueTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private MailSender Sender => server.Service<MailSender>();

    [Fact]
    public async Task A_mail_leaves_and_an_event_tells_of_it()
    {
        await using var mails = new TestMailServer();
        await UseAsync(mails);
        var user = await server.AddUserAsync();
        await EnqueueAsync(user);

        await Sender.SendDueAsync(Ct);

        mails.Mails.ShouldHaveSingleItem().ShouldContain($"To: <{user.Email}>");
        (await MailsOfAsync(user)).ShouldBeEmpty();
        (await EventsAsync(user)).ShouldBe([EventTypes.MailSent]);
    }

    [Fact]
    public async Task No_mail_without_its_cause()
    {
        var user = await server.AddUserAsync();
        await using (var db = server.Open())
        {
            await server
                .Service<MailQueue>()
                .EnqueueAsync(
                    db,
                    MailTemplates.Test,
                    new(user.Email, user.Id, user.Language),
                    Values,
                    null,
                    Ct
                );
            // Nothing is saved: whatever caused it did not happen.
        }
        (await MailsOfAsync(user)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_mail_says_is_not_readable_in_the_database()
    {
        var user = await server.AddUserAsync();
        await EnqueueAsync(user);

        var stored = (await MailsOfAsync(user)).ShouldHaveSingleItem();

        System.Text.Encoding.UTF8.GetString(stored.Content).ShouldNotContain("secret-link");
        server
            .Service<MailQueue>()
            .Open(stored)!
            .Link.ShouldBe("https://id.example.test/secret-link");
    }

    [Fact]
    public async Task A_mail_that_cannot_be_sent_is_tried_again_with_growing_pauses()
    {
        await using var mails = new TestMailServer { RecipientAnswer = "450 busy" };
        await UseAsync(mails);
        var user = await server.AddUserAsync();
        await EnqueueAsync(user);
        var pauses = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            await Sender.SendDueAsync(Ct);
            var waiting = (await MailsOfAsync(user)).Single();
            var pause = waiting.NextAttemptAt - server.Clock.GetUtcNow();
            pauses.Add(pause.TotalSeconds);
            server.Clock.Advance(pause);
        }
        pauses.ShouldBe([30, 60, 120, 240]);
        (await EventsAsync(user)).ShouldBe([EventTypes.MailFailed]);

        mails.RecipientAnswer = "250 ok";
        await Sender.SendDueAsync(Ct);

        mails.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_mail_refused_for_good_waits_for_somebody_and_can_be_tried_again()
    {
        await using var mails = new TestMailServer { RecipientAnswer = "550 nobody here" };
        await UseAsync(mails);
        var user = await server.AddUserAsync();
        await EnqueueAsync(user);

        await Sender.SendDueAsync(Ct);

        var failed = (await MailsOfAsync(user)).Single();
        failed.State.ShouldBe(MailState.Failed);
        failed.LastError!.ShouldContain("550 nobody here");

        mails.RecipientAnswer = "250 ok";
        await server.AskAsync<EventRecorder, int>(events =>
            server.Service<MailQueue>().RetryAsync(failed.Id, events, Ct)
        );
        await Sender.SendDueAsync(Ct);

        mails.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_mail_whose_link_has_run_out_is_not_sent()
    {
        await using var mails = new TestMailServer();
        await UseAsync(mails);
        var user = await server.AddUserAsync();
        await EnqueueAsync(user, server.Clock.GetUtcNow().AddMinutes(-1));

        await Sender.SendDueAsync(Ct);

        mails.Mails.ShouldBeEmpty();
        (await MailsOfAsync(user)).Single().State.ShouldBe(MailState.Failed);
    }

    [Fact]
    public async Task Of_several_nodes_one_sends()
    {
        await using var mails = new TestMailServer();
        await UseAsync(mails);
        var user = await server.AddUserAsync();
        for (var i = 0; i < 5; i++)
        {
            await EnqueueAsync(user);
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Sender.SendDueAsync(Ct)));

        mails.Mails.Count(m => m.Contains(user.Email, StringComparison.Ordinal)).ShouldBe(5);
    }

    [Fact]
    public async Task The_organisations_words_stand_in_the_place_of_ours_until_they_are_reset()
    {
        var templates = server.Service<MailTemplateService>();
        var words = new MailWords
        {
            Subject = "Hi {name}",
            Body = "Body",
            Button = "Go",
        };
        await server.AskAsync<EventRecorder, object?>(async events =>
            (
                await templates.SaveAsync(
                    MailTemplates.Welcome,
                    LanguageTags.English,
                    words,
                    events,
                    Ct
                )
            ).Value
        );
        var values = templates.Samples(MailTemplates.Welcome);

        var own = await templates.RenderAsync(MailTemplates.Welcome, values, null, Ct);
        await server.AskAsync<EventRecorder, int>(async events =>
        {
            await templates.ResetAsync(MailTemplates.Welcome, LanguageTags.English, events, Ct);
            return 0;
        });
        var ours = await templates.RenderAsync(MailTemplates.Welcome, values, null, Ct);

        (own.Subject, ours.Subject).ShouldBe(("Hi Ada Lovelace", "Your account is ready"));
    }

    private static readonly Dictionary<string, MailValue> Values = new()
    {
        ["name"] = "Ada",
        ["link"] = "https://id.example.test/secret-link",
    };

    private async Task EnqueueAsync(User user, DateTimeOffset? until = null)
    {
        await using var db = server.Open();
        await server
            .Service<MailQueue>()
            .EnqueueAsync(
                db,
                MailTemplates.Test,
                new(user.Email, user.Id, user.Language),
                Values,
                until,
                Ct
            );
        await db.SaveChangesAsync(Ct);
    }

    private async Task UseAsync(TestMailServer mails)
    {
        // What other tests left waiting is not this one's.
        await using var db = server.Open();
        await db.QueuedMails.ExecuteDeleteAsync(Ct);
        var input = new MailSettingsInput
        {
            Host = "localhost",
            Port = $"{mails.Port}",
            Security = mails.Security,
        };
        await server.AskAsync<EventRecorder, MailSettings?>(async events =>
            (await server.Service<MailSettingsService>().SaveAsync(input, events, Ct)).Value
        );
    }

    private async Task<IReadOnlyList<QueuedMail>> MailsOfAsync(User user)
    {
        await using var db = server.Open();
        return await db.QueuedMails.AsNoTracking().Where(m => m.UserId == user.Id).ToListAsync(Ct);
    }

    private async Task<IReadOnlyList<string>> EventsAsync(User user)
    {
        await using var db = server.Open();
        return await db
            .Events.Where(e => e.TargetId == user.Id)
            .OrderBy(e => e.Id)
            .Select(e => e.Type)
            .ToListAsync(Ct);
    }
}

public sealed class MailQueueOnSqlite(SqliteIdentityProvider server)
    : MailQueueTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class MailQueueOnPostgreSql(PostgreSqlIdentityProvider server)
    : MailQueueTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
