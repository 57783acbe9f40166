using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Portal.Settings;
using Latchkey.Web.Texts;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Languages;

/// <summary>A mail is in its reader's language, whoever causes it.</summary>
public abstract class MailLanguageTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("de", "Ihr Konto ist bereit")]
    [InlineData("de-CH", "Ihr Konto ist bereit")]
    [InlineData("en", "Your account is ready")]
    [InlineData("fr", "Your account is ready")]
    [InlineData(null, "Your account is ready")]
    public async Task A_mail_is_in_its_readers_language(string? language, string subject) =>
        (await SendAsync(language)).Subject.ShouldBe(subject);

    [Fact]
    public async Task Who_chose_none_is_written_to_in_the_organisations()
    {
        await UseAsync("de");
        var mail = await SendAsync(null);
        await UseAsync(null);
        (mail.Subject, mail.Language).ShouldBe(("Ihr Konto ist bereit", "de"));
        mail.Html().ShouldContain("<html lang=\"de\">");
    }

    [Fact]
    public async Task Moments_are_written_as_the_language_does()
    {
        var templates = server.Service<MailTemplateService>();
        var values = new Dictionary<string, MailValue>(
            templates.Samples(MailTemplates.PasswordEndsSoon)
        )
        {
            ["expires"] = new DateTimeOffset(2026, 3, 9, 15, 4, 0, TimeSpan.FromHours(1)),
        };
        var german = await templates.RenderAsync(MailTemplates.PasswordEndsSoon, values, "de", Ct);
        german.Text().ShouldContain("bis 9. März 2026, 14:04 UTC geändert");
    }

    [Fact]
    public async Task Each_language_has_words_of_its_own()
    {
        var templates = server.Service<MailTemplateService>();
        var german = server.Service<ITexts>().Find("de")!;
        var words = new MailWords
        {
            Subject = "Servus",
            Body = "Text",
            Button = "Los",
        };
        await server.AskAsync<EventRecorder, object?>(async events =>
            (await templates.SaveAsync(MailTemplates.Welcome, german, words, events, Ct)).Value
        );
        var subjects = ((await SendAsync("de")).Subject, (await SendAsync("en")).Subject);
        await server.AskAsync<EventRecorder, int>(async events =>
        {
            await templates.ResetAsync(MailTemplates.Welcome, german, events, Ct);
            return 0;
        });
        subjects.ShouldBe(("Servus", "Your account is ready"));
    }

    /// <summary>Welcomes a user of that language.</summary>
    private async Task<RenderedMail> SendAsync(string? language)
    {
        var user = await server.AddUserAsync(u => u.Language = language);
        await using var db = server.Open();
        var queue = server.Service<MailQueue>();
        await queue.EnqueueAsync(
            db,
            MailTemplates.Welcome,
            new(user.Email, user.Id, user.Language),
            server.Service<MailTemplateService>().Samples(MailTemplates.Welcome),
            cancellationToken: Ct
        );
        await db.SaveChangesAsync(Ct);
        return queue.Open(await db.QueuedMails.SingleAsync(m => m.UserId == user.Id, Ct))!;
    }

    private async Task UseAsync(string? language) =>
        (
            await server.AskAsync<PortalSettingsService, Problems.Outcome<PortalSettings>>(
                settings => settings.SaveAsync(new PortalSettings { Language = language }, Ct)
            )
        ).Problems.ShouldBeEmpty();
}

public sealed class MailLanguageOnSqlite(SqliteIdentityProvider server)
    : MailLanguageTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class MailLanguageOnPostgreSql(PostgreSqlIdentityProvider server)
    : MailLanguageTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
