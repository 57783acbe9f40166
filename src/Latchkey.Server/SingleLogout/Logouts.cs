using System.Security.Cryptography;
using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SingleLogout;

/// <summary>Logouts under way, stored so that any node can go on with them. Each change counts only once, whoever makes it.</summary>
internal sealed class Logouts(
    IDbContextFactory<LatchkeyDbContext> databases,
    SignInCookies cookies,
    TimeProvider time
)
{
    /// <summary>How long the browser may stay away at one participant before the others come.</summary>
    public static readonly TimeSpan FrontTimeout = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The logout, if it is still open to this browser. The first browser that comes is the one: it was sent here a moment
    /// before with an identifier that nobody else knows, and a form that another site posted brought no cookie to bind it by.
    /// </summary>
    public async Task<LogoutView?> FindAsync(HttpContext http, Guid id)
    {
        var ct = http.RequestAborted;
        await using var database = await databases.CreateDbContextAsync(ct);
        var logout = await database
            .Logouts.AsNoTracking()
            .SingleOrDefaultAsync(l => l.Id == id, ct);
        if (logout is not { HasBrowser: true } || time.GetUtcNow() >= logout.ExpiresAt)
            return null;
        if (logout.BrowserHash is null)
        {
            var mine = cookies.BindBrowser(http);
            var bound = await database
                .Logouts.Where(l => l.Id == id && l.BrowserHash == null)
                .ExecuteUpdateAsync(l => l.SetProperty(x => x.BrowserHash, mine), ct);
            if (bound == 0)
                return null;
        }
        else if (
            SessionService.HashOf(cookies.Browser(http)) is not { } hash
            || !CryptographicOperations.FixedTimeEquals(logout.BrowserHash, hash)
        )
        {
            return null;
        }
        return await ViewAsync(database, logout, ct);
    }

    /// <summary>The latest logout of this browser that some participant has not answered yet.</summary>
    public async Task<Guid?> OpenInBrowserAsync(HttpContext http)
    {
        if (SessionService.HashOf(cookies.Browser(http)) is not { } hash)
            return null;
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(http.RequestAborted);
        return await database
            .Logouts.Where(l => l.BrowserHash == hash && l.ExpiresAt > now && l.FinishedAt == null)
            .OrderByDescending(l => l.CreatedAt)
            .Select(l => (Guid?)l.Id)
            .FirstOrDefaultAsync(http.RequestAborted);
    }

    /// <summary>With its participants, whoever asks.</summary>
    public async Task<LogoutView?> ReadAsync(Guid id, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var logout = await database
            .Logouts.AsNoTracking()
            .SingleOrDefaultAsync(l => l.Id == id, ct);
        return logout is null ? null : await ViewAsync(database, logout, ct);
    }

    public async Task<LogoutParticipant?> ParticipantAsync(Guid id, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database
            .LogoutParticipants.AsNoTracking()
            .SingleOrDefaultAsync(p => p.Id == id, ct);
    }

    /// <summary>The browser is about to be sent there.</summary>
    /// <returns>False when somebody was faster.</returns>
    public async Task<bool> AskAsync(
        LogoutParticipant participant,
        string requestId,
        CancellationToken ct
    )
    {
        DateTimeOffset? now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database
                .LogoutParticipants.Where(p =>
                    p.Id == participant.Id && p.State == ParticipantState.Waiting
                )
                .ExecuteUpdateAsync(
                    p =>
                        p.SetProperty(x => x.State, ParticipantState.Asked)
                            .SetProperty(x => x.RequestId, requestId)
                            .SetProperty(x => x.AskedAt, now),
                    ct
                ) == 1;
    }

    /// <summary>A participant is settled, one way or the other.</summary>
    /// <param name="participant">As it was read.</param>
    /// <param name="failure">Null when the user is signed out there.</param>
    /// <returns>False when it was settled before: nothing changed.</returns>
    public async Task<bool> SettleAsync(LogoutParticipant participant, LogoutFailure? failure)
    {
        var signedOut = failure is null;
        var state = signedOut ? ParticipantState.SignedOut : ParticipantState.Failed;
        await using var database = await databases.CreateDbContextAsync();
        return await database
                .LogoutParticipants.Where(p =>
                    p.Id == participant.Id
                    && p.State != ParticipantState.SignedOut
                    && (
                        p.State != ParticipantState.Failed
                        // An answer that came after all is better than none.
                        || (signedOut && p.Failure == LogoutFailure.NoAnswer)
                    )
                )
                .ExecuteUpdateAsync(p =>
                    p.SetProperty(x => x.State, state)
                        .SetProperty(x => x.Failure, failure)
                        .SetProperty(x => x.NextAttemptAt, (DateTimeOffset?)null)
                ) == 1;
    }

    /// <summary>SOAP did not work: the browser goes there.</summary>
    public async Task ByBrowserAsync(LogoutParticipant participant)
    {
        await using var database = await databases.CreateDbContextAsync();
        await database
            .LogoutParticipants.Where(p =>
                p.Id == participant.Id && p.State == ParticipantState.Waiting
            )
            .ExecuteUpdateAsync(p =>
                p.SetProperty(x => x.Channel, LogoutChannel.Front)
                    .SetProperty(x => x.NextAttemptAt, (DateTimeOffset?)null)
            );
    }

    /// <summary>It will be asked by SOAP once more.</summary>
    public async Task AgainAsync(
        LogoutParticipant participant,
        LogoutFailure failure,
        DateTimeOffset at
    )
    {
        DateTimeOffset? next = at;
        LogoutFailure? why = failure;
        await using var database = await databases.CreateDbContextAsync();
        await database
            .LogoutParticipants.Where(p =>
                p.Id == participant.Id && p.State == ParticipantState.Waiting
            )
            .ExecuteUpdateAsync(p =>
                p.SetProperty(x => x.Failure, why)
                    .SetProperty(x => x.Attempts, x => x.Attempts + 1)
                    .SetProperty(x => x.NextAttemptAt, next)
            );
    }

    /// <summary>The application that asked is about to be answered.</summary>
    /// <returns>False when somebody was faster.</returns>
    public async Task<bool> AnswerAsync(Guid id)
    {
        DateTimeOffset? now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync();
        return await database
                .Logouts.Where(l => l.Id == id && l.AnsweredAt == null)
                .ExecuteUpdateAsync(l => l.SetProperty(x => x.AnsweredAt, now)) == 1;
    }

    /// <summary>Everybody is settled.</summary>
    /// <returns>Whether this made it so.</returns>
    public async Task<bool> FinishAsync(Guid id)
    {
        DateTimeOffset? now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync();
        return await database
                .Logouts.Where(l => l.Id == id && l.FinishedAt == null)
                .ExecuteUpdateAsync(l => l.SetProperty(x => x.FinishedAt, now)) == 1;
    }

    private static async Task<LogoutView> ViewAsync(
        LatchkeyDbContext database,
        Logout logout,
        CancellationToken ct
    )
    {
        var rows = await (
            from participant in database.LogoutParticipants.AsNoTracking()
            where participant.LogoutId == logout.Id
            join application in database.Applications
                on participant.ApplicationId equals application.Id
            orderby participant.Number
            select new ParticipantView(participant, application.Label)
        ).ToListAsync(ct);
        var asker = logout.ApplicationId is { } id
            ? await database
                .Applications.Where(a => a.Id == id)
                .Select(a => a.Label)
                .SingleOrDefaultAsync(ct)
            : null;
        return new(logout, rows, asker);
    }
}

