using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Attributes;

/// <summary>What a user has from groups (J-34). A value of the user's own goes before it; of several groups' the one added last wins.</summary>
internal sealed class InheritedAttributes(IDbContextFactory<LatchkeyDbContext> databases)
{
    /// <summary>Gives a user, as read for one answer and never saved, what the groups add.</summary>
    public async Task ApplyAsync(User user, CancellationToken cancellationToken) =>
        user.Attributes = await WithInheritedAsync(user, cancellationToken);

    /// <summary>The user's attributes and those of the groups.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> WithInheritedAsync(
        User user,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var groups = await db
            .GroupMembers.Where(m => m.UserId == user.Id)
            .Join(db.Groups, m => m.GroupId, g => g.Id, (_, g) => g.Attributes)
            .ToListAsync(cancellationToken);
        return Merge(user.Attributes, groups);
    }

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Merge(
        IReadOnlyDictionary<string, IReadOnlyList<string>> own,
        IEnumerable<IReadOnlyList<GroupAttribute>> groups
    )
    {
        var merged = new Dictionary<string, IReadOnlyList<string>>(own, StringComparer.Ordinal);
        var given = groups
            .SelectMany(attributes => attributes)
            .Where(attribute => !own.ContainsKey(attribute.Name))
            .OrderBy(attribute => attribute.AddedAt);
        foreach (var attribute in given)
        {
            merged[attribute.Name] = [attribute.Value];
        }
        return merged;
    }
}
