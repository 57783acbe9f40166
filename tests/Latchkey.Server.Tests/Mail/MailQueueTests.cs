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
    public async Task A_mail_is_given_up_after_two_days_and_told_twice()
    {
        await using var mails = new TestMailServer { RecipientAnswer = "450 busy" };
        await UseAsync(mails);
        var user = await server.AddUserAsync();
        await EnqueueAsync(user);
        var start = server.Clock.GetUtcNow();

        await TryUntilGivenUpAsync(user);

        var took = server.Clock.GetUtcNow() - start;
        took.ShouldBeInRange(TimeSpan.FromDays(2), TimeSpan.FromDays(2.1));
        (await EventsAsync(user)).ShouldBe([EventTypes.MailFailed, EventTypes.MailFailed]);
    }

    [Fact]
    public async Task After_try_again_a_mail_has_two_days_more()
    {
        await using var mails = new TestMailServer { RecipientAnswer = "450 busy" };
        await UseAsync(mails);
        var user = await server.AddUserAsync();
        await EnqueueAsync(user);
        await TryUntilGivenUpAsync(user);
        var id = (await MailsOfAsync(user)).Single().Id;

        await server.AskAsync<EventRecorder, int>(events =>
            server.Service<MailQueue>().RetryAsync(id, events, Ct)
        );
        await Sender.SendDueAsync(Ct);

        var waiting = (await MailsOfAsync(user)).Single();
        waiting.State.ShouldBe(MailState.Waiting);
        (waiting.NextAttemptAt - server.Clock.GetUtcNow()).ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_mail_that_no_node_could_try_for_days_is_not_given_up_at_its_first_try()
    {
        await using var mails = new TestMailServer { RecipientAnswer = "450 busy" };
        await UseAsync(mails);
        var user = await server.AddUserAsync();
        await EnqueueAsync(user);
        server.Clock.Advance(TimeSpan.FromDays(3));

        await Sender.SendDueAsync(Ct);

        (await MailsOfAsync(user)).Single().State.ShouldBe(MailState.Waiting);
    }

    [Fact]
    public async Task Of_many_that_failed_all_are_tried_again_and_each_has_its_event()
    {
        await using var mails = new TestMailServer();
        await UseAsync(mails);
        var user = await server.AddUserAsync();
        const int many = 250;
        for (var i = 0; i < many; i++)
        {
            await EnqueueAsync(user);
        }
        await using (var db = server.Open())
        {
            await db.QueuedMails.ExecuteUpdateAsync(
                m =>
                    m.SetProperty(x => x.State, MailState.Failed)
                        .SetProperty(x => x.LastError, "550 no"),
                Ct
            );
        }

        var retried = await server.AskAsync<EventRecorder, int>(events =>
            server.Service<MailQueue>().RetryAsync(null, events, Ct)
        );

        retried.ShouldBe(many);
        (await MailsOfAsync(user)).ShouldAllBe(m =>
            m.State == MailState.Waiting && m.LastError == null
        );
        (await EventsAsync(user)).Count(e => e == EventTypes.MailRetry).ShouldBe(many);
    }

    [Fact]
    public async Task A_mail_that_a_node_dies_with_is_sent_by_another_when_its_time_is_up()
    {
        await using var mails = new TestMailServer { Hangs = true };
        await UseAsync(mails);
        var user = await server.AddUserAsync();
        await EnqueueAsync(user);
        using var dying = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var sending = Sender.SendDueAsync(dying.Token);
        await mails.Asked.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        await dying.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => sending);
        mails.Hangs = false;

        await Sender.SendDueAsync(Ct);
        mails.Mails.ShouldBeEmpty();
        server.Clock.Advance(TimeSpan.FromMinutes(5));
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

    private async Task TryUntilGivenUpAsync(User user)
    {
        while (true)
        {
            await Sender.SendDueAsync(Ct);
            var mail = (await MailsOfAsync(user)).Single();
            if (mail.State == MailState.Failed)
            {
                return;
            }
            server.Clock.Advance(mail.NextAttemptAt - server.Clock.GetUtcNow());
        }
    }

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
