using System.Globalization;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Certificates;
using Latchkey.Server.Roles;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Insights.Pages;

/// <summary>The start of the administration: how much there is, what happened lately, what needs somebody.</summary>
internal sealed class OverviewModel(
    EventQueries events,
    DashboardQueries dashboard,
    EndingCertificates certificates,
    MetadataFollowing following
) : PageModel
{
    private const int RowsShown = 6;

    public Dashboard Figures { get; private set; } = null!;

    /// <summary>Those whose list opens to who looks.</summary>
    public IReadOnlyList<Share> Shares =>
        [
            .. new[]
            {
                Figures.OpenToNobody,
                Figures.CertificatesEnding,
                Figures.MetadataNeeding,
                Figures.WithoutFactor,
                Figures.StuckMails,
            }.Where(share => User.MayUse(share.Address, HttpMethods.Get)),
        ];

    /// <summary>The first of the days shown, as an address says it.</summary>
    public string Since => Address(Figures.Days[0].Day);

    /// <summary>How much there is, each with the list it counts; those whose list opens to who looks.</summary>
    public IEnumerable<(string Address, string Icon, string Name, int Count)> Stats =>
        new[]
        {
            ("/admin/applications", "apps", "nav.applications", Figures.Applications),
            ("/admin/users", "users", "nav.users", Figures.Users),
            ("/admin/groups", "users-group", "nav.groups", Figures.Groups),
            (FailedThisWeek, "alert-circle", "overview.failed", Figures.FailedThisWeek),
        }.Where(stat => User.MayUse(stat.Item1, HttpMethods.Get));

    /// <summary>The events that <see cref="Dashboard.FailedThisWeek"/> counts.</summary>
    private string FailedThisWeek =>
        $"/admin/events?type={EventFilter.SignIns}&outcome=failure&from={Address(Figures.Week.First().Day)}";

    /// <summary>Certificates that end before long (flow C).</summary>
    public IReadOnlyList<EndingCertificate> Ending { get; private set; } = [];

    /// <summary>Applications whose followed metadata waits for somebody.</summary>
    public IReadOnlyList<FollowedApplication> Needing { get; private set; } = [];

    public IReadOnlyList<Event> Recent { get; private set; } = [];

    public IReadOnlyList<Event> Failures { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Figures = await dashboard.ReadAsync(cancellationToken);
        Recent = await LatestAsync(new EventQuery { Success = true, Type = EventTypes.SsoAuth });
        Failures = await LatestAsync(new EventQuery { Success = false });
        if (User.May(Capability.ReadAll))
        {
            Ending = await certificates.ReadAsync(cancellationToken);
            Needing = await following.NeedingAsync(cancellationToken);
        }

        async Task<IReadOnlyList<Event>> LatestAsync(EventQuery query) =>
            (await events.ListAsync(query, null, RowsShown, cancellationToken)).Rows;
    }

    private static string Address(DateOnly day) =>
        day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
