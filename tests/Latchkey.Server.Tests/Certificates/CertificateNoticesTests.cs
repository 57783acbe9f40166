using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Certificates;

/// <summary>60, 30, 7 days and one day before a certificate ends, those who have to do something are told, once (J-41).</summary>
[Trait("Rule", "J-41")]
public abstract class CertificateNoticesTests(TestIdentityProvider host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_distance_is_told_once()
    {
        var made = await AddAsync();
        var told = new List<int>();
        foreach (var days in (int[])[61, 60, 59, 31, 30, 8, 7, 2, 1, 0])
        {
            await EndsInAsync(made, days);
            await TellAsync();
            await TellAsync();
            told.Add((await NoticesAsync(made)).Count);
        }

        told.ShouldBe([0, 1, 1, 1, 2, 2, 3, 3, 4, 4]);
    }

    [Fact]
    public async Task Administrators_and_the_technical_contact_get_a_mail()
    {
        var administrator = await host.UserAsync(administrator: true);
        var made = await AddAsync("ops@example.test");
        await EndsInAsync(made, 30);

        await TellAsync();

        var mails = await MailsAsync(made.Label);
        mails.ShouldContain(("certificate_ending", administrator.Email!));
        mails.ShouldContain(("certificate_ending_contact", "ops@example.test"));
    }

    [Fact]
    public async Task Of_several_nodes_one_tells()
    {
        var made = await AddAsync("other@example.test");
        await EndsInAsync(made, 6);
        var (services, _) = await host.AddNodeAsync();
        await using var scope = services.CreateAsyncScope();
        var other = scope.ServiceProvider.GetRequiredService<CertificateNotices>();

        await Task.WhenAll(
            Task.Run(() => TellAsync(), Ct),
            Task.Run(() => other.TellAsync(Ct), Ct)
        );

        (await NoticesAsync(made)).Count.ShouldBe(1);
        (await MailsAsync(made.Label)).Count(m => m.To == "other@example.test").ShouldBe(1);
    }

    [Fact]
    public async Task Who_has_planned_the_switch_is_left_in_peace()
    {
        var made = await AddAsync();
        await EndsInAsync(made, 30);
        await RotateAsync(r => r.StartAsync(made.Id, null, Ct));
        await RotateAsync(r => r.SwitchAsync(made.Id, host.Clock.GetUtcNow().AddDays(20), Ct));

        await TellAsync();

        (await NoticesAsync(made)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_said_of_an_application_that_nobody_can_sign_in_to()
    {
        var made = await AddAsync();
        await host.AskAsync(s => s.DeactivateAsync(made.Id));
        await EndsInAsync(made, 30);

        await TellAsync();

        (await NoticesAsync(made)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_overview_names_what_ends_soon()
    {
        var made = await AddAsync();
        await EndsInAsync(made, 30);
        var browser = await host.BrowserAsync();

        await browser.OpenAsync("/admin");

        browser.Text("#certificates-ending").ShouldContain(made.Label);
    }

    private Task<Application> AddAsync(string? contact = null) =>
        host.AddAsync(host.Input() with { Active = true, TechnicalContact = contact });

    /// <summary>What is stored moves instead of the clock, which is everybody's.</summary>
    private async Task EndsInAsync(Application made, int days)
    {
        var end = host.Clock.GetUtcNow().AddDays(days);
        await using var db = host.Open();
        await db
            .ApplicationCertificates.Where(c => c.ApplicationId == made.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.NotAfter, end), Ct);
    }

    private Task<int> TellAsync() =>
        host.AskAsync<CertificateNotices, int>(notices => notices.TellAsync(Ct));

    private async Task RotateAsync(
        Func<CertificateRotation, Task<Problems.Outcome<CertificateSet>>> step
    ) => (await host.AskAsync(step)).Problems.ShouldBeEmpty();

    private async Task<IReadOnlyList<Event>> NoticesAsync(Application made) =>
        [.. (await host.EventsOfAsync(made.Id)).Where(e => e.Type == EventTypes.CertificateEnding)];

    /// <summary>Mails that name the application.</summary>
    private async Task<IReadOnlyList<(string Template, string To)>> MailsAsync(string label)
    {
        await using var db = host.Open();
        var mails = await db.QueuedMails.AsNoTracking().ToListAsync(Ct);
        return
        [
            .. mails
                .Where(m =>
                    host.Service<MailQueue>()
                        .Open(m)!
                        .Text()
                        .Contains(label + " ", StringComparison.Ordinal)
                )
                .Select(m => (m.Template, m.Recipient)),
        ];
    }

    public sealed class OnSqlite(SqliteIdentityProvider host)
        : CertificateNoticesTests(host),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider host)
        : CertificateNoticesTests(host),
            IClassFixture<PostgreSqlIdentityProvider>;
}
