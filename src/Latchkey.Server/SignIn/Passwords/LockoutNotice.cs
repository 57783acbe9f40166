using System.Threading.Channels;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>
/// Tells the owner of an account by mail that wrong passwords locked it (J-111), once a day at the most. It is put down here
/// and done afterwards, so that the answer to the last wrong password comes no later than to any other.
/// </summary>
internal sealed class LockoutNotice
{
    private readonly Channel<Lockout> _lockouts = Channel.CreateBounded<Lockout>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public ChannelReader<Lockout> Lockouts => _lockouts.Reader;

    public void Tell(Guid userId, string? address) =>
        _lockouts.Writer.TryWrite(new(userId, address));
}

/// <param name="Address">Where the wrong passwords came from.</param>
internal sealed record Lockout(Guid UserId, string? Address);

/// <summary>Sends what <see cref="LockoutNotice"/> put down.</summary>
internal sealed partial class LockoutMails(
    LockoutNotice notice,
    IDbContextFactory<LatchkeyDbContext> databases,
    MailQueue queue,
    ServerOptions server,
    TimeProvider time,
    ILogger<LockoutMails> log
) : BackgroundService
{
    private static readonly TimeSpan s_apart = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var lockout in notice.Lockouts.ReadAllAsync(stoppingToken))
        {
            try
            {
                await SendAsync(lockout, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(log, e);
            }
        }
    }

    private async Task SendAsync(Lockout lockout, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? told = now;
        var before = now - s_apart;
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Of several nodes, and several locks, one mail a day.
        var first = await db
            .Users.Where(u =>
                u.Id == lockout.UserId && (u.LockoutToldAt == null || u.LockoutToldAt < before)
            )
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.LockoutToldAt, told), ct);
        if (first == 0)
            return;
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == lockout.UserId, ct);
        var values = AccountMailValues.Of(user);
        values["time"] = now;
        values["address"] = lockout.Address ?? "–";
        values[MailTemplate.Link] = server.Address("/forgot-password");
        await queue.EnqueueAsync(
            db,
            MailTemplates.AccountLocked,
            new(user.Email, user.Id, user.Language),
            values,
            // Where no mail leaves, old news must not pile up.
            worthUntil: now.AddDays(1),
            cancellationToken: ct
        );
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A mail about a locked account was not made"
    )]
    private static partial void LogFailed(ILogger log, Exception exception);
}
