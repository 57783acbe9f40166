using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory;

/// <summary>What is done to several users.</summary>
/// <param name="Do">One of <see cref="BulkActions.Names"/>.</param>
/// <param name="At">When; null for now. For states only.</param>
/// <param name="Mail">Whether an activation mail goes with it.</param>
/// <param name="Group">Which group, for joining and leaving.</param>
internal sealed record BulkOrder(string Do, DateTimeOffset? At, ActivationMail? Mail, Guid? Group);

/// <param name="Problem">Null if it was done.</param>
internal sealed record BulkResult(Guid Id, string Username, Problem? Problem);

/// <param name="Ids">All of them, up to one more than can be done at once.</param>
/// <param name="Names">The first few user names.</param>
internal sealed record ChosenUsers(IReadOnlyList<Guid> Ids, IReadOnlyList<string> Names, int Total);

/// <summary>Does one thing to several users, each by itself: what one refuses does not keep the others from it.</summary>
internal sealed class BulkActions(
    IDbContextFactory<LatchkeyDbContext> databases,
    UserStates states,
    UserWriter writer,
    UserService users,
    GroupMembers members,
    ActivationMails mails
)
{
    /// <summary>More at once would outlast a browser's patience; a search can be narrowed.</summary>
    public const int Most = 2000;

    private const int ShownNames = 20;

    public static IReadOnlyList<string> Names { get; } =
    ["activate", "suspend", "mail", "join", "leave", "delete"];

    public Task<ChosenUsers> FindAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    ) => FindAsync(users => users.Where(u => ids.Contains(u.Id)), cancellationToken);

    public async Task<ChosenUsers> FindAsync(UserQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await DirectoryQueries.FindAsync(db, query, cancellationToken);
        return await ReadAsync(found.Rows, cancellationToken);
    }

    /// <summary>Carries an order out.</summary>
    public async Task<IReadOnlyList<BulkResult>> RunAsync(
        BulkOrder order,
        IReadOnlyList<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        var results = new List<BulkResult>();
        foreach (var id in ids)
        {
            var user = await users.FindAsync(id, cancellationToken);
            if (user is null)
            {
                continue;
            }
            var problems = await RunAsync(order, id, cancellationToken);
            results.Add(new BulkResult(id, user.Username, problems.FirstOrDefault()));
        }
        return results;
    }

    private async Task<IReadOnlyList<Problem>> RunAsync(
        BulkOrder order,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        var state = order.Do == "suspend" ? UserState.Suspended : UserState.Activated;
        return order switch
        {
            { Do: "activate" or "suspend", At: { } at } => (
                await states.ScheduleAsync(id, state, at, order.Mail, cancellationToken)
            ).Problems,
            { Do: "activate" or "suspend" } => (
                await states.ChangeAsync(id, state, order.Mail, cancellationToken)
            ).Problems,
            { Do: "join", Group: { } group } => (
                await members.AddAsync(group, [id], cancellationToken)
            ).Problems,
            { Do: "leave", Group: { } group } => (
                await members.RemoveAsync(group, [id], cancellationToken)
            ).Problems,
            { Do: "mail", Mail: { } mail } => (
                await MailAsync(id, mail, cancellationToken)
            ).Problems,
            { Do: "delete" } => (await users.DeleteAsync(id, cancellationToken)).Problems,
            _ => throw new ArgumentException($"Nothing is called '{order.Do}'.", nameof(order)),
        };
    }

    /// <summary>Sends the mail with which an account begins to a user who is active already.</summary>
    public async Task<Outcome<User>> MailAsync(
        Guid id,
        ActivationMail mail,
        CancellationToken cancellationToken
    )
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        var found = await writer.FindToChangeAsync(db, id, cancellationToken);
        if (found.Value is not { } user)
        {
            return found;
        }
        var problems = new List<Problem>();
        ActivationMails.Check(mail, problems);
        if (user.State != UserState.Activated)
        {
            problems.Add(new Problem("user-not-active", ""));
        }
        if (problems.Count > 0)
        {
            return Outcome<User>.Failed(problems);
        }
        await mails.EnqueueAsync(db, user, mail, cancellationToken);
        return await writer.SaveAsync(db, user, null, cancellationToken);
    }

    private async Task<ChosenUsers> FindAsync(
        Func<IQueryable<User>, IQueryable<User>> which,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await ReadAsync(which(db.Users.AsNoTracking()), cancellationToken);
    }

    private static async Task<ChosenUsers> ReadAsync(
        IQueryable<User> chosen,
        CancellationToken cancellationToken
    )
    {
        var total = await chosen.CountAsync(cancellationToken);
        var rows = await chosen
            .OrderBy(u => u.NormalizedUsername)
            .Select(u => new { u.Id, u.Username })
            .Take(Most + 1)
            .ToListAsync(cancellationToken);
        return new ChosenUsers(
            [.. rows.Select(r => r.Id)],
            [.. rows.Take(ShownNames).Select(r => r.Username)],
            total
        );
    }
}
