using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn.Account;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Sessions;

/// <summary>Knows browsers again: for mails about new ones, for those that are let off the second step, and so that an attack from elsewhere does not stop their users.</summary>
internal sealed class KnownBrowsers(
    IDbContextFactory<LatchkeyDbContext> databases,
    SignInCookies cookies,
    NewBrowserNotice notice,
    TimeProvider time
)
{
    /// <summary>From where a request comes, with the users who signed in from its browser before.</summary>
    public async Task<SignInOrigin> OriginAsync(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (SessionService.HashOf(cookies.KnownBrowser(http)) is not { } hash)
            return new(address);
        await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
        var users = await db
            .KnownBrowsers.Where(b => b.TokenHash == hash)
            .Join(
                db.Users,
                b => b.UserId,
                u => u.Id,
                (_, u) => new KnownUser(u.Id, u.NormalizedUsername, u.Email)
            )
            .ToListAsync(http.RequestAborted);
        return users.Count == 0
            ? new(address)
            : new(address, Convert.ToHexString(hash.AsSpan(0, 12)), users);
    }

    /// <summary>Whether this browser is let off the second step for that user. Nobody is who may administer.</summary>
    public async Task<bool> IsRememberedAsync(HttpContext http, User user)
    {
        if (
            user.Role is not null
            || SessionService.HashOf(cookies.KnownBrowser(http)) is not { } hash
        )
            return false;
        var ct = http.RequestAborted;
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.KnownBrowsers.AnyAsync(
                b =>
                    b.TokenHash == hash
                    && b.UserId == user.Id
                    && b.RememberedUntil > now
                    && b.RememberedStamp == user.SecurityStamp,
                ct
            )
            && (await SessionSettingsService.ReadAsync(db, ct)).RememberDays > 0;
    }

    /// <summary>Somebody signed in: from now on this browser is known, by a new secret, so that none that was planted in it is worth anything.</summary>
    /// <param name="remember">Whether the user wants it let off the second step, having just proved one.</param>
    public async Task SeenAsync(HttpContext http, User user, bool remember)
    {
        var ct = CancellationToken.None;
        var now = time.GetUtcNow();
        var secret = SessionService.NewSecret();
        var hash = SessionService.HashOf(secret)!;
        await using var db = await databases.CreateDbContextAsync(ct);
        var settings = await SessionSettingsService.ReadAsync(db, ct);
        if (SessionService.HashOf(cookies.KnownBrowser(http)) is { } old)
        {
            await db
                .KnownBrowsers.Where(b => b.TokenHash == old)
                .ExecuteUpdateAsync(b => b.SetProperty(x => x.TokenHash, hash), ct);
        }
        var browser = await db.KnownBrowsers.SingleOrDefaultAsync(
            b => b.TokenHash == hash && b.UserId == user.Id,
            ct
        );
        var isNew = browser is null;
        if (browser is null)
        {
            browser = new()
            {
                UserId = user.Id,
                TokenHash = hash,
                CreatedAt = now,
                LastSeenAt = now,
            };
            db.KnownBrowsers.Add(browser);
        }
        var agent = http.Request.Headers.UserAgent.ToString();
        browser.UserAgent = agent.Length > 512 ? agent[..512] : agent;
        browser.ClientIp = SignInOrigin.Shown(http.Connection.RemoteIpAddress);
        browser.LastSeenAt = now;
        if (remember && settings.RememberDays > 0 && user.Role is null)
        {
            browser.RememberedUntil = now.AddDays(settings.RememberDays);
            browser.RememberedStamp = user.SecurityStamp;
        }
        if (isNew && settings.TellsNewBrowsers)
            await notice.TellAsync(db, user, browser, ct);
        await db.SaveChangesAsync(ct);
        cookies.WriteKnownBrowser(http, secret);
    }

    /// <summary>A page of the browsers in which a user signed in, the last one first.</summary>
    public async Task<PageOf<KnownBrowser>> OfAsync(
        Guid userId,
        int page,
        int size,
        CancellationToken ct
    )
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await Paging.ReadAsync(
            db.KnownBrowsers.AsNoTracking().Where(b => b.UserId == userId),
            known => known.OrderByDescending(b => b.LastSeenAt).ThenByDescending(b => b.Id),
            page,
            size,
            ct
        );
    }

    /// <summary>A browser is new again at its next sign-in.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="events">Of the request in which it is wished.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <returns>Whether it was the user's.</returns>
    public async Task<bool> ForgetAsync(
        User user,
        Guid id,
        EventRecorder events,
        CancellationToken ct
    )
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var browser = await db.KnownBrowsers.SingleOrDefaultAsync(
            b => b.UserId == user.Id && b.Id == id,
            ct
        );
        if (browser is null)
            return false;
        db.KnownBrowsers.Remove(browser);
        db.Events.Add(
            events.New(
                EventTypes.KnownBrowserDelete,
                success: true,
                new("user", user.Id, user.Username),
                new
                {
                    changes = FieldChange.Gone([
                        new("browser", BrowserName.Of(browser.UserAgent)),
                        new("client_ip", browser.ClientIp),
                        new("last_seen_at", browser.LastSeenAt.ToString("u")),
                        new("remembered_until", browser.RememberedUntil?.ToString("u")),
                    ]),
                }
            )
        );
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            // Gone in the same moment by another click.
            return false;
        }
    }

    /// <summary>A factor of the user's changed: no browser is let off the second step any more.</summary>
    public static Task AskAllAgainAsync(LatchkeyDbContext db, Guid userId, CancellationToken ct) =>
        db
            .KnownBrowsers.Where(b => b.UserId == userId && b.RememberedUntil != null)
            .ExecuteUpdateAsync(
                b => b.SetProperty(x => x.RememberedUntil, (DateTimeOffset?)null),
                ct
            );
}
