using Latchkey.Server.Directory;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>Tells users by mail that something about their second step happened, so that they learn of it when it was not they.</summary>
internal sealed class FactorNotice(
    MailQueue mails,
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    /// <param name="type">The event's type; what is said has the key <c>factors.notice.TYPE</c>.</param>
    public async Task SendAsync(User user, string type, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        await mails.EnqueueAsync(
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
        await database.SaveChangesAsync(ct);
    }
}
