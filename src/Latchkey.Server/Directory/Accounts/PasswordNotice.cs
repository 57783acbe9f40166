using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Storage;

namespace Latchkey.Server.Directory.Accounts;

/// <summary>Tells the owner of an account that the password was set anew, at every address there is: whoever got into one mailbox does not have the last word.</summary>
internal sealed class PasswordNotice(MailQueue queue, TimeProvider time)
{
    /// <summary>The owner set it.</summary>
    /// <param name="db">Saved by the caller.</param>
    /// <param name="user">Whose password.</param>
    /// <param name="address">From which network address.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task EnqueueAsync(
        LatchkeyDbContext db,
        User user,
        string? address,
        CancellationToken cancellationToken
    )
    {
        var values = Values(user);
        values["address"] = address ?? "";
        return EnqueueAsync(db, user, MailTemplates.PasswordChanged, values, cancellationToken);
    }

    /// <summary>An administrator set it.</summary>
    /// <param name="db">Saved by the caller.</param>
    /// <param name="user">Whose password.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task EnqueueSetAsync(
        LatchkeyDbContext db,
        User user,
        CancellationToken cancellationToken
    ) => EnqueueAsync(db, user, MailTemplates.PasswordSet, Values(user), cancellationToken);

    private Dictionary<string, MailValue> Values(User user)
    {
        var values = AccountMailValues.Of(user);
        values["time"] = time.GetUtcNow();
        return values;
    }

    private async Task EnqueueAsync(
        LatchkeyDbContext db,
        User user,
        MailTemplate template,
        Dictionary<string, MailValue> values,
        CancellationToken cancellationToken
    )
    {
        var recipients = new[] { user.Email, user.AlternateEmail, user.RecoveryEmail };
        foreach (var to in recipients.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            await queue.EnqueueAsync(
                db,
                template,
                new(to, user.Id, user.Language),
                values,
                cancellationToken: cancellationToken
            );
        }
    }
}