/// <param name="Asker">The name of the application that waits for an answer or asked without waiting, if any.</param>
internal sealed record LogoutView(
    Logout Logout,
    IReadOnlyList<ParticipantView> Participants,
    string? Asker
)
{
    /// <summary>Whom the browser has still to be sent to.</summary>
    public ParticipantView? Next =>
        Participants.FirstOrDefault(p =>
            p.Row is { State: ParticipantState.Waiting, Channel: LogoutChannel.Front }
        );

    /// <summary>Where the browser was sent and has not come back from.</summary>
    public ParticipantView? Silent =>
        Participants.FirstOrDefault(p => p.Row.State == ParticipantState.Asked);

    /// <summary>Whether an application waits for its answer.</summary>
    public bool Answerable => Logout is { RequestId: not null, AnsweredAt: null };

    /// <summary>Whether everybody is settled.</summary>
    public bool Settled =>
        Participants.All(p =>
            p.Row.State is not (ParticipantState.Waiting or ParticipantState.Asked)
        );

    /// <summary>Whether somebody is not signed out (saml-core-2.0 §3.7.3.2).</summary>
    public bool Partial => Participants.Any(p => p.Row.State != ParticipantState.SignedOut);
}

/// <param name="Label">The application's name.</param>
internal sealed record ParticipantView(LogoutParticipant Row, string Label);
