using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Latchkey.Server.Storage.Search;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications;

/// <summary>A group that can be or is bound, with the number of users it would let in.</summary>
internal sealed record GroupChoice(Guid Id, string Name, string? Description, int Members);

/// <summary>Groups to choose from.</summary>
/// <param name="Hidden">How many match beyond those in <paramref name="Matching"/>, as far as they are counted: see <see cref="Count"/>.</param>
/// <param name="All">How many groups there are, as far as they are counted.</param>
internal sealed record GroupChoices(
    IReadOnlyList<GroupChoice> Ticked,
    IReadOnlyList<GroupChoice> Matching,
    int Hidden,
    int All
);

/// <summary>A user who may sign in without a group.</summary>
internal sealed record UserChoice(Guid Id, string Username, string Email, UserState State);

/// <summary>Whether one user can sign in, and why.</summary>
/// <param name="Through">The names of the groups that let them in.</param>
/// <param name="Individually">Whether the application is granted to them alone (S4-12).</param>
internal sealed record AccessAnswer(
    User User,
    IReadOnlyList<string> Through,
    bool Individually = false
)
{
    /// <summary>Whether something lets them in; their state may still keep them out.</summary>
    public bool Granted => Through.Count > 0 || Individually;

    public bool MaySignIn => Granted && User.State == UserState.Activated;
}

/// <summary>Who may sign in to an application (S1-17, S4-12): what the pages ask. The sign-in itself asks in its one query.</summary>
internal sealed class AccessQueries(IDbContextFactory<LatchkeyDbContext> databases)
{
    private const int MostAnswers = 10;

