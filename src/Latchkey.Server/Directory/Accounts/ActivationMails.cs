using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;

namespace Latchkey.Server.Directory.Accounts;

/// <summary>That a mail is wanted when an account becomes active.</summary>
/// <param name="To">Where it goes instead of the user's own addresses; null for those.</param>
internal sealed record ActivationMail(string? To = null);

/// <summary>Tells users that their account is there: a welcome if they have a password, otherwise a link to set one (J-65).</summary>
internal sealed class ActivationMails(
    MailQueue queue,
    AccountLinks links,
    EventRecorder events,
    ServerOptions options
)
{
    public static void Check(ActivationMail? mail, List<Problem> problems)
    {
        if (mail?.To is { } to && MailRecipients.Deliverable(to) is null)
        {
            problems.Add(new Problem("email-invalid", "mail_to"));
        }
    }

    /// <summary>Adds the mail to what the caller saves; nothing if none is wanted or the account is not active.</summary>
    public async Task EnqueueAsync(
        LatchkeyDbContext db,
        User user,
        ActivationMail? mail,
        CancellationToken cancellationToken
    )
    {
        if (mail is null || user.State != UserState.Activated)
        {
            return;
        }
        // The own mailbox may be one that opens only after signing in here.
        var to = mail.To ?? user.AlternateEmail ?? user.Email;
        var template = user.PasswordHash is null ? MailTemplates.Activation : MailTemplates.Welcome;
        var values = AccountMailValues.Of(user);
        DateTimeOffset? until = null;
        if (user.PasswordHash is null)
        {
            var link = await links.CreateAsync(
                db,
                user,
                AccountLinkKind.Activation,
                cancellationToken
            );
            values[MailTemplate.Link] = link.Address;
            values["expires"] = link.ExpiresAt;
            until = link.ExpiresAt;
        }
        else
        {
            values[MailTemplate.Link] = options.Address("/");
        }
        await queue.EnqueueAsync(
            db,
            template,
            new(to, user.Id, user.Language),
            values,
            until,
            cancellationToken
        );
        db.Events.Add(
            events.New(
                EventTypes.UserActivationEmail,
                success: true,
                new EventSubject("user", user.Id, user.Username),
                new { template = template.Key, to }
            )
        );
    }
}

/// <summary>What every mail about an account says.</summary>
internal static class AccountMailValues
{
    public static Dictionary<string, MailValue> Of(User user) =>
        new(StringComparer.Ordinal)
        {
            ["name"] = UserName.Shown(user),
            ["username"] = user.Username,
        };
}
