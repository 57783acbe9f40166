using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>
/// The days in which a second factor is to be set up belong to the demand that began them: when nobody asks for one any
/// more they are forgotten, so that a demand that comes back later shuts nobody out at once.
/// </summary>
internal static class EnrolmentPeriods
{
    /// <summary>How long users have who took their last factor away to put another in its place.</summary>
    private static readonly TimeSpan s_forAnother = TimeSpan.FromDays(1);

    /// <summary>Since when one is asked of this user, by role, organisation, group or for the user alone.</summary>
    /// <returns>The beginning of time where that is not known; null where none is asked.</returns>
    public static async Task<DateTimeOffset?> AskedSinceAsync(
        LatchkeyDbContext database,
        User user,
        FactorStanding? standing,
        FactorRules rules,
        CancellationToken ct
    )
    {
        if (user.Role is not null || rules.Everybody || standing?.Required == true)
            return DateTimeOffset.MinValue;
        return rules.Groups.Count == 0
            ? null
            : await database
                .GroupMembers.Where(m => m.UserId == user.Id && rules.Groups.Contains(m.GroupId))
                .OrderBy(m => m.AddedAt)
                .Select(m => (DateTimeOffset?)m.AddedAt)
                .FirstOrDefaultAsync(ct);
    }

    /// <summary>When the days end that began under the demand of now; null when none have begun under it.</summary>
    public static DateTimeOffset? EndOf(FactorStanding? standing, DateTimeOffset askedSince) =>
        standing?.EnrolFrom < askedSince ? null : standing?.EnrolBy;

    /// <summary>
    /// Users took a factor away themselves: where it was their last one and one is asked, they have <see cref="s_forAnother"/> for another. A new
    /// period each time would let whoever is asked for two sign in by one.
    /// </summary>
    /// <param name="database">Saved by the caller.</param>
    /// <param name="user">Whose.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Gives up waiting.</param>
    public static async Task ShortenAsync(
        LatchkeyDbContext database,
        User user,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var standing = await database.FactorStandings.SingleOrDefaultAsync(
            s => s.UserId == user.Id,
            ct
        );
        if (
            standing?.ExcludedUntil > now
            || (await UserFactors.ReadAsync(database, user.Id, ct)).Any
            || await AskedSinceAsync(
                database,
                user,
                standing,
                await FactorRulesService.ReadAsync(database, ct),
                ct
            )
                is null
        )
            return;
        if (standing is null)
            database.FactorStandings.Add(standing = new() { UserId = user.Id });
        (standing.EnrolFrom, standing.EnrolBy) = (now, now + s_forAnother);
    }

    /// <summary>None is asked of the user any more.</summary>
    public static async Task ForgetAsync(
        LatchkeyDbContext database,
        FactorStanding? standing,
        CancellationToken ct
    )
    {
        if (standing?.EnrolBy is null)
            return;
        var (userId, end) = (standing.UserId, standing.EnrolBy);
        await database
            .FactorStandings.Where(s => s.UserId == userId && s.EnrolBy == end)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.EnrolBy, (DateTimeOffset?)null), ct);
    }

    /// <summary>The demand for this user alone, or of a role, begins or ends: days that no other demand began are forgotten.</summary>
    /// <param name="database">Saved by the caller, if the standing is one of its entities.</param>
    /// <param name="standing">Tracked.</param>
    /// <param name="byRole">Whether a role goes on asking.</param>
    /// <param name="alone">Whether it goes on being asked of this user alone.</param>
    /// <param name="ct">Gives up waiting.</param>
    public static async Task ForgetAsync(
        LatchkeyDbContext database,
        FactorStanding standing,
        bool byRole,
        bool alone,
        CancellationToken ct
    )
    {
        if (standing.EnrolBy is null || byRole || alone)
            return;
        var rules = await FactorRulesService.ReadAsync(database, ct);
        if (
            !rules.Everybody
            && !await database.GroupMembers.AnyAsync(
                m => m.UserId == standing.UserId && rules.Groups.Contains(m.GroupId),
                ct
            )
        )
            standing.EnrolBy = null;
    }

    /// <summary>The rules change: days of users of whom they ask none, before or afterwards, are forgotten.</summary>
    public static async Task ForgetAsync(
        LatchkeyDbContext database,
        FactorRules before,
        FactorRules after,
        CancellationToken ct
    )
    {
        if (
            before.Everybody == after.Everybody
            && before.Groups.ToHashSet().SetEquals(after.Groups)
        )
            return;
        foreach (var rules in new[] { before, after }.Where(r => !r.Everybody))
        {
            var groups = rules.Groups;
            await database
                .FactorStandings.Where(s =>
                    s.EnrolBy != null
                    && !s.Required
                    && database.Users.Any(u => u.Id == s.UserId && u.Role == null)
                    && !database.GroupMembers.Any(m =>
                        m.UserId == s.UserId && groups.Contains(m.GroupId)
                    )
                )
                .ExecuteUpdateAsync(s => s.SetProperty(x => x.EnrolBy, (DateTimeOffset?)null), ct);
        }
    }
}