    public async Task<IReadOnlyList<Guid>> GroupIdsAsync(
        Guid applicationId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .ApplicationGroups.Where(g => g.ApplicationId == applicationId)
            .Select(g => g.GroupId)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The names of the groups it is granted to, in order.</summary>
    public async Task<IReadOnlyList<string>> GroupNamesAsync(
        Guid applicationId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .ApplicationGroups.Where(g => g.ApplicationId == applicationId)
            .Join(db.Groups, a => a.GroupId, g => g.Id, (_, g) => g)
            .OrderBy(g => g.NormalizedName)
            .Select(g => g.Name)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The names of the users it is granted to alone, in order.</summary>
    public async Task<IReadOnlyList<string>> UserNamesAsync(
        Guid applicationId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .ApplicationUsers.Where(u => u.ApplicationId == applicationId)
            .Join(db.Users, a => a.UserId, u => u.Id, (_, u) => u)
            .OrderBy(u => u.NormalizedUsername)
            .Select(u => u.Username)
            .ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<Guid>> UserIdsAsync(
        Guid applicationId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .ApplicationUsers.Where(u => u.ApplicationId == applicationId)
            .Select(u => u.UserId)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Every group with its number of users, by name.</summary>
    public async Task<IReadOnlyList<GroupChoice>> GroupsAsync(
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Choices(db, db.Groups).ToListAsync(cancellationToken);
    }

    /// <summary>The first of an application's groups, by name.</summary>
    public async Task<IReadOnlyList<GroupChoice>> BoundGroupsAsync(
        Guid applicationId,
        int most,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var bound = db
            .ApplicationGroups.Where(g => g.ApplicationId == applicationId)
            .Select(g => g.GroupId);
        return await Choices(db, db.Groups.Where(g => bound.Contains(g.Id)))
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Groups to choose from: the ticked ones, and the first of those that match.</summary>
    /// <param name="ticked">Shown whatever is searched for.</param>
    /// <param name="search">Part of a name; null or blank for all.</param>
    /// <param name="most">How many that are not ticked.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<GroupChoices> GroupChoicesAsync(
        IReadOnlyCollection<Guid> ticked,
        string? search,
        int most,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await SearchTables.Groups.FindAsync(db, search, cancellationToken);
        var others = found.Rows.Where(g => !ticked.Contains(g.Id));
        var matching = await Choices(db, others).Take(most).ToListAsync(cancellationToken);
        return new GroupChoices(
            ticked.Count == 0
                ? []
                : await Choices(db, db.Groups.Where(g => ticked.Contains(g.Id)))
                    .ToListAsync(cancellationToken),
            matching,
            matching.Count < most
                ? 0
                : await Count.UpToMostAsync(others.Skip(matching.Count), cancellationToken),
            await Count.UpToMostAsync(db.Groups, cancellationToken)
        );
    }

    /// <summary>Those users, by name.</summary>
    public async Task<IReadOnlyList<UserChoice>> UsersAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken = default
    )
    {
        if (ids.Count == 0)
        {
            return [];
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Users.Where(u => ids.Contains(u.Id))
            .OrderBy(u => u.NormalizedUsername)
            .Select(u => new UserChoice(u.Id, u.Username, u.Email, u.State))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The names of those of the groups that a user is in, sorted.</summary>
    public async Task<IReadOnlyList<string>> GroupNamesAsync(
        Guid userId,
        IReadOnlyCollection<Guid> groupIds,
        CancellationToken cancellationToken = default
    )
    {
        if (groupIds.Count == 0)
        {
            return [];
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .GroupMembers.Where(m => m.UserId == userId && groupIds.Contains(m.GroupId))
            .Join(db.Groups, m => m.GroupId, g => g.Id, (_, g) => g.Name)
            .OrderBy(name => name)
            .ToListAsync(cancellationToken);
    }

    /// <summary>How many activated users are in at least one of the groups or among the users.</summary>
    public async Task<int> LetInAsync(
        IReadOnlyCollection<Guid> groupIds,
        IReadOnlyCollection<Guid> userIds,
        CancellationToken cancellationToken = default
    )
    {
        if (groupIds.Count == 0 && userIds.Count == 0)
        {
            return 0;
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // From those who are let in: the directory may hold a thousand times as many.
        var letIn = db
            .GroupMembers.Where(m => groupIds.Contains(m.GroupId))
            .Select(m => m.UserId)
            .Union(db.Users.Where(u => userIds.Contains(u.Id)).Select(u => u.Id));
        return await db.Users.CountAsync(
            u => u.State == UserState.Activated && letIn.Contains(u.Id),
            cancellationToken
        );
    }

    /// <summary>The users that match a name or address, at most ten of them.</summary>
    public async Task<IReadOnlyList<User>> FindUsersAsync(
        string name,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await FindUsersAsync(db, name, cancellationToken);
    }

    /// <summary>Whether the users that match a name can sign in, at most ten of them.</summary>
    public async Task<IReadOnlyList<AccessAnswer>> CheckAsync(
        Guid applicationId,
        string name,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var users = await FindUsersAsync(db, name, cancellationToken);
        return await AnswersAsync(db, applicationId, users, cancellationToken);
    }

    /// <summary>Whether one user can sign in; null if there is no such user.</summary>
    public async Task<AccessAnswer?> CheckAsync(
        Guid applicationId,
        Guid userId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var users = await db
            .Users.AsNoTracking()
            .Where(u => u.Id == userId)
            .ToListAsync(cancellationToken);
        var answers = await AnswersAsync(db, applicationId, users, cancellationToken);
        return answers.Count == 0 ? null : answers[0];
    }

    private static IQueryable<GroupChoice> Choices(
        LatchkeyDbContext db,
        IQueryable<Group> groups
    ) =>
        groups
            .OrderBy(g => g.NormalizedName)
            .Select(g => new GroupChoice(
                g.Id,
                g.Name,
                g.Description,
                db.GroupMembers.Count(m => m.GroupId == g.Id)
            ));

    private static async Task<List<User>> FindUsersAsync(
        LatchkeyDbContext db,
        string name,
        CancellationToken cancellationToken
    )
    {
        var found = await SearchTables.Users.FindAsync(db, name, cancellationToken);
        return await found
            .Rows.OrderBy(u => u.NormalizedUsername)
            .Take(MostAnswers)
            .ToListAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<AccessAnswer>> AnswersAsync(
        LatchkeyDbContext db,
        Guid applicationId,
        List<User> users,
        CancellationToken cancellationToken
    )
    {
        var ids = users.ConvertAll(u => u.Id);
        var through = await (
            from bound in db.ApplicationGroups
            join member in db.GroupMembers on bound.GroupId equals member.GroupId
            join @group in db.Groups on bound.GroupId equals @group.Id
            where bound.ApplicationId == applicationId && ids.Contains(member.UserId)
            orderby @group.NormalizedName
            select new { member.UserId, @group.Name }
        ).ToListAsync(cancellationToken);
        var individually = await db
            .ApplicationUsers.Where(u => u.ApplicationId == applicationId && ids.Contains(u.UserId))
            .Select(u => u.UserId)
            .ToListAsync(cancellationToken);
        return
        [
            .. users.Select(user => new AccessAnswer(
                user,
                [.. through.Where(t => t.UserId == user.Id).Select(t => t.Name)],
                individually.Contains(user.Id)
            )),
        ];
    }
}
