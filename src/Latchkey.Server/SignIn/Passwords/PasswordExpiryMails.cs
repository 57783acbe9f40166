using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>
/// Tells users by mail that their password ends soon, and that it has ended (J-69, J-111): each once. Every node looks; who
/// marks the user first sends the mail, in the same transaction.
/// </summary>
internal sealed class PasswordExpiryMails(
    IDbContextFactory<LatchkeyDbContext> databases,
    MailQueue queue,
    IServiceScopeFactory scopes,
    ServerOptions server,
    TimeProvider time
)
{
    private const int Batch = 500;

    /// <summary>Looks at everybody whose password may be ending.</summary>
    /// <returns>How many mails were put into the queue.</returns>
    public async Task<int> SendAsync(CancellationToken ct)
    {
        var sent = 0;
        var last = Guid.Empty;
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(ct);
            var policies = await PolicySet.ReadAsync(db, ct);
            var expiring = policies.All.Select(b => b.Policy.Rules).Where(r => r.ExpiryDays > 0);
            if (!expiring.Any())
                return sent;
            // The earliest moment at which a password can have been set that any policy lets end soon.
            var youngest = expiring.Min(r => r.ExpiryDays - r.WarnDays);
            var set = time.GetUtcNow().AddDays(-youngest);
            var users = await db
                .Users.AsNoTracking()
                .Where(u =>
                    u.Id.CompareTo(last) > 0
                    && u.State == UserState.Activated
                    && u.PasswordHash != null
                    && u.PasswordExpiryNotice != PasswordExpiryNotice.Expired
                    && (u.PasswordSetAt == null || u.PasswordSetAt <= set)
                )
                .OrderBy(u => u.Id)
                .Take(Batch)
                .ToListAsync(ct);
            if (users.Count == 0)
                return sent;
            last = users[^1].Id;
            var inForce = await policies.OfAsync(db, [.. users.Select(u => u.Id)], ct);
            foreach (var user in users)
                sent += await TellAsync(user, inForce[user.Id].Rules, ct) ? 1 : 0;
        }
    }

    private async Task<bool> TellAsync(User user, PasswordRules rules, CancellationToken ct)
    {
        if (rules.ExpiryDays == 0 || PasswordExpiry.At(user, rules) is not { } end)
            return false;
        var now = time.GetUtcNow();
        var notice =
            end <= now ? PasswordExpiryNotice.Expired
            : PasswordExpiry.Of(user, rules, now) >= PasswordStanding.EndsSoon
                ? PasswordExpiryNotice.Warned
            : PasswordExpiryNotice.None;
        if (notice == PasswordExpiryNotice.None || notice == user.PasswordExpiryNotice)
            return false;
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (before, hash) = (user.PasswordExpiryNotice, user.PasswordHash);
        var first = await db
            .Users.Where(u =>
                u.Id == user.Id && u.PasswordExpiryNotice == before && u.PasswordHash == hash
            )
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.PasswordExpiryNotice, notice), ct);
        if (first == 0)
            return false;
        var values = AccountMailValues.Of(user);
        values["expires"] = end;
        values[MailTemplate.Link] = server.Address("/security/password");
        await queue.EnqueueAsync(
            db,
            notice == PasswordExpiryNotice.Expired
                ? MailTemplates.PasswordExpired
                : MailTemplates.PasswordEndsSoon,
            new(user.Email, user.Id, user.Language),
            values,
            worthUntil: notice == PasswordExpiryNotice.Warned ? end : now.AddDays(7),
            cancellationToken: ct
        );
        await using var scope = scopes.CreateAsyncScope();
        var events = scope.ServiceProvider.GetRequiredService<EventRecorder>();
        events.Actor = new EventActor(null, "Latchkey");
        db.Events.Add(
            events.New(
                notice == PasswordExpiryNotice.Expired
                    ? EventTypes.UserPasswordExpired
                    : EventTypes.UserPasswordWarningEmail,
                success: true,
                new("user", user.Id, user.Username),
                new { expires = end }
            )
        );
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}

/// <summary>Looks for passwords that end, on every node.</summary>
internal sealed partial class PasswordExpiryClock(
    PasswordExpiryMails mails,
    TimeProvider time,
    ILogger<PasswordExpiryClock> log
) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await mails.SendAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The next round, or another node, will do it.
                LogFailed(log, e);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Passwords that end soon could not be looked at this time"
    )]
    private static partial void LogFailed(ILogger log, Exception exception);
}
