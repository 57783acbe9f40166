using System.Globalization;
using Latchkey.Server.Certificates;
using Latchkey.Server.Roles;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Insights.Pages;

/// <summary>The start of the administration: how much there is, what happened lately, what needs somebody.</summary>
internal sealed class OverviewModel(
    EventQueries events,
    DashboardQueries dashboard,
    CertificateNotices certificates
) : PageModel
{
    private const int RowsShown = 6;

    public Dashboard Figures { get; private set; } = null!;

    public IReadOnlyList<Share> Shares =>
        [Figures.OpenToNobody, Figures.WithoutFactor, Figures.StuckMails];

    /// <summary>The first of the days shown, as an address says it.</summary>
    public string Since => Address(Figures.Days[0].Day);

    /// <summary>The events that <see cref="Dashboard.FailedThisWeek"/> counts.</summary>
    public string FailedThisWeek =>
        $"/admin/events?type={EventFilter.SignIns}&outcome=failure&from={Address(Figures.Week.First().Day)}";

    /// <summary>Certificates that end before long (flow C).</summary>
    public IReadOnlyList<EndingCertificate> Ending { get; private set; } = [];

    public IReadOnlyList<Event> Recent { get; private set; } = [];

    public IReadOnlyList<Event> Failures { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Figures = await dashboard.ReadAsync(cancellationToken);
        Recent = await LatestAsync(new EventQuery { Success = true, Type = EventTypes.SsoAuth });
        Failures = await LatestAsync(new EventQuery { Success = false });
        Ending = User.May(Capability.ReadAll)
            ? await certificates.EndingAsync(CertificateNotices.Distances[0], cancellationToken)
            : [];

        async Task<IReadOnlyList<Event>> LatestAsync(EventQuery query) =>
            (await events.ListAsync(query, null, RowsShown, cancellationToken)).Rows;
    }

    private static string Address(DateOnly day) =>
        day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
