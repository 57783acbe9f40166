using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Latchkey.Server.Directory;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn;

/// <summary>Sessions are rows: they can be listed and ended, and count on every node at once. The browser holds a secret, the row its hash.</summary>
internal sealed class SessionService(
    IDbContextFactory<LatchkeyDbContext> databases,
    SignInLimits options,
    TimeProvider time
)
{
    // Compiled by each server of its own: the query holds on to the model, and tests run several in one process.
    private readonly Func<
        LatchkeyDbContext,
        byte[],
        CancellationToken,
        Task<CurrentSession?>
    > _byToken = EF.CompileAsyncQuery(
        (LatchkeyDbContext database, byte[] hash, CancellationToken ct) =>
            (
                from session in database.Sessions.AsNoTracking()
                join user in database.Users.AsNoTracking() on session.UserId equals user.Id
                where session.TokenHash == hash
                select new CurrentSession(session, user)
            ).SingleOrDefault()
    );

    /// <summary>Begins a session; always with a new secret (rule P9).</summary>
    public async Task<NewSession> StartAsync(
        User user,
        string methods,
        string? clientIp,
        string? userAgent,
        CancellationToken ct
    )
    {
        var now = time.GetUtcNow();
        var secret = NewSecret();
        await using var database = await databases.CreateDbContextAsync(ct);
        var settings = await SessionSettingsService.ReadAsync(database, ct);
        var session = new Session
        {
            TokenHash = HashOf(secret)!,
            UserId = user.Id,
            SecurityStamp = user.SecurityStamp,
            AuthnInstant = now,
            Methods = methods,
            CreatedAt = now,
            ExpiresAt = now + settings.Lifetime,
            LastSeenAt = now,
            IdleSeconds = (int)settings.Idle.TotalSeconds,
            ClientIp = clientIp,
            UserAgent = userAgent,
        };
        database.Sessions.Add(session);
        await database.SaveChangesAsync(ct);
        return new(session, secret, settings.CookieLifetime);
    }

    /// <summary>The same user proved more: the session goes on, so that the service providers it reached stay known, under a new secret.</summary>
    /// <param name="sessionId">Which.</param>
    /// <param name="methods">All that counts as proved in it.</param>
    /// <param name="isAnew">Whether who they are was proved anew, from which moment it is counted then. A second factor alone prolongs nothing.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task<SessionCookie> RenewAsync(
        Guid sessionId,
        string methods,
        bool isAnew,
        CancellationToken ct
    )
    {
        var now = time.GetUtcNow();
        var secret = NewSecret();
        var hash = HashOf(secret)!;
        await using var database = await databases.CreateDbContextAsync(ct);
        var settings = await SessionSettingsService.ReadAsync(database, ct);
        var expires = now + settings.Lifetime;
        await database
            .Sessions.Where(s => s.Id == sessionId && s.EndedAt == null)
            .ExecuteUpdateAsync(
                s =>
                    s.SetProperty(x => x.TokenHash, hash)
                        .SetProperty(x => x.AuthnInstant, x => isAnew ? now : x.AuthnInstant)
                        .SetProperty(x => x.Methods, methods)
                        .SetProperty(x => x.LastSeenAt, now)
                        .SetProperty(x => x.ExpiresAt, x => isAnew ? expires : x.ExpiresAt),
                ct
            );
        return new(secret, settings.CookieLifetime);
    }

    /// <summary>The session behind a cookie's secret, if it still counts.</summary>
    public async Task<CurrentSession?> FindAsync(string secret, CancellationToken ct)
    {
        if (HashOf(secret) is not { } hash)
            return null;
        await using var database = await databases.CreateDbContextAsync(ct);
        var found = await _byToken(database, hash, ct);
        if (found is null || !IsAlive(found.Session, found.User))
            return null;
        await TouchAsync(found.Session, ct);
        return found;
    }

    /// <summary>Whether a session still counts: not ended, not expired, not idle for too long, its user active and unchanged.</summary>
    public bool IsAlive(Session session, User user) =>
        session.IsOpen(time.GetUtcNow())
        && user.State == UserState.Activated
        && string.Equals(session.SecurityStamp, user.SecurityStamp, StringComparison.Ordinal);

    /// <summary>Moves the time of last use, at most once a minute.</summary>
    public async ValueTask TouchAsync(Session session, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (now - session.LastSeenAt < options.SessionTouch)
            return;
        await using var database = await databases.CreateDbContextAsync(ct);
        await database
            .Sessions.Where(s => s.Id == session.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, now), ct);
    }

    /// <summary>Goes on in a new session, of which the service providers of the old one are participants from now on; the user's other sessions end.</summary>
    public async Task ReplaceAsync(Guid sessionId, Session by, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? ended = now;
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        await database
            .SessionParticipants.Where(p => p.SessionId == sessionId)
            .ExecuteUpdateAsync(p => p.SetProperty(x => x.SessionId, by.Id), ct);
        var open = await OpenSessions.ReadAsync(database, now, ct);
        await open.Where(s => s.UserId == by.UserId && s.Id != by.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.EndedAt, ended), ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>256 random bits for a cookie.</summary>
    public static string NewSecret()
    {
        Span<byte> bytes = stackalloc byte[32];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>What is stored of a cookie's secret; null for text that cannot be one.</summary>
    public static byte[]? HashOf(string? secret)
    {
        if (secret is not { Length: 43 })
            return null;
        Span<byte> bytes = stackalloc byte[33];
        var status = Base64Url.DecodeFromChars(secret, bytes, out _, out var length);
        return status == OperationStatus.Done && length == 32
            ? SHA256.HashData(bytes[..length])
            : null;
    }
}

/// <param name="Secret">What the cookie will hold; nowhere stored.</param>
/// <param name="CookieLifetime">How long the browser keeps it; null for as long as it runs.</param>
internal sealed record NewSession(Session Session, string Secret, TimeSpan? CookieLifetime)
{
    public SessionCookie Cookie => new(Secret, CookieLifetime);
}

/// <summary>What a browser is given of a session.</summary>
/// <param name="Secret">Nowhere stored.</param>
/// <param name="Lifetime">How long the browser keeps it; null for as long as it runs.</param>
internal sealed record SessionCookie(string Secret, TimeSpan? Lifetime);

internal sealed record CurrentSession(Session Session, User User);
