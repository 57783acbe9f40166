using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Tokens;

/// <summary>Makes, finds and deletes bearer tokens. The token is shown once; the row holds its hash.</summary>
internal sealed class ApiTokenService(
    IDbContextFactory<LatchkeyDbContext> databases,
    Acting acting,
    EventRecorder events,
    TimeProvider time
)
{
    /// <summary>Tells people and secret scanners what they have found.</summary>
    public const string Prefix = "lk_";

    private const int SecretLength = 32;
    private const int LongestName = 100;
    private static readonly TimeSpan s_touch = TimeSpan.FromMinutes(1);

    /// <summary>Makes a token that may do what its administrator may.</summary>
    public Task<Outcome<NewApiToken>> CreateAsync(
        string name,
        Guid userId,
        CancellationToken cancellationToken = default
    ) => CreateAsync(name, userId, scopes: null, expiresAt: null, cancellationToken);

    /// <summary>Makes a token that acts for an administrator.</summary>
    /// <param name="name">What it is for.</param>
    /// <param name="userId">For whom it acts.</param>
    /// <param name="scopes">What it may do, words of <see cref="ApiScopes"/>; null for everything.</param>
    /// <param name="expiresAt">From when on it counts no more; null for never.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<NewApiToken>> CreateAsync(
        string name,
        Guid userId,
        IReadOnlyCollection<string>? scopes,
        DateTimeOffset? expiresAt,
        CancellationToken cancellationToken = default
    )
    {
        if (scopes is { Count: 0 })
        {
            return new Problem("token-scopes-missing", "scopes");
        }
        if (scopes?.FirstOrDefault(scope => !ApiScopes.All.Contains(scope)) is { } unknown)
        {
            return new Problem(
                "token-scope-unknown",
                "scopes",
                unknown,
                string.Join(", ", ApiScopes.All)
            );
        }
        name = name.Trim();
        if (name.Length == 0)
        {
            return new Problem("token-name-missing", "name");
        }
        if (name.Length > LongestName || name.Any(char.IsControl))
        {
            return new Problem("token-name-invalid", "name", LongestName);
        }
        if (expiresAt <= time.GetUtcNow())
        {
            return new Problem("token-expiry-past", "expires_at");
        }
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var user = await database.Users.SingleOrDefaultAsync(
            u => u.Id == userId,
            cancellationToken
        );
        if (user is not { Role: not null, State: UserState.Activated })
        {
            return new Problem("token-not-administrator", "user", user?.Username ?? "");
        }
        var secret =
            Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretLength));
        var token = new ApiToken
        {
            Name = name,
            TokenHash = Hash(secret),
            UserId = userId,
            Scopes = scopes is null ? null : [.. ApiScopes.All.Where(scopes.Contains)],
            CreatedAt = time.GetUtcNow(),
            ExpiresAt = expiresAt,
        };
        database.ApiTokens.Add(token);
        database.Events.Add(
            events.New(
                EventTypes.ApiTokenCreate,
                success: true,
                new EventSubject("api_token", token.Id, name),
                new
                {
                    acts_for = user.Username,
                    scopes = token.Scopes,
                    expires_at = token.ExpiresAt,
                }
            )
        );
        await database.SaveChangesAsync(cancellationToken);
        return new NewApiToken(token, secret);
    }

    /// <summary>All tokens with the names of whom they act for, the newest first.</summary>
    public async Task<IReadOnlyList<ListedApiToken>> ListAsync(
        CancellationToken cancellationToken = default
    )
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        // Ordered before it is put into a record, into which a query cannot look.
        return await (
            from token in database.ApiTokens.AsNoTracking()
            join user in database.Users on token.UserId equals user.Id
            orderby token.CreatedAt descending
            select new ListedApiToken(token, user.Username, user.Role)
        ).ToListAsync(cancellationToken);
    }

    /// <summary>Deletes a token; it stops working with the next request. One that acts for somebody who may do more is not anybody's to delete.</summary>
    public async Task<Outcome<ApiToken>> DeleteAsync(
        Guid id,
        CancellationToken cancellationToken = default
    )
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var token = await database.ApiTokens.SingleOrDefaultAsync(
            t => t.Id == id,
            cancellationToken
        );
        if (token is null)
        {
            return new Problem("api-token-unknown", "", id);
        }
        var user = await database.Users.SingleAsync(u => u.Id == token.UserId, cancellationToken);
        if (!acting.MayTouch(user))
        {
            return UserWriter.Above;
        }
        database.ApiTokens.Remove(token);
        database.Events.Add(
            events.New(
                EventTypes.ApiTokenDelete,
                success: true,
                new EventSubject("api_token", token.Id, token.Name),
                new
                {
                    acts_for = user.Username,
                    scopes = token.Scopes,
                    expires_at = token.ExpiresAt,
                }
            )
        );
        await database.SaveChangesAsync(cancellationToken);
        return token;
    }

    /// <summary>A token and the user it acts for, if it still counts: not deleted, not run out, its user an active administrator.</summary>
    public async Task<(ApiToken Token, User User)?> FindAsync(
        string secret,
        CancellationToken cancellationToken
    )
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal) || secret.Length > 100)
        {
            return null;
        }
        var hash = Hash(secret);
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var found = await database
            .ApiTokens.AsNoTracking()
            .Where(t => t.TokenHash == hash)
            .Join(database.Users.AsNoTracking(), t => t.UserId, u => u.Id, (t, u) => new { t, u })
            .SingleOrDefaultAsync(cancellationToken);
        if (
            found is null
            || found.t.ExpiresAt <= now
            || found.u is not { Role: not null, State: UserState.Activated }
        )
        {
            return null;
        }
        if (found.t.LastUsedAt is not { } last || now - last >= s_touch)
        {
            await database
                .ApiTokens.Where(t => t.Id == found.t.Id)
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.LastUsedAt, now), cancellationToken);
        }
        return (found.t, found.u);
    }

    // 256 random bits need no slow hash.
    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

/// <param name="Secret">What is shown once; nowhere stored.</param>
internal sealed record NewApiToken(ApiToken Token, string Secret);

/// <param name="Username">Whom it acts for.</param>
/// <param name="Role">That user's.</param>
internal sealed record ListedApiToken(ApiToken Token, string Username, Role? Role);
