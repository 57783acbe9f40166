using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory;

/// <summary>What the tests of users and groups ask again and again.</summary>
public abstract class DirectoryTest(TestIdentityProvider server)
{
    private static int _count;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected TestIdentityProvider Server => server;

    private protected DirectoryQueries Queries => server.Service<DirectoryQueries>();

    /// <summary>A name nobody else has.</summary>
    protected static string NewName(string start = "user") =>
        $"{start}{Interlocked.Increment(ref _count)}";

    private protected static UserInput Somebody()
    {
        var name = NewName();
        return new UserInput { Username = name, Email = $"{name}@example.test" };
    }

    private protected Task<Outcome<User>> UsersAsync(Func<UserService, Task<Outcome<User>>> ask) =>
        server.AskAsync(ask);

    private protected Task<Outcome<Group>> GroupsAsync(
        Func<GroupService, Task<Outcome<Group>>> ask
    ) => server.AskAsync(ask);

    private protected Task<Outcome<Group>> MembersAsync(
        Func<GroupMembers, Task<Outcome<Group>>> ask
    ) => server.AskAsync(ask);

    private protected async Task<User> AddAsync(UserInput? input = null) =>
        Made(await UsersAsync(users => users.CreateAsync(input ?? Somebody(), Ct)));

    private protected async Task<Group> AddGroupAsync(string? name = null, params User[] members)
    {
        var input = new GroupInput { Name = name ?? NewName("Circle ") };
        var group = Made(await GroupsAsync(groups => groups.CreateAsync(input, Ct)));
        return members.Length == 0
            ? group
            : Made(
                await MembersAsync(groups =>
                    groups.SetAsync(group.Id, [.. members.Select(m => m.Id)], Ct)
                )
            );
    }

    private protected async Task<User> FindAsync(User user)
    {
        await using var db = server.Open();
        return await db.Users.AsNoTracking().SingleAsync(u => u.Id == user.Id, Ct);
    }

    /// <summary>The events about one thing, in order.</summary>
    private protected async Task<IReadOnlyList<Event>> EventsAsync(Guid target, string? type = null)
    {
        await using var db = server.Open();
        return await db
            .Events.AsNoTracking()
            .Where(e => e.TargetId == target && (type == null || e.Type == type))
            .OrderBy(e => e.Id)
            .ToListAsync(Ct);
    }

    private protected async Task<string[]> EventTypesAsync(Guid target) =>
        [.. (await EventsAsync(target)).Select(e => e.Type).Order(StringComparer.Ordinal)];

    private protected static T Made<T>(Outcome<T> outcome)
        where T : class
    {
        outcome.Problems.ShouldBeEmpty();
        return outcome.Value!;
    }

    private protected static string[] Refusals<T>(Outcome<T> outcome)
        where T : class
    {
        outcome.Value.ShouldBeNull();
        return [.. outcome.Problems.Select(p => $"{p.Where}: {p.Code}")];
    }
}
