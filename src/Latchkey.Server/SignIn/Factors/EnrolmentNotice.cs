using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>Tells users by mail that the days began in which they are to set a second step up (J-75): whoever comes from other sites only sees few of our pages.</summary>
internal sealed class EnrolmentNotice(MailQueue mails, ServerOptions server)
{
    /// <param name="database">Saved by the caller.</param>
    /// <param name="user">Whom to tell.</param>
    /// <param name="by">When the days end.</param>
    /// <param name="ct">Gives up waiting.</param>
    public Task AddAsync(
        LatchkeyDbContext database,
        User user,
        DateTimeOffset by,
        CancellationToken ct
    )
    {
        var values = AccountMailValues.Of(user);
        values["expires"] = by;
        values[MailTemplate.Link] = server.Address("/security");
        return mails.EnqueueAsync(
            database,
            MailTemplates.FactorAsked,
            new(user.Email, user.Id, user.Language),
            values,
            worthUntil: by,
            ct
        );
    }
}
