using Latchkey.Server.Applications;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.Storage;
using Latchkey.Server.Storage.Search;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory;

/// <summary>What the pages of users and groups read.</summary>
internal sealed class DirectoryQueries(
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    public async Task<PageOf<UserRow>> UsersAsync(
        UserQuery query,
        int page,
        int size,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await FindAsync(db, query, cancellationToken);
        var list = await Paging.ReadAsync(
            found.Rows,
            users =>
                users
                    .OrderBy(u => u.NormalizedUsername)
                    .Select(u => new
                    {
                        u.Id,
                        u.Username,
                        u.Email,
                        u.DisplayName,
                        u.FirstName,
                        u.LastName,
                        u.State,
                        u.Role,
                        u.LastSignInAt,
                        Groups = db.GroupMembers.Count(m => m.UserId == u.Id),
                    }),
            page,
            size,
            cancellationToken,
            found.Count
        );
        return new PageOf<UserRow>(
            [
                .. list.Rows.Select(u => new UserRow(
                    u.Id,
                    u.Username,
                    u.Email,
                    UserName.Of(u.DisplayName, u.FirstName, u.LastName),
                    u.State,
                    u.Role,
                    u.LastSignInAt,
                    u.Groups
                )),
            ],
            list.Page,
            list.Size,
            list.Total,
            list.IsMore
        );
    }

    public async Task<PageOf<GroupRow>> GroupsAsync(
        string? search,
        int page,
        int size,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await SearchTables.Groups.FindAsync(db, search, cancellationToken);
        return await Paging.ReadAsync(
            found.Rows,
            groups =>
                groups
                    .OrderBy(g => g.NormalizedName)
                    .Select(g => new GroupRow(
                        g.Id,
                        g.Name,
                        g.Description,
                        db.GroupMembers.Count(m => m.GroupId == g.Id),
                        db.ApplicationGroups.Count(a => a.GroupId == g.Id)
                    )),
            page,
            size,
            cancellationToken,
            found.Count
        );
    }

    /// <summary>Every group by name, for choosing.</summary>
    public async Task<IReadOnlyList<Group>> AllGroupsAsync(
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Groups.AsNoTracking()
            .OrderBy(g => g.NormalizedName)
            .ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<Group>> GroupsOfUserAsync(
        Guid userId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .GroupMembers.Where(m => m.UserId == userId)
            .Join(db.Groups, m => m.GroupId, g => g.Id, (_, g) => g)
            .AsNoTracking()
            .OrderBy(g => g.NormalizedName)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The user's groups by name, and why the user is in each.</summary>
    public async Task<IReadOnlyList<MembershipRow>> MembershipsOfUserAsync(
        Guid userId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await (
            from member in db.GroupMembers
            where member.UserId == userId
            join @group in db.Groups on member.GroupId equals @group.Id
            orderby @group.NormalizedName
            select new MembershipRow(@group, member.ByHand, member.ByRule)
        )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
    }

    /// <summary>Why these users are in a group.</summary>
    public async Task<IReadOnlyDictionary<Guid, MembershipRow>> MembershipsOfGroupAsync(
        Group group,
        IReadOnlyCollection<Guid> userIds,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .GroupMembers.AsNoTracking()
            .Where(m => m.GroupId == group.Id && userIds.Contains(m.UserId))
            .ToDictionaryAsync(
                m => m.UserId,
                m => new MembershipRow(group, m.ByHand, m.ByRule),
                cancellationToken
            );
    }

    /// <summary>The applications a user may sign in to, by name: through groups, or granted to the user alone.</summary>
    public async Task<IReadOnlyList<AccessRow>> AccessOfUserAsync(
        Guid userId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await (
            from member in db.GroupMembers
            where member.UserId == userId
            join grant in db.ApplicationGroups on member.GroupId equals grant.GroupId
            join application in db.Applications on grant.ApplicationId equals application.Id
            join @group in db.Groups on member.GroupId equals @group.Id
            orderby application.Label
            select new { application, @group.Name }
        )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        var individually = await db
            .ApplicationUsers.Where(u => u.UserId == userId)
            .Join(db.Applications, u => u.ApplicationId, a => a.Id, (_, a) => a)
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.GroupBy(row => row.application.Id)
                .Select(same => new AccessRow(
                    same.First().application,
                    [.. same.Select(row => row.Name)]
                ))
                .Concat(
                    individually
                        .Where(a => rows.TrueForAll(row => row.application.Id != a.Id))
                        .Select(a => new AccessRow(a, []))
                )
                .OrderBy(row => row.Application.Label, StringComparer.Ordinal),
        ];
    }

    public async Task<IReadOnlyList<Application>> ApplicationsOfGroupAsync(
        Guid groupId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .ApplicationGroups.Where(g => g.GroupId == groupId)
            .Join(db.Applications, g => g.ApplicationId, a => a.Id, (_, a) => a)
            .AsNoTracking()
            .OrderBy(a => a.Label)
            .ToListAsync(cancellationToken);
    }

    public async Task<UserLoss> LossOfUserAsync(
        Guid userId,
        CancellationToken cancellationToken = default
    )
    {
        var groups = await GroupsOfUserAsync(userId, cancellationToken);
        var access = await AccessOfUserAsync(userId, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var open = await OpenSessions.ReadAsync(db, time.GetUtcNow(), cancellationToken);
        return new UserLoss(
            [.. groups.Select(g => g.Name)],
            [.. access.Select(a => a.Application.Label)],
            await open.CountAsync(s => s.UserId == userId, cancellationToken),
            await db.ApiTokens.CountAsync(t => t.UserId == userId, cancellationToken),
            await db.Users.CountAsync(u => u.ManagerId == userId, cancellationToken)
        );
    }

    public async Task<GroupLoss> LossOfGroupAsync(
        Guid groupId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var members = await db.GroupMembers.CountAsync(
            m => m.GroupId == groupId,
            cancellationToken
        );
        var lost = await (
            from grant in db.ApplicationGroups
            where grant.GroupId == groupId
            join application in db.Applications on grant.ApplicationId equals application.Id
            from member in db.GroupMembers
            where member.GroupId == groupId
            join user in db.Users on member.UserId equals user.Id
            where
                !db.ApplicationUsers.Any(single =>
                    single.ApplicationId == application.Id && single.UserId == user.Id
                )
                && !db.ApplicationGroups.Any(other =>
                    other.ApplicationId == application.Id
                    && other.GroupId != groupId
                    && db.GroupMembers.Any(m => m.GroupId == other.GroupId && m.UserId == user.Id)
                )
            orderby application.Label, user.NormalizedUsername
            select new { application.Label, user.Username }
        ).ToListAsync(cancellationToken);
        return new GroupLoss(
            members,
            [
                .. lost.GroupBy(row => row.Label)
                    .Select(rows => new LostAccess(rows.Key, [.. rows.Select(r => r.Username)])),
            ]
        );
    }

    /// <summary>The users whom a query means.</summary>
    internal static async Task<Found<User>> FindAsync(
        LatchkeyDbContext db,
        UserQuery query,
        CancellationToken cancellationToken
    )
    {
        var found = await SearchTables.Users.FindAsync(db, query.Search, cancellationToken);
        return query with { Search = null } == new UserQuery()
            ? found
            : new(Narrowed(db, found.Rows, query));
    }

    private static IQueryable<User> Narrowed(
        LatchkeyDbContext db,
        IQueryable<User> users,
        UserQuery query
    )
    {
        if (query.State is { } state)
        {
            users = users.Where(u => u.State == state);
        }
        if (query.WithRoleOnly)
        {
            users = users.Where(u => u.Role != null);
        }
        if (query.WithoutFactor)
        {
            users = users.Where(u =>
                u.State == UserState.Activated
                && !db.Authenticators.Any(a => a.UserId == u.Id && a.ConfirmedAt != null)
                && !db.Passkeys.Any(p => p.UserId == u.Id)
            );
        }
        if (query.InGroup is { } group)
        {
            // From the group's members, of whom there are fewer than users.
            users = users.Where(u =>
                db.GroupMembers.Where(m => m.GroupId == group).Select(m => m.UserId).Contains(u.Id)
            );
        }
        if (query.NotInGroup is { } without)
        {
            users = users.Where(u =>
                !db.GroupMembers.Any(m => m.GroupId == without && m.UserId == u.Id)
            );
        }
        return users;
    }
}
