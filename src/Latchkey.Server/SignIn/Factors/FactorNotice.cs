using Latchkey.Server.Directory;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Storage;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>Tells users by mail that something about their second step happened, so that they learn of it when it was not they.</summary>
internal sealed class FactorNotice(MailQueue mails, TimeProvider time)
{
    /// <param name="database">Saved by the caller.</param>
    /// <param name="user">To whom.</param>
    /// <param name="type">The event's type; what is said has the key <c>factors.notice.TYPE</c>.</param>
    /// <param name="ct">Gives up waiting.</param>
    public Task AddAsync(
        LatchkeyDbContext database,
        User user,
        string type,
        CancellationToken ct
    ) =>
        mails.EnqueueAsync(
            database,
            MailTemplates.FactorsChanged,
            new(user.Email, user.Id, user.Language),
            new Dictionary<string, MailValue>(StringComparer.Ordinal)
            {
                ["name"] = user.FirstName ?? user.Username,
                ["username"] = user.Username,
                ["time"] = time.GetUtcNow(),
                ["what"] = MailValue.Of(texts => texts[$"factors.notice.{type}"]),
            },
            cancellationToken: ct
        );
}
