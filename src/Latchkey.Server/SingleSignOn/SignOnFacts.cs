using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SingleSignOn;

/// <summary>Everything stored that decides a sign-in, read in one round trip.</summary>
/// <param name="Session">The session as stored with its user; whether it still counts is for <see cref="SessionService.IsAlive"/>.</param>
/// <param name="Access">What lets the user in, if anything (S0-19).</param>
internal sealed record SignOnFacts(
    Guid ApplicationId,
    long ApplicationVersion,
    CurrentSession? Session,
    GrantedAccess Access
);

/// <summary>What lets a user in to an application.</summary>
/// <param name="Groups">The names of those of the user's groups that the application is granted to, sorted.</param>
/// <param name="Individually">Whether it is granted to the user alone (S4-12).</param>
internal sealed record GrantedAccess(IReadOnlyList<string> Groups, bool Individually)
{
    public static GrantedAccess None { get; } = new([], false);

    public bool Any => Groups.Count > 0 || Individually;
}

/// <summary>Reads <see cref="SignOnFacts"/>.</summary>
internal sealed class SignOnLookup(
    IDbContextFactory<LatchkeyDbContext> databases,
    SessionService sessions
)
{
    private static readonly byte[] s_nobody = [];

    private readonly Func<LatchkeyDbContext, string, byte[], IAsyncEnumerable<Row>> _rows =
        EF.CompileAsyncQuery(
            (LatchkeyDbContext database, string slug, byte[] hash) =>
                from application in database.Applications.AsNoTracking()
                where application.Slug == slug && application.Kind == ApplicationKind.Saml
                from session in database
                    .Sessions.AsNoTracking()
                    .Where(s => s.TokenHash == hash)
                    .DefaultIfEmpty()
                from user in database
                    .Users.AsNoTracking()
                    .Where(u => session != null && u.Id == session.UserId)
                    .DefaultIfEmpty()
                from granted in (
                    from grant in database.ApplicationGroups
                    where grant.ApplicationId == application.Id
                    join member in database.GroupMembers on grant.GroupId equals member.GroupId
                    where user != null && member.UserId == user.Id
                    join bound in database.Groups on grant.GroupId equals bound.Id
                    select bound.Name
                ).DefaultIfEmpty()
                select new Row(
                    application.Id,
                    application.Version,
                    session,
                    user,
                    granted,
                    database.ApplicationUsers.Any(u =>
                        user != null && u.ApplicationId == application.Id && u.UserId == user.Id
                    )
                )
        );

    /// <summary>What is known of the application at an address and of the browser's session; null if there is no such application.</summary>
    public async Task<SignOnFacts?> FindAsync(
        string slug,
        string? sessionSecret,
        CancellationToken ct
    )
    {
        var hash = SessionService.HashOf(sessionSecret) ?? s_nobody;
        await using var database = await databases.CreateDbContextAsync(ct);
        Row? first = null;
        var groups = new List<string>();
        await foreach (var row in _rows(database, slug, hash).WithCancellation(ct))
        {
            first ??= row;
            if (row.Group is not null)
                groups.Add(row.Group);
        }
        if (first is null)
            return null;
        groups.Sort(StringComparer.Ordinal);
        CurrentSession? current = null;
        if (first is { Session: { } session, User: { } user } && sessions.IsAlive(session, user))
        {
            await sessions.TouchAsync(session, ct);
            current = new(session, user);
        }
        return new(
            first.ApplicationId,
            first.Version,
            current,
            current is null ? GrantedAccess.None : new(groups, first.Individually)
        );
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

    private sealed record Row(
        Guid ApplicationId,
        long Version,
        Session? Session,
        User? User,
        string? Group,
        bool Individually
    );
}
