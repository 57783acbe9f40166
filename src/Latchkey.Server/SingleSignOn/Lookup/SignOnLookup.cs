using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SingleSignOn.Lookup;

/// <summary>
/// Reads <see cref="SignOnFacts"/>. Nothing that decides is kept in memory: every sign-in asks the database, so that what
/// any node ended, suspended, granted or changed counts at the next request on all of them.
/// </summary>
internal sealed class SignOnLookup(
    ISignOnReader reader,
    IDbContextFactory<LatchkeyDbContext> databases,
    SessionService sessions
)
{
    private static readonly byte[] s_nobody = [];

    /// <summary>What is known of the application at an address and of the browser's session; null if there is no such application.</summary>
    public async Task<SignOnFacts?> FindAsync(
        string slug,
        string? sessionSecret,
        CancellationToken ct
    )
    {
        var hash = SessionService.HashOf(sessionSecret) ?? s_nobody;
        if (await reader.ReadAsync(slug, hash, ct) is not { } row)
            return null;
        if (row.Current is not { } current || !sessions.IsAlive(current.Session, current.User))
            return new(row.ApplicationId, row.ApplicationVersion, null, GrantedAccess.None);
        await sessions.TouchAsync(current.Session, ct);
        return new(row.ApplicationId, row.ApplicationVersion, current, row.Access);
    }

    /// <summary>The same for a stored sign-in, which knows the application by its identifier.</summary>
    public async Task<SignOnFacts?> FindAsync(
        Guid applicationId,
        string? sessionSecret,
        CancellationToken ct
    )
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var slug = await database
            .Applications.Where(a => a.Id == applicationId)
            .Select(a => a.Slug)
            .SingleOrDefaultAsync(ct);
        return slug is null ? null : await FindAsync(slug, sessionSecret, ct);
    }
}
