using Latchkey.Server.Storage;
using Latchkey.Server.Storage.Search;
using Microsoft.EntityFrameworkCore;

// string.Compare is translated to SQL's comparison, by the collation that orders too.
#pragma warning disable CA1309, CA1310, MA0001, MA0074

namespace Latchkey.Server.Directory;

/// <summary>A member of a group, and why.</summary>
internal sealed record MemberRow(
    Guid Id,
    string Username,
    string NormalizedUsername,
    string Email,
    UserState State,
    bool ByHand,
    bool ByRule
);

/// <summary>A user as lists by pages show them.</summary>
internal sealed record UserListRow(User User, int Groups);

/// <summary>A group as lists by pages show it.</summary>
internal sealed record GroupListRow(Group Group, int Members, int Applications);

/// <summary>Lists of the directory by keyset: what follows the last name that was seen. What comes or goes in between moves nothing.</summary>
internal sealed class DirectoryPages(IDbContextFactory<LatchkeyDbContext> databases)
{
    public async Task<IReadOnlyList<UserListRow>> UsersAsync(
        UserQuery query,
        string? after,
        int size,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var users = (await DirectoryQueries.FindAsync(db, query, cancellationToken)).Rows;
        if (after is not null)
        {
            users = users.Where(u => string.Compare(u.NormalizedUsername, after) > 0);
        }
        var rows = await users
            .OrderBy(u => u.NormalizedUsername)
            .Take(size)
            .Select(u => new { User = u, Groups = db.GroupMembers.Count(m => m.UserId == u.Id) })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(r => new UserListRow(r.User, r.Groups))];
    }

    public async Task<IReadOnlyList<GroupListRow>> GroupsAsync(
        string? search,
        string? after,
        int size,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var groups = (await SearchTables.Groups.FindAsync(db, search, cancellationToken)).Rows;
        if (after is not null)
        {
            groups = groups.Where(g => string.Compare(g.NormalizedName, after) > 0);
        }
        var rows = await groups
            .OrderBy(g => g.NormalizedName)
            .Take(size)
            .Select(g => new
            {
                Group = g,
                Members = db.GroupMembers.Count(m => m.GroupId == g.Id),
                Applications = db.ApplicationGroups.Count(a => a.GroupId == g.Id),
            })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(r => new GroupListRow(r.Group, r.Members, r.Applications))];
    }

    public async Task<IReadOnlyList<MemberRow>> MembersAsync(
        Guid groupId,
        string? after,
        int size,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var members = db
            .GroupMembers.Where(m => m.GroupId == groupId)
            .Join(db.Users, m => m.UserId, u => u.Id, (m, u) => new { Member = m, User = u });
        if (after is not null)
        {
            members = members.Where(r => string.Compare(r.User.NormalizedUsername, after) > 0);
        }
        return await members
            .OrderBy(r => r.User.NormalizedUsername)
            .Take(size)
            .Select(r => new MemberRow(
                r.User.Id,
                r.User.Username,
                r.User.NormalizedUsername,
                r.User.Email,
                r.User.State,
                r.Member.ByHand,
                r.Member.ByRule
            ))
            .ToListAsync(cancellationToken);
    }

    public async Task<int> MemberCountAsync(Guid groupId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.GroupMembers.CountAsync(m => m.GroupId == groupId, cancellationToken);
    }
}
