using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Settings;
using Latchkey.Server.SignIn.Account;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Sessions;

/// <summary>Tells users by mail of a sign-in from a browser that is new. Not of the first one they ever use, and of no more than a few a day: a browser that keeps no cookies is new each time.</summary>
internal sealed class NewBrowserNotice(MailQueue queue, ServerOptions server, TimeProvider time)
{
    private const int MostADay = 3;

    /// <param name="db">Saved by the caller.</param>
    public async Task TellAsync(
        LatchkeyDbContext db,
        User user,
        KnownBrowser browser,
        CancellationToken ct
    )
    {
        var now = time.GetUtcNow();
        var dayBefore = now.AddDays(-1);
        var others = db.KnownBrowsers.Where(b => b.UserId == user.Id);
        if (
            !await others.AnyAsync(ct)
            || await others.CountAsync(b => b.ToldAt > dayBefore, ct) >= MostADay
        )
            return;
        browser.ToldAt = now;
        var values = AccountMailValues.Of(user);
        values["time"] = now;
        values["browser"] = BrowserName.Of(browser.UserAgent) ?? "–";
        values["address"] = browser.ClientIp ?? "–";
        values[MailTemplate.Link] = server.Address("/security");
        await queue.EnqueueAsync(
            db,
            MailTemplates.NewBrowser,
            new(user.Email, user.Id, user.Language),
            values,
            // Where no mail leaves, old news must not pile up.
            worthUntil: now.AddDays(1),
            cancellationToken: ct
        );
    }
}
