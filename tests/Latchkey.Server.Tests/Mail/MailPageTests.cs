using Latchkey.Server.Directory;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Roles;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Web.Texts;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Mail;

/// <summary>The pages of mail by plain posts.</summary>
public sealed class MailPageTests(SqliteIdentityProvider server)
    : IClassFixture<SqliteIdentityProvider>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_test_button_shows_the_servers_answer_and_the_password_is_kept()
    {
        await using var mails = new TestMailServer { Offers = ["AUTH PLAIN"] };
        var browser = await AdministratorAsync();
        var page = await browser.OpenAsync("/admin/settings/mail");
        page = await browser.SubmitAsync(
            page,
            Form(page, ""),
            ("Input.Host", "localhost"),
            ("Input.Port", $"{mails.Port}"),
            ("Input.Security", "None"),
            ("Input.Username", "ada"),
            ("Input.Password", "secret"),
            ("Input.From", "sso@example.test")
        );
        page.Document.QuerySelector(".alert-danger").ShouldBeNull(page.Text);
        // Saved once more without typing the password again.
        page = await browser.SubmitAsync(page, Form(page, ""), ("Input.Security", "None"));

        page = await browser.SubmitAsync(page, Form(page, "Test"), ("Test.To", "ada@example.test"));
        mails.Mails.ShouldHaveSingleItem().ShouldContain("<sso@example.test>");

        mails.RecipientAnswer = "550 go away";
        page = await browser.SubmitAsync(page, Form(page, "Test"), ("Test.To", "ada@example.test"));
        page.Text.ShouldContain("550 go away");
    }

    [Fact]
    public async Task A_saved_password_is_not_sent_to_another_server()
    {
        var before = new SavedMail("a.test", 587, default, "ada", "secret", null, null);
        var problems = new List<Problems.Problem>();

        new MailSettingsInput
        {
            Host = "b.test",
            Port = "587",
            Username = "ada",
        }.Read(before, problems);

        problems.Select(p => p.Code).ShouldContain("mail-password-missing");
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_template_is_previewed_saved_and_reset()
    {
        var browser = await AdministratorAsync();
        var page = await browser.OpenAsync("/admin/settings/mail/templates/activation");
        var fields = Fields(page);
        fields["Input.Body"] = "Dear {username}";

        var preview = await browser.PostAsync(
            "/admin/settings/mail/templates/activation?handler=Preview",
            fields,
            "same-origin"
        );
        preview.Document.QuerySelector(".lk-mail")!.TextContent.ShouldContain("Dear ada");
        (await server.Service<MailTemplateService>().ChangedAsync(Ct)).ShouldBeEmpty();

        fields["Input.Body"] = "Dear {nobody}";
        var refused = await browser.PostAsync(page.Address, fields, "same-origin");
        refused.Text.ShouldContain("There is nothing to put for nobody");

        fields["Input.Body"] = "Dear {username}";
        var saved = await browser.PostAsync(page.Address, fields, "same-origin");
        saved.Document.QuerySelector("#reset").ShouldNotBeNull();
        (await server.Service<MailTemplateService>().ChangedAsync(Ct)).Keys.ShouldContain(
            "activation"
        );

        await browser.PostAsync(page.Address + "?handler=Reset", Fields(saved), "same-origin");
        (await server.Service<MailTemplateService>().ChangedAsync(Ct)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("en", "The mail server refused RCPT TO: 550 nobody")]
    [InlineData("de", "Der Mailserver hat RCPT TO abgelehnt: 550 nobody")]
    public async Task Why_a_mail_is_stuck_is_said_in_the_readers_language(
        string language,
        string expected
    )
    {
        var error = new MailError("refused", "RCPT TO", "550 nobody").Stored;
        await using (var db = server.Open())
        {
            db.Add(
                new QueuedMail
                {
                    Template = "test",
                    Recipient = "stuck@example.test",
                    Content = [],
                    State = MailState.Failed,
                    LastError = error,
                    NextAttemptAt = server.Clock.GetUtcNow(),
                    CreatedAt = server.Clock.GetUtcNow(),
                }
            );
            await db.SaveChangesAsync(Ct);
        }
        var administrator = await server.UserAsync(administrator: true);
        var browser = await server.BrowserAsync(administrator, language);

        await browser.OpenAsync("/admin/settings/mail/queue");

        browser.Text("#list").ShouldContain(expected);
        await using var after = server.Open();
        await after.QueuedMails.ExecuteDeleteAsync(Ct);
    }

    [Theory]
    [InlineData("550 nobody")]
    [InlineData("[not ours")]
    [InlineData("""["a-code-of-tomorrow"]""")]
    public void What_an_other_version_kept_is_shown_as_it_is(string kept) =>
        server.Service<ITexts>().SayMailError(kept).ShouldBe(kept);

    [Fact]
    public async Task Stuck_mails_are_seen_tried_again_and_deleted()
    {
        var user = await server.AddUserAsync();
        await using var db = server.Open();
        var mail = new QueuedMail
        {
            Template = "test",
            Recipient = user.Email,
            UserId = user.Id,
            Content = [],
            State = MailState.Failed,
            LastError = "550 nobody",
            NextAttemptAt = server.Clock.GetUtcNow(),
            CreatedAt = server.Clock.GetUtcNow(),
        };
        db.Add(mail);
        await db.SaveChangesAsync(Ct);
        var browser = await AdministratorAsync();

        (await browser.OpenAsync("/admin/settings/mail")).Text.ShouldContain(
            "One mail could not be sent"
        );
        var list = await browser.OpenAsync("/admin/settings/mail/queue");
        list.Text.ShouldContain("550 nobody");

        var retry = list.Document.QuerySelector($"#retry-{mail.Id}")!.Closest("form");
        await browser.SubmitAsync(list, (AngleSharp.Html.Dom.IHtmlFormElement)retry!);
        db.ChangeTracker.Clear();
        (await db.QueuedMails.SingleAsync(m => m.Id == mail.Id, Ct)).State.ShouldBe(
            MailState.Waiting
        );

        var ask = await browser.OpenAsync($"/admin/settings/mail/queue/{mail.Id}/delete");
        await browser.SubmitAsync(
            ask,
            ask.Document.Forms.Single(f => f.ClassList.Contains("lk-confirm"))
        );
        (await db.QueuedMails.AnyAsync(m => m.Id == mail.Id, Ct)).ShouldBeFalse();
    }

    private async Task<TestBrowser> AdministratorAsync() =>
        await server.SignedInAsync(await server.AddUserAsync(u => u.Role = Role.Owner));

    private static AngleSharp.Html.Dom.IHtmlFormElement Form(TestPage page, string handler) =>
        page.Document.Forms.Single(f =>
            f.Closest("main") is not null
            && f.Method == "post"
            && (f.GetAttribute("action") ?? "")
                == (handler.Length == 0 ? "" : $"?handler={handler}")
        );

    private static Dictionary<string, string> Fields(TestPage page) =>
        page
            .Document.QuerySelectorAll("main input[name], main textarea[name]")
            .ToDictionary(
                e => e.GetAttribute("name")!,
                e =>
                    e is AngleSharp.Html.Dom.IHtmlTextAreaElement area
                        ? area.Value
                        : e.GetAttribute("value") ?? ""
            );
}
