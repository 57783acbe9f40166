using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Accounts;

/// <summary>Activates and suspends users, now or at a time (J-61 to J-63). A suspended user's sessions end at their next request, on every node.</summary>
internal sealed partial class UserStates(
    UserWriter writer,
    ActivationMails mails,
    TimeProvider time,
    ILogger<UserStates> log
)
{
    private static readonly TimeSpan s_furthest = TimeSpan.FromDays(3650);

    /// <summary>Puts a user into a state now.</summary>
    /// <param name="id">Who.</param>
    /// <param name="state">Activated or suspended.</param>
    /// <param name="mail">Whether a user who becomes active is told.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<User>> ChangeAsync(
        Guid id,
        UserState state,
        ActivationMail? mail,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        var found = await writer.FindToChangeAsync(db, id, cancellationToken);
        if (found.Value is not { } user)
        {
            return found;
        }
        var problems = new List<Problem>();
        ActivationMails.Check(mail, problems);
        if (problems.Count > 0)
        {
            return Outcome<User>.Failed(problems);
        }
        if (writer.ChangeState(db, user, state))
        {
            await mails.EnqueueAsync(db, user, mail, cancellationToken);
        }
        return await writer.SaveAsync(db, user, null, cancellationToken);
    }

    /// <summary>Puts a user into a state at a time; the same state scheduled before is moved.</summary>
    public async Task<Outcome<User>> ScheduleAsync(
        Guid id,
        UserState state,
        DateTimeOffset at,
        ActivationMail? mail,
        CancellationToken cancellationToken = default
    )
    {
        var now = time.GetUtcNow();
        var problems = new List<Problem>();
        ActivationMails.Check(mail, problems);
        if (at <= now || at > now + s_furthest)
        {
            problems.Add(new Problem("schedule-past", "at"));
        }
        if (problems.Count > 0)
        {
            return Outcome<User>.Failed(problems);
        }
        await using var db = await writer.OpenAsync(cancellationToken);
        var found = await writer.FindToChangeAsync(db, id, cancellationToken);
        if (found.Value is not { } user)
        {
            return found;
        }
        var row = await RowAsync(db, id, state, cancellationToken);
        if (row is null)
        {
            row = new ScheduledState
            {
                UserId = id,
                State = state,
                At = at,
            };
            db.ScheduledStates.Add(row);
        }
        FieldChange[]? changes =
            row.At == at ? null : [new FieldChange("at", row.At.ToString("u"), at.ToString("u"))];
        (row.At, row.SendMail, row.MailTo) = (at, mail is not null, mail?.To);
        var type =
            state == UserState.Suspended
                ? EventTypes.UserSuspensionScheduled
                : EventTypes.UserActivationScheduled;
        writer.Record(db, type, user, changes is null ? new { at } : new { at, changes });
        return await writer.SaveAsync(db, user, null, cancellationToken);
    }

    /// <summary>Takes a scheduled state back.</summary>
    public async Task<Outcome<User>> CancelAsync(
        Guid id,
        UserState state,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        var found = await writer.FindToChangeAsync(db, id, cancellationToken);
        if (found.Value is { } user && await RowAsync(db, id, state, cancellationToken) is { } row)
        {
            db.ScheduledStates.Remove(row);
            writer.Record(
                db,
                EventTypes.UserScheduleCancelled,
                user,
                new { state = UserChanges.Name(state), at = row.At }
            );
            return await writer.SaveAsync(db, user, null, cancellationToken);
        }
        return found;
    }

    /// <summary>What lies ahead of a user, the next first.</summary>
    public async Task<IReadOnlyList<ScheduledState>> OfAsync(
        Guid id,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        return await db
            .ScheduledStates.AsNoTracking()
            .Where(s => s.UserId == id)
            .OrderBy(s => s.At)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Does all that has become due. A plan is deleted in the transaction that carries it out, so that of several nodes one does it. One that fails holds up no other, and is tried again the next time.</summary>
    /// <returns>How many changes were made.</returns>
    public async Task<int> ApplyDueAsync(CancellationToken cancellationToken)
    {
        const int batch = 100;
        var (done, failed) = (0, 0);
        while (true)
        {
            var due = await DueAsync(failed, batch, cancellationToken);
            var (doneBefore, failedBefore) = (done, failed);
            foreach (var plan in due)
            {
                try
                {
                    done += await ApplyAsync(plan, cancellationToken) ? 1 : 0;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    failed++;
                    LogFailed(log, plan.UserId, e);
                }
            }
            // Where another node was faster with every one of them, the rest is in its hands.
            if (due.Count < batch || (done == doneBefore && failed == failedBefore))
            {
                return done;
            }
        }
    }

    private async Task<IReadOnlyList<ScheduledState>> DueAsync(
        int skipped,
        int most,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        await using var db = await writer.OpenAsync(cancellationToken);
        return await db
            .ScheduledStates.AsNoTracking()
            .Where(s => s.At <= now)
            .OrderBy(s => s.At)
            .ThenBy(s => s.UserId)
            .ThenBy(s => s.State)
            .Skip(skipped)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    private async Task<bool> ApplyAsync(ScheduledState plan, CancellationToken cancellationToken)
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        var found = await UserWriter.FindAsync(db, plan.UserId, null, cancellationToken);
        if (found.Value is not { } user)
        {
            return false;
        }
        db.ScheduledStates.Remove(plan);
        if (writer.ChangeState(db, user, plan.State))
        {
            var mail = plan.SendMail ? new ActivationMail(plan.MailTo) : null;
            await mails.EnqueueAsync(db, user, mail, cancellationToken);
        }
        var saved = await writer.SaveAsync(db, user, null, cancellationToken);
        if (saved.Problems.Any(p => p.Code == "last-owner"))
        {
            await RefuseAsync(plan, user, cancellationToken);
        }
        return saved.Ok;
    }

    /// <summary>A plan that cannot be carried out is not tried for ever; the event tells why.</summary>
    private async Task RefuseAsync(
        ScheduledState plan,
        User user,
        CancellationToken cancellationToken
    )
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        db.ScheduledStates.Remove(plan);
        writer.Record(
            db,
            EventTypes.UserScheduleCancelled,
            user,
            new { state = UserChanges.Name(plan.State), reason = "last-owner" }
        );
        await db.SaveChangesAsync(cancellationToken);
    }

    private static Task<ScheduledState?> RowAsync(
        LatchkeyDbContext db,
        Guid id,
        UserState state,
        CancellationToken cancellationToken
    ) =>
        db.ScheduledStates.SingleOrDefaultAsync(
            s => s.UserId == id && s.State == state,
            cancellationToken
        );

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The scheduled change of the user {User} could not be made this time"
    )]
    private static partial void LogFailed(ILogger log, Guid user, Exception exception);
}

/// <summary>Carries out scheduled changes, and ends what was granted until a date, on every node.</summary>
internal sealed partial class UserStateClock(
    IServiceScopeFactory scopes,
    TimeProvider time,
    ILogger<UserStateClock> log
) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await RunAsync<UserStates>(states => states.ApplyDueAsync(stoppingToken));
            await RunAsync<FactorExclusions>(exclusions => exclusions.EndDueAsync(stoppingToken));
        }
    }

    private async Task RunAsync<T>(Func<T, Task> work)
        where T : notnull
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<EventRecorder>().Actor = new EventActor(
                null,
                "Latchkey"
            );
            await work(scope.ServiceProvider.GetRequiredService<T>());
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The next round, or another node, will do it.
            LogFailed(log, e);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Scheduled changes of users could not be looked at this time"
    )]
    private static partial void LogFailed(ILogger log, Exception exception);
}
