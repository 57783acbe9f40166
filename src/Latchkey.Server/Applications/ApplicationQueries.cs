using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications;

/// <summary>A row of the list.</summary>
internal sealed record ApplicationRow(
    Guid Id,
    string Slug,
    string Label,
    string SpEntityId,
    bool Active,
    int Groups,
    DateTimeOffset? CertificateNotAfter
)
{
    /// <summary>The first letter as people see it, for the coloured square.</summary>
    public string Initial => System.Globalization.StringInfo.GetNextTextElement(Label);

    /// <summary>Connected, but nobody was let in: a listed cause of failed sign-ins (S0-20).</summary>
    public bool OpenToNobody => Active && Groups == 0;
}

internal sealed record ApplicationPage(IReadOnlyList<ApplicationRow> Rows, int Total);

/// <summary>A group that can be or is bound, with the number of users it would let in.</summary>
internal sealed record GroupChoice(Guid Id, string Name, string? Description, int Members);

/// <summary>Whether one user can sign in, and through which groups.</summary>
internal sealed record AccessAnswer(User User, IReadOnlyList<string> Through);

/// <summary>What the pages ask about applications.</summary>
internal sealed class ApplicationQueries(IDbContextFactory<LatchkeyDbContext> databases)
{
    /// <param name="search">Part of label, slug or entity ID.</param>
    /// <param name="filter">"active", "inactive", "nobody", or anything else for all.</param>
    /// <param name="page">From 1.</param>
    /// <param name="size">Rows of a page.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<ApplicationPage> ListAsync(
        string? search,
        string? filter,
        int page,
        int size,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var applications = db.Applications.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(search))
        {
            var text = search.Trim().ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Translated to SQL's lower(); a comparison type cannot be.
            applications = applications.Where(a =>
                a.Label.ToLower().Contains(text)
                || a.Slug.Contains(text)
                || a.SpEntityId.ToLower().Contains(text)
            );
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }
        applications = filter switch
        {
            "active" => applications.Where(a => a.Active),
            "inactive" => applications.Where(a => !a.Active),
            "nobody" => applications.Where(a =>
                a.Active && !db.ApplicationGroups.Any(g => g.ApplicationId == a.Id)
            ),
            _ => applications,
        };
        var total = await applications.CountAsync(cancellationToken);
        var rows = await applications
            .OrderBy(a => a.Label)
            .ThenBy(a => a.Id)
            .Skip((page - 1) * size)
            .Take(size)
            .Select(a => new ApplicationRow(
                a.Id,
                a.Slug,
                a.Label,
                a.SpEntityId,
                a.Active,
                db.ApplicationGroups.Count(g => g.ApplicationId == a.Id),
                db.ApplicationCertificates.Where(c => c.ApplicationId == a.Id && c.Active)
                    .Select(c => (DateTimeOffset?)c.NotAfter)
                    .FirstOrDefault()
            ))
            .ToListAsync(cancellationToken);
        return new ApplicationPage(rows, total);
    }

    /// <summary>The certificate that signs now; null before the first activation.</summary>
    public async Task<ApplicationCertificate?> ActiveCertificateAsync(
        Guid applicationId,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .ApplicationCertificates.AsNoTracking()
            .Where(c => c.ApplicationId == applicationId && c.Active)
            .OrderByDescending(c => c.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The label of another application with this IdP entity ID, or null.</summary>
    public async Task<string?> EntityIdOwnerAsync(
        string idpEntityId,
        string? exceptSlug,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Applications.Where(a => a.IdpEntityId == idpEntityId && a.Slug != exceptSlug)
            .Select(a => a.Label)
            .FirstOrDefaultAsync(cancellationToken);
    }

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

    /// <summary>Every group with its number of users, by name.</summary>
    public async Task<IReadOnlyList<GroupChoice>> GroupsAsync(
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .Groups.AsNoTracking()
            .OrderBy(g => g.NormalizedName)
            .Select(g => new GroupChoice(
                g.Id,
                g.Name,
                g.Description,
                db.GroupMembers.Count(m => m.GroupId == g.Id)
            ))
            .ToListAsync(cancellationToken);
    }

    /// <summary>How many activated users are in at least one of the groups.</summary>
    public async Task<int> UsersInAsync(
        IReadOnlyCollection<Guid> groupIds,
        CancellationToken cancellationToken = default
    )
    {
        if (groupIds.Count == 0)
        {
            return 0;
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.CountAsync(
            u =>
                u.State == UserState.Activated
                && db.GroupMembers.Any(m => m.UserId == u.Id && groupIds.Contains(m.GroupId)),
            cancellationToken
        );
    }

    /// <summary>Whether the users that match a name can sign in, at most ten of them.</summary>
    public async Task<IReadOnlyList<AccessAnswer>> CheckAsync(
        Guid applicationId,
        string name,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var text = name.Trim();
        var upper = text.ToUpperInvariant();
        var lower = text.ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Translated to SQL's lower(); a comparison type cannot be.
        var users = await db
            .Users.AsNoTracking()
            .Where(u =>
                u.NormalizedUsername.Contains(upper)
                || u.Email.Contains(lower)
                || (u.FirstName + " " + u.LastName).ToLower().Contains(lower)
            )
            .OrderBy(u => u.NormalizedUsername)
            .Take(10)
            .ToListAsync(cancellationToken);
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        var ids = users.ConvertAll(u => u.Id);
        var through = await (
            from bound in db.ApplicationGroups
            join member in db.GroupMembers on bound.GroupId equals member.GroupId
            join @group in db.Groups on bound.GroupId equals @group.Id
            where bound.ApplicationId == applicationId && ids.Contains(member.UserId)
            orderby @group.NormalizedName
            select new { member.UserId, @group.Name }
        ).ToListAsync(cancellationToken);
        return
        [
            .. users.Select(user => new AccessAnswer(
                user,
                [.. through.Where(t => t.UserId == user.Id).Select(t => t.Name)]
            )),
        ];
    }
}
