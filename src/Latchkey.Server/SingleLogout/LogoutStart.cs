using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SingleSignOn;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SingleLogout;

/// <summary>Begins a logout: the sessions end, and in the same transaction it is stored whom to tell and which request was answered.</summary>
internal sealed class LogoutStart(
    IDbContextFactory<LatchkeyDbContext> databases,
    SignInLimits limits,
    TimeProvider time
)
{
    /// <summary>The user signs out here.</summary>
    public async Task<StartedLogout> FromPortalAsync(
        CurrentSession current,
        SignOnRecord record,
        CancellationToken ct
    )
    {
        var logout = New(LogoutOrigin.Portal, current.User.Id, current.User.Username, record);
        return (await BeginAsync(logout, [current.Session.Id], answered: null, record, ct))!;
    }

    /// <summary>A service provider asked for it.</summary>
    /// <param name="origin">By the browser or by SOAP.</param>
    /// <param name="request">What it sent; every check passed.</param>
    /// <param name="matched">The sessions it means.</param>
    /// <param name="record">The events so far.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <returns>Null when the same request was answered before: nothing was done.</returns>
    public Task<StartedLogout?> FromRequestAsync(
        LogoutOrigin origin,
        AcceptedLogout request,
        MatchedSessions matched,
        SignOnRecord record,
        CancellationToken ct
    )
    {
        var logout = New(origin, matched.UserId, matched.Username, record, request);
        return BeginAsync(logout, matched.Sessions, request.Answered, record, ct);
    }

    private Logout New(
        LogoutOrigin origin,
        Guid userId,
        string username,
        SignOnRecord record,
        AcceptedLogout? request = null
    )
    {
        var now = time.GetUtcNow();
        var answer = request is { Message.Asynchronous: false };
        return new()
        {
            Origin = origin,
            UserId = userId,
            Username = username,
            ApplicationId = request?.ApplicationId,
            RequestId = answer ? request!.Message.Id : null,
            RequestBinding = request?.Binding,
            RelayState = request?.RelayState,
            ReferenceCode = record.ReferenceCode,
            CreatedAt = now,
            ExpiresAt = now + limits.StateLifetime,
        };
    }

    private async Task<StartedLogout?> BeginAsync(
        Logout logout,
        IReadOnlyList<Guid> sessions,
        AnsweredRequest? answered,
        SignOnRecord record,
        CancellationToken ct
    )
    {
        DateTimeOffset? now = logout.CreatedAt;
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        var ended = new List<Guid>();
        foreach (var id in sessions)
        {
            // Of two who end the same session at the same moment, one tells its participants.
            var claimed = await database
                .Sessions.Where(s => s.Id == id && s.ParticipantsToldAt == null)
                .ExecuteUpdateAsync(
                    s =>
                        s.SetProperty(x => x.EndedAt, x => x.EndedAt ?? now)
                            .SetProperty(x => x.ParticipantsToldAt, now),
                    ct
                );
            if (claimed > 0)
                ended.Add(id);
        }
        if (answered is not null)
            database.AnsweredRequests.Add(answered);
        var participants = await LogoutPlan.AddAsync(
            database,
            logout,
            ended,
            askedInline: true,
            ct
        );
        if (ended.Count > 0)
        {
            record.Add(
                EventTypes.UserLogout,
                success: true,
                details: new { session_ids = ended, told = participants.Count }
            );
        }
        database.Events.AddRange(record.Events);
        try
        {
            await database.SaveChangesAsync(ct);
        }
        catch (DbUpdateException) when (answered is not null)
        {
            await transaction.RollbackAsync(ct);
            if (!await WasAnsweredAsync(answered, ct))
                throw;
            return null;
        }
        await transaction.CommitAsync(ct);
        record.Written();
        return new(logout, participants);
    }

    private async Task<bool> WasAnsweredAsync(AnsweredRequest answered, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.AnsweredRequests.AnyAsync(
            a => a.ApplicationId == answered.ApplicationId && a.RequestId == answered.RequestId,
            ct
        );
    }
}

/// <param name="Participants">As stored a moment ago.</param>
internal sealed record StartedLogout(Logout Logout, IReadOnlyList<LogoutParticipant> Participants);
