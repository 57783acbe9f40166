using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Web.Texts;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>Whatever happens to somebody's second step, they are told by mail, so that they learn of it when it was not they.</summary>
public abstract class FactorMailTests(TestIdentityProvider server) : SecondStepTest(server)
{
    [Fact]
    public async Task Setting_an_app_up_is_told()
    {
        var user = await Server.AddUserAsync();
        var browser = await Server.SignedInAsync(user);
        var page = await browser.OpenAsync("/security/authenticator");
        await browser.SubmitAsync(
            page,
            page.Document.Forms.Single(f => f.QuerySelector("input[name=code]") is not null),
            ("code", AuthenticatorApp.Of(Server, page).Code())
        );
        await ToldAsync(user, EventTypes.TotpFinishEnrollment);
    }

    [Fact]
    public async Task Taking_an_app_away_is_told()
    {
        var (user, _) = await EnrolledAsync();
        await DoAsync(setup => setup.RemoveAuthenticatorAsync(user, Ct));
        await ToldAsync(user, EventTypes.TotpDeleteEnrollment);
    }

    [Fact]
    public async Task Making_recovery_codes_is_told()
    {
        var (user, _) = await EnrolledAsync();
        await DoAsync(setup => setup.RenewRecoveryCodesAsync(user, Ct));
        await ToldAsync(user, EventTypes.RecoveryCodesCreate);
    }

    [Fact]
    public async Task Using_a_recovery_code_is_told()
    {
        var (user, _) = await EnrolledAsync();
        var codes = await Server.AskAsync<FactorSetup, IReadOnlyList<string>>(setup =>
            setup.RenewRecoveryCodesAsync(user, Ct)
        );
        var browser = Server.NewBrowser();
        await browser.SubmitAsync(await PasswordAsync(browser, user), ("code", codes[0]));
        await ToldAsync(user, EventTypes.RecoveryCodesCreate, EventTypes.RecoveryCodeUsed);
    }

    [Fact]
    public async Task A_reset_is_told()
    {
        var (user, _) = await EnrolledAsync();
        await DoAsync(setup => setup.ResetAsync(user, Ct));
        await ToldAsync(user, EventTypes.UserFactorsReset);
    }

    private Task<bool> DoAsync(Func<FactorSetup, Task> does) =>
        Server.AskAsync<FactorSetup, bool>(async setup =>
        {
            await does(setup);
            return true;
        });

    private async Task ToldAsync(User user, params string[] types)
    {
        await using var database = Server.Open();
        var mails = await database
            .QueuedMails.AsNoTracking()
            .Where(m => m.UserId == user.Id && m.Template == "factors_changed")
            .OrderBy(m => m.Id)
            .ToListAsync(Ct);
        var texts = Server.Service<ITexts>();
        mails.Count.ShouldBe(types.Length);
        foreach (var (mail, type) in mails.Zip(types))
        {
            var said = string.Join('\n', Server.Service<MailQueue>().Open(mail)!.Paragraphs);
            said.ShouldContain(texts[$"factors.notice.{type}"]);
        }
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : FactorMailTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : FactorMailTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
