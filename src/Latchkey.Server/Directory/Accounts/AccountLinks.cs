using Latchkey.Server.Settings;
using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Latchkey.Server.Directory.Accounts;

/// <summary>Makes and finds links to set a password. A new one ends those of its kind before it, and no other: whoever asks for somebody else's password does not end the invitation. A new password, another address or another state ends them all.</summary>
internal sealed class AccountLinks(ServerOptions options, TimeProvider time)
{
    /// <summary>An invitation may lie over a holiday.</summary>
    public static readonly TimeSpan ActivationLifetime = TimeSpan.FromDays(7);

    public static readonly TimeSpan ResetLifetime = TimeSpan.FromHours(1);

    /// <summary>Makes a link in the caller's transaction.</summary>
    public async Task<NewAccountLink> CreateAsync(
        LatchkeyDbContext db,
        User user,
        AccountLinkKind kind,
        CancellationToken cancellationToken
    )
    {
        var older = await OfAsync(db, user.Id, cancellationToken);
        db.AccountLinks.RemoveRange(older.Where(l => l.Kind == kind));
        var secret = SessionService.NewSecret();
        var now = time.GetUtcNow();
        var expires =
            now + (kind == AccountLinkKind.Activation ? ActivationLifetime : ResetLifetime);
        db.AccountLinks.Add(
            new AccountLink
            {
                UserId = user.Id,
                Kind = kind,
                TokenHash = SessionService.HashOf(secret)!,
                CreatedAt = now,
                ExpiresAt = expires,
            }
        );
        return new NewAccountLink(options.Address($"/set-password?key={secret}"), expires);
    }

    /// <summary>The link of a secret, if it still works.</summary>
    public async Task<AccountLink?> FindAsync(
        LatchkeyDbContext db,
        string? secret,
        CancellationToken cancellationToken
    )
    {
        if (SessionService.HashOf(secret) is not { } hash)
        {
            return null;
        }
        var link = await db
            .AccountLinks.AsNoTracking()
            .SingleOrDefaultAsync(l => l.TokenHash == hash, cancellationToken);
        return link is not null && time.GetUtcNow() < link.ExpiresAt ? link : null;
    }

    /// <summary>Ends a changed user's links if they were made for another password, address or state.</summary>
    public static async Task EndOutdatedAsync(
        LatchkeyDbContext db,
        EntityEntry<User> user,
        CancellationToken cancellationToken
    )
    {
        var outdated = new[]
        {
            nameof(User.PasswordHash),
            nameof(User.Email),
            nameof(User.AlternateEmail),
            nameof(User.RecoveryEmail),
        }.Any(name => user.Property(name).IsModified);
        // Links just made in this transaction are not in the database yet, and stay.
        if (outdated || user is { Entity.State: UserState.Suspended })
        {
            foreach (var link in await OfAsync(db, user.Entity.Id, cancellationToken))
            {
                db.AccountLinks.Remove(link);
            }
        }
    }

    private static Task<List<AccountLink>> OfAsync(
        LatchkeyDbContext db,
        Guid userId,
        CancellationToken cancellationToken
    ) => db.AccountLinks.Where(l => l.UserId == userId).ToListAsync(cancellationToken);
}

/// <param name="Address">The link; its secret is nowhere stored.</param>
internal sealed record NewAccountLink(string Address, DateTimeOffset ExpiresAt);
