using System.Net;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Accounts;

/// <summary>
/// Somebody forgot the password. The page says the same in the same time whoever is meant: it only puts down what was typed;
/// who that is, and whether a mail leaves, is found out afterwards.
/// </summary>
internal sealed class PasswordReset : IDisposable
{
    private const int LongestName = 256;

    private readonly Channel<ResetRequest> _requests = Channel.CreateBounded<ResetRequest>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>An office shares an address; a machine that goes through names does not get far.</summary>
    private readonly PartitionedRateLimiter<string> _tries = PartitionedRateLimiter.Create<
        string,
        string
    >(address =>
        RateLimitPartition.GetFixedWindowLimiter(
            address,
            _ => new() { PermitLimit = 20, Window = TimeSpan.FromMinutes(15) }
        )
    );

    public ChannelReader<ResetRequest> Requests => _requests.Reader;

    /// <summary>Puts a request down; false if this address asks too often.</summary>
    public bool Ask(string typed, IPAddress? address)
    {
        using var lease = _tries.AttemptAcquire(SignInOrigin.Network(address));
        if (!lease.IsAcquired)
        {
            return false;
        }
        typed = typed.Trim();
        _requests.Writer.TryWrite(
            new ResetRequest(
                typed[..Math.Min(typed.Length, LongestName)],
                SignInOrigin.Shown(address)
            )
        );
        return true;
    }

    public void Dispose() => _tries.Dispose();
}

/// <param name="Typed">User name or e-mail address.</param>
/// <param name="Address">From where it was asked.</param>
internal sealed record ResetRequest(string Typed, string? Address);

/// <summary>Finds out who is meant and sends the link. Nobody but an activated user gets one (J-63), not two within a minute, and five an hour at the most: whoever asks for somebody else all the time neither fills the mailbox nor ends the link that the owner is about to use.</summary>
internal sealed partial class PasswordResetMails(
    PasswordReset reset,
    IServiceScopeFactory scopes,
    IDbContextFactory<LatchkeyDbContext> databases,
    MailQueue queue,
    AccountLinks links,
    TimeProvider time,
    ILogger<PasswordResetMails> log
) : BackgroundService
{
    private const int MostAnHour = 5;
    private static readonly TimeSpan s_apart = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var request in reset.Requests.ReadAllAsync(stoppingToken))
        {
            try
            {
                await AnswerAsync(request, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(log, e);
            }
        }
    }

    private async Task AnswerAsync(ResetRequest request, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var events = scope.ServiceProvider.GetRequiredService<EventRecorder>();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var user = await FindAsync(db, request.Typed, cancellationToken);
        var typed = user is null ? TypedName.Shown(request.Typed) : request.Typed;
        events.Actor = new EventActor(null, typed);
        var refusal = user switch
        {
            null => "user-unknown",
            { State: UserState.Staged } => "user-staged",
            { State: UserState.Suspended } => "user-suspended",
            _ => null,
        };
        if (
            user is not null
            && refusal is null
            && await IsTooSoonAsync(db, user, cancellationToken)
        )
        {
            refusal = "reset-too-soon";
        }
        if (user is not null && refusal is null)
        {
            await SendAsync(db, user, cancellationToken);
        }
        db.Events.Add(
            events.New(
                EventTypes.UserPasswordResetRequest,
                success: refusal is null,
                user is null ? null : new EventSubject("user", user.Id, user.Username),
                new { typed, client_ip = request.Address },
                findingCode: refusal
            )
        );
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Mails a user a link to choose a new password; the caller saves. To the address for that purpose, or else the one that does not hang on signing in here.</summary>
    public async Task SendAsync(
        LatchkeyDbContext db,
        User user,
        CancellationToken cancellationToken
    )
    {
        var link = await links.CreateAsync(
            db,
            user,
            AccountLinkKind.PasswordReset,
            cancellationToken
        );
        var values = AccountMailValues.Of(user);
        values[MailTemplate.Link] = link.Address;
        values["expires"] = link.ExpiresAt;
        await queue.EnqueueAsync(
            db,
            MailTemplates.PasswordReset,
            new(user.RecoveryEmail ?? user.AlternateEmail ?? user.Email, user.Id, user.Language),
            values,
            link.ExpiresAt,
            cancellationToken
        );
    }

    private async Task<bool> IsTooSoonAsync(
        LatchkeyDbContext db,
        User user,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var (since, hour) = (now - s_apart, now - AccountLinks.ResetLifetime);
        return await db.AccountLinks.AnyAsync(
                l =>
                    l.UserId == user.Id
                    && l.Kind == AccountLinkKind.PasswordReset
                    && l.CreatedAt > since,
                cancellationToken
            )
            || await db.Events.CountAsync(
                e =>
                    e.TargetType == "user"
                    && e.TargetId == user.Id
                    && e.Type == EventTypes.UserPasswordResetRequest
                    && e.Success
                    && e.At > hour,
                cancellationToken
            ) >= MostAnHour;
    }

    private static async Task<User?> FindAsync(
        LatchkeyDbContext db,
        string typed,
        CancellationToken cancellationToken
    )
    {
        var (username, email) = (UserRules.Normalize(typed), typed.ToLowerInvariant());
        var found = await db
            .Users.AsNoTracking()
            .Where(u => u.NormalizedUsername == username || u.Email == email)
            .OrderBy(u => u.Id)
            .Take(2)
            .ToListAsync(cancellationToken);
        return found.Find(u => u.NormalizedUsername == username) ?? found.FirstOrDefault();
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A request for a new password was not answered"
    )]
    private static partial void LogFailed(ILogger log, Exception exception);
}
