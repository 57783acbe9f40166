using Latchkey.Server.Storage;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Insights.Pages;

/// <summary>The start of the administration: how much there is, what happened lately, what needs somebody.</summary>
internal sealed class OverviewModel(
    EventQueries events,
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
) : PageModel
{
    private const int DaysShown = 14;
    private const int RowsShown = 6;

    public int Applications { get; private set; }

    public int Users { get; private set; }

    public int Groups { get; private set; }

    public int FailedThisWeek { get; private set; }

    /// <summary>Active applications that no group was granted: a listed cause of failed sign-ins (S0-20).</summary>
    public IReadOnlyList<KeyValuePair<Guid, string>> OpenToNobody { get; private set; } = [];

    public IReadOnlyList<SignInDay> Days { get; private set; } = [];

    public IReadOnlyList<Event> Recent { get; private set; } = [];

    public IReadOnlyList<Event> Failures { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        Days = await events.SignInsByDayAsync(today, DaysShown, cancellationToken);
        FailedThisWeek = Days.TakeLast(7).Sum(day => day.Failed);
        Recent = await LatestAsync(new EventQuery { Success = true, Type = EventTypes.SsoAuth });
        Failures = await LatestAsync(new EventQuery { Success = false });

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        Applications = await db.Applications.CountAsync(cancellationToken);
        Users = await db.Users.CountAsync(cancellationToken);
        Groups = await db.Groups.CountAsync(cancellationToken);
        var closed = await db
            .Applications.Where(a =>
                a.Active
                && !db.ApplicationGroups.Any(g => g.ApplicationId == a.Id)
                && !db.ApplicationUsers.Any(u => u.ApplicationId == a.Id)
            )
            .OrderBy(a => a.Label)
            .Select(a => new { a.Id, a.Label })
            .ToListAsync(cancellationToken);
        OpenToNobody = [.. closed.Select(a => KeyValuePair.Create(a.Id, a.Label))];

        async Task<IReadOnlyList<Event>> LatestAsync(EventQuery query) =>
            (await events.ListAsync(query, null, RowsShown, cancellationToken)).Rows;
    }
}
