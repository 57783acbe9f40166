using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Insights;
using Latchkey.Server.Roles;

namespace Latchkey.Server.Api.Overview;

/// <param name="Day">In UTC.</param>
internal sealed record SignInDayBody(DateOnly Day, int Succeeded, int Failed);

/// <param name="FindingCode">As in events.</param>
internal sealed record FailureCauseBody(string FindingCode, int Count);

/// <summary>A part of a whole that somebody should look at.</summary>
internal sealed record ShareBody(int Part, int Whole)
{
    public static ShareBody Of(Share share) => new(share.Part, share.Whole);
}

/// <summary>What the start of the administration counts.</summary>
/// <param name="Users">More than a thousand are counted once a minute.</param>
/// <param name="SignIns">Of the last days, the oldest first; the last one is today.</param>
/// <param name="FailureCauses">Why sign-ins failed in those days, the commonest first.</param>
/// <param name="ApplicationsOpenToNobody">Active ones that nobody was let into.</param>
/// <param name="CertificatesEnding">Active applications whose signing certificate ends within 60 days, of those that have one.</param>
/// <param name="MetadataNeeding">Followed metadata that cannot be read, ends, or waits for a decision.</param>
/// <param name="UsersWithoutFactor">Active ones that have no second step.</param>
/// <param name="MailsStuck">Of those that have not left.</param>
internal sealed record OverviewBody(
    int Applications,
    int Users,
    int Groups,
    IReadOnlyList<SignInDayBody> SignIns,
    IReadOnlyList<FailureCauseBody> FailureCauses,
    ShareBody ApplicationsOpenToNobody,
    ShareBody CertificatesEnding,
    ShareBody MetadataNeeding,
    ShareBody UsersWithoutFactor,
    ShareBody MailsStuck
)
{
    public static OverviewBody Of(Dashboard figures) =>
        new(
            figures.Applications,
            figures.Users,
            figures.Groups,
            [.. figures.Days.Select(d => new SignInDayBody(d.Day, d.Succeeded, d.Failed))],
            [.. figures.Causes.Select(c => new FailureCauseBody(c.Code, c.Count))],
            ShareBody.Of(figures.OpenToNobody),
            ShareBody.Of(figures.CertificatesEnding),
            ShareBody.Of(figures.MetadataNeeding),
            ShareBody.Of(figures.WithoutFactor),
            ShareBody.Of(figures.StuckMails)
        );
}

/// <summary><c>/api/v1/overview</c>: figures, for a monitor on the wall.</summary>
internal static class OverviewCalls
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapCall(
            HttpMethod.Get,
            "/overview",
            new("showOverview", ApiScopes.EventsRead)
            {
                Answer = typeof(OverviewBody),
                Role = Capability.OpenAdmin,
            },
            async (DashboardQueries dashboard, CancellationToken ct) =>
                ApiAnswer.Shown(OverviewBody.Of(await dashboard.ReadAsync(ct)))
        );
}
