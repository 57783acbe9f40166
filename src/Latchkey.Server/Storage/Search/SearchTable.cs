using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Storage.Search;

/// <summary>A table whose rows are searched.</summary>
/// <param name="Name">As the database knows it.</param>
/// <param name="InOrder">The order of its lists, which an index keeps.</param>
internal sealed record SearchTable<T>(string Name, Func<IQueryable<T>, IQueryable<T>> InOrder)
    where T : class, ISearched;

internal static class SearchTables
{
    public static SearchTable<User> Users { get; } =
        new("users", rows => rows.OrderBy(u => u.NormalizedUsername));

    public static SearchTable<Group> Groups { get; } =
        new("groups", rows => rows.OrderBy(g => g.NormalizedName));

    public static SearchTable<Application> Applications { get; } =
        new("applications", rows => rows.OrderBy(a => a.Label).ThenBy(a => a.Id));

    public static IReadOnlyList<string> Names { get; } =
    [Users.Name, Groups.Name, Applications.Name];
}
