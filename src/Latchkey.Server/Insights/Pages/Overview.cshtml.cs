using Latchkey.Server.Certificates;
using Latchkey.Server.Roles;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Insights.Pages;

/// <summary>The start of the administration: how much there is, what happened lately, what needs somebody.</summary>
internal sealed class OverviewModel(
    EventQueries events,
    DashboardQueries dashboard,
    CertificateNotices certificates,
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
) : PageModel
{
    private const int DaysShown = 14;
    private const int RowsShown = 6;
    private const int CausesShown = 6;

    public int Applications { get; private set; }

    public int Users { get; private set; }

    public int Groups { get; private set; }

    public int FailedThisWeek { get; private set; }

    public IReadOnlyList<FailureCause> Causes { get; private set; } = [];

    public IReadOnlyList<Share> Shares { get; private set; } = [];

    /// <summary>The first of the days shown, as an address says it.</summary>
    public string Since =>
        Days[0].Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Certificates that end before long (flow C).</summary>
    public IReadOnlyList<EndingCertificate> Ending { get; private set; } = [];

    public IReadOnlyList<SignInDay> Days { get; private set; } = [];

    public IReadOnlyList<Event> Recent { get; private set; } = [];

    public IReadOnlyList<Event> Failures { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        Days = await events.SignInsByDayAsync(today, DaysShown, cancellationToken);
        Causes = await dashboard.CausesAsync(
            new DateTimeOffset(Days[0].Day, TimeOnly.MinValue, TimeSpan.Zero),
            CausesShown,
            cancellationToken
        );
        Shares =
        [
            await dashboard.OpenToNobodyAsync(cancellationToken),
            await dashboard.WithoutFactorAsync(cancellationToken),
            await dashboard.StuckMailsAsync(cancellationToken),
        ];
        FailedThisWeek = Days.TakeLast(7).Sum(day => day.Failed);
        Recent = await LatestAsync(new EventQuery { Success = true, Type = EventTypes.SsoAuth });
        Failures = await LatestAsync(new EventQuery { Success = false });

        Ending = User.May(Capability.ReadAll)
            ? await certificates.EndingAsync(CertificateNotices.Distances[0], cancellationToken)
            : [];
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        Applications = await db.Applications.CountAsync(cancellationToken);
        Users = await db.Users.CountAsync(cancellationToken);
        Groups = await db.Groups.CountAsync(cancellationToken);

        async Task<IReadOnlyList<Event>> LatestAsync(EventQuery query) =>
            (await events.ListAsync(query, null, RowsShown, cancellationToken)).Rows;
    }
}
