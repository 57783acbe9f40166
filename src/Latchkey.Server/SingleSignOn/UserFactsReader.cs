using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SingleSignOn;

/// <summary>Reads what other rows than the user's own hold, and only where the application is sent it.</summary>
internal sealed class UserFactsReader(
    IDbContextFactory<LatchkeyDbContext> databases,
    NameIds nameIds,
    InheritedAttributes inherited
)
{
    /// <summary>What other rows of the database say.</summary>
    private const ExpressionNeeds Elsewhere =
        ExpressionNeeds.Manager | ExpressionNeeds.AllGroups | ExpressionNeeds.AccessAttributes;

    /// <param name="application">Who is told.</param>
    /// <param name="needs">What is asked for.</param>
    /// <param name="user">Of whom.</param>
    /// <param name="groups">Those of the user's groups that give access.</param>
    /// <param name="methods">How the user signed in.</param>
    /// <param name="forReal">Whether a pseudonym may be made; a preview makes none.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async ValueTask<UserFacts> ReadAsync(
        Application application,
        ExpressionNeeds needs,
        User user,
        IReadOnlyList<string> groups,
        IReadOnlyList<string> methods,
        bool forReal,
        CancellationToken ct
    )
    {
        if (needs.HasFlag(ExpressionNeeds.GroupAttributes))
            await inherited.ApplyAsync(user, ct);
        var facts = new UserFacts
        {
            User = user,
            Groups = groups,
            Methods = methods,
        };
        if (needs.HasFlag(ExpressionNeeds.Pseudonym))
        {
            facts = facts with
            {
                Pseudonym = forReal
                    ? await nameIds.PseudonymAsync(user.Id, application.SpEntityId, ct)
                    : await nameIds.ExistingAsync(user.Id, application.SpEntityId, ct),
            };
        }
        if ((needs & Elsewhere) == ExpressionNeeds.None)
            return facts;
        await using var database = await databases.CreateDbContextAsync(ct);
        if (needs.HasFlag(ExpressionNeeds.Manager) && user.ManagerId is { } manager)
        {
            facts = facts with
            {
                ManagerEmail = await database
                    .Users.Where(u => u.Id == manager)
                    .Select(u => u.Email)
                    .SingleOrDefaultAsync(ct),
            };
        }
        if (needs.HasFlag(ExpressionNeeds.AccessAttributes))
        {
            facts = facts with
            {
                GroupAttributes = await database
                    .GroupMembers.Where(m => m.UserId == user.Id)
                    .Join(database.Groups, m => m.GroupId, g => g.Id, (_, g) => g)
                    .Where(g => groups.Contains(g.Name))
                    .Select(g => new { g.Name, g.Attributes })
                    .ToDictionaryAsync(g => g.Name, g => g.Attributes, StringComparer.Ordinal, ct),
            };
        }
        if (needs.HasFlag(ExpressionNeeds.AllGroups))
        {
            facts = facts with
            {
                AllGroups = await database
                    .GroupMembers.Where(m => m.UserId == user.Id)
                    .Join(database.Groups, m => m.GroupId, g => g.Id, (_, g) => g.Name)
                    .ToListAsync(ct),
            };
        }
        return facts;
    }

    /// <summary>What several applications would be told of one user, read at once however many they are. Makes no pseudonym.</summary>
    /// <param name="user">Of whom; gets the attributes that groups give if one application is sent them.</param>
    /// <param name="wanted">Who is told, and what each asks for.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task<IReadOnlyList<UserFacts>> ReadAllAsync(
        User user,
        IReadOnlyList<WantedFacts> wanted,
        CancellationToken ct
    )
    {
        var needs = wanted.Aggregate(ExpressionNeeds.None, (all, one) => all | one.Needs);
        if (needs.HasFlag(ExpressionNeeds.GroupAttributes))
            await inherited.ApplyAsync(user, ct);
        await using var database = await databases.CreateDbContextAsync(ct);
        var manager =
            needs.HasFlag(ExpressionNeeds.Manager) && user.ManagerId is { } managerId
                ? await database
                    .Users.Where(u => u.Id == managerId)
                    .Select(u => u.Email)
                    .SingleOrDefaultAsync(ct)
                : null;
        var pseudonyms = needs.HasFlag(ExpressionNeeds.Pseudonym)
            ? await database
                .PersistentNameIds.Where(p => p.UserId == user.Id)
                .ToDictionaryAsync(p => p.SpEntityId, p => p.Value, StringComparer.Ordinal, ct)
            : [];
        var groups =
            (needs & (ExpressionNeeds.AllGroups | ExpressionNeeds.AccessAttributes))
            == ExpressionNeeds.None
                ? []
                : await database
                    .GroupMembers.Where(m => m.UserId == user.Id)
                    .Join(database.Groups, m => m.GroupId, g => g.Id, (_, g) => g)
                    .ToDictionaryAsync(g => g.Name, g => g.Attributes, StringComparer.Ordinal, ct);
        return
        [
            .. wanted.Select(one => new UserFacts
            {
                User = user,
                Groups = one.Groups,
                ManagerEmail = manager,
                Pseudonym = pseudonyms.GetValueOrDefault(one.Application.SpEntityId),
                AllGroups = [.. groups.Keys],
                GroupAttributes = groups
                    .Where(group => one.Groups.Contains(group.Key))
                    .ToDictionary(StringComparer.Ordinal),
            }),
        ];
    }
}

/// <summary>What an application asks for.</summary>
/// <param name="Groups">Those of the user's groups that give access.</param>
internal sealed record WantedFacts(
    Application Application,
    ExpressionNeeds Needs,
    IReadOnlyList<string> Groups
);
