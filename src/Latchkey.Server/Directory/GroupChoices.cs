using Latchkey.Server.Problems;

namespace Latchkey.Server.Directory;

/// <summary>A group by its name.</summary>
internal sealed record GroupChoice(Guid Id, string Name);

/// <summary>The groups to choose from where they are few enough for a page; of more than that, one is named.</summary>
/// <param name="All">By name; empty where there are too many.</param>
internal sealed record GroupChoices(IReadOnlyList<GroupChoice> All, bool AreTooMany)
{
    /// <summary>More of them nobody looks through, and every page would carry them.</summary>
    public const int Most = 200;
}

/// <summary>Turns what was typed as names of groups into the groups.</summary>
internal static class GroupNames
{
    /// <param name="groups">Finds it.</param>
    /// <param name="typed">Its name.</param>
    /// <param name="where">The field.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<(Guid? Id, Problem? Problem)> ResolveOneAsync(
        GroupService groups,
        string? typed,
        string where,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            return (null, new Problem("group-not-chosen", where));
        }
        return await groups.FindByNameAsync(typed.Trim(), cancellationToken) is { } found
            ? (found.Id, null)
            : (null, new Problem("group-unknown", where, typed.Trim()));
    }

    /// <param name="groups">Finds them.</param>
    /// <param name="typed">One name a line.</param>
    /// <param name="where">The field.</param>
    /// <param name="problems">Takes those that nobody knows.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<IReadOnlyList<Guid>> ResolveAsync(
        GroupService groups,
        string? typed,
        string where,
        List<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        const StringSplitOptions filled =
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        var found = new List<Guid>();
        foreach (var name in (typed ?? "").Split('\n', filled))
        {
            if (await groups.FindByNameAsync(name, cancellationToken) is { } group)
            {
                found.Add(group.Id);
            }
            else
            {
                problems.Add(new Problem("group-unknown", where, name));
            }
        }
        return found;
    }
}
