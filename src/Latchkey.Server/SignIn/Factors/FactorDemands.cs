using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>Decides whether a user who gave the right password is asked for more.</summary>
/// <remarks>
/// Whoever set up a factor is always asked for it. Of whom one is asked without having set one up, a period runs; when it
/// is over the door stays shut until an administrator opens it again (J-75). What an application demands is not
/// decided here but where the application is opened.
/// </remarks>
internal sealed class FactorDemands(
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    public async Task<FactorDemand> OfAsync(User user, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var standing = await database
            .FactorStandings.AsNoTracking()
            .SingleOrDefaultAsync(s => s.UserId == user.Id, ct);
        var now = time.GetUtcNow();
        if (standing?.ExcludedUntil > now)
            return FactorDemand.None;
        if ((await UserFactors.ReadAsync(database, user.Id, ct)).Any)
            return FactorDemand.Asked;
        var rules = await FactorRulesService.ReadAsync(database, ct);
        if (!await IsAskedAsync(database, user, standing, rules, ct))
            return FactorDemand.None;
        if (standing?.EnrolBy is { } end)
            return new(FactorDemandKind.SetUp, end);
        // However long others have: a password alone should not administer for months.
        var days = user.Role is null
            ? rules.EnrolmentDays
            : Math.Min(rules.EnrolmentDays, FactorRules.Default.EnrolmentDays);
        var by = now.AddDays(days);
        await StartPeriodAsync(database, user.Id, standing is not null, by, ct);
        return new(FactorDemandKind.SetUp, by);
    }

    /// <summary>Whether one is asked of this user, by role, organisation, group or for the user alone.</summary>
    public static async Task<bool> IsAskedAsync(
        LatchkeyDbContext database,
        User user,
        FactorStanding? standing,
        FactorRules rules,
        CancellationToken ct
    ) =>
        user.Role is not null
        || rules.Everybody
        || standing?.Required == true
        || (
            rules.Groups.Count > 0
            && await database.GroupMembers.AnyAsync(
                m => m.UserId == user.Id && rules.Groups.Contains(m.GroupId),
                ct
            )
        );

    private static async Task StartPeriodAsync(
        LatchkeyDbContext database,
        Guid userId,
        bool exists,
        DateTimeOffset by,
        CancellationToken ct
    )
    {
        if (exists)
        {
            DateTimeOffset? end = by;
            await database
                .FactorStandings.Where(s => s.UserId == userId && s.EnrolBy == null)
                .ExecuteUpdateAsync(s => s.SetProperty(x => x.EnrolBy, end), ct);
            return;
        }
        database.FactorStandings.Add(new() { UserId = userId, EnrolBy = by });
        try
        {
            await database.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            // Another sign-in of the same user was first; its period counts.
        }
    }
}

/// <param name="EnrolBy">Until when one has to be set up.</param>
internal sealed record FactorDemand(FactorDemandKind Kind, DateTimeOffset? EnrolBy = null)
{
    public static FactorDemand None { get; } = new(FactorDemandKind.None);
    public static FactorDemand Asked { get; } = new(FactorDemandKind.Asked);

    /// <summary>Whether the period is over and nobody gets in without help.</summary>
    public bool IsOver(DateTimeOffset now) => Kind == FactorDemandKind.SetUp && EnrolBy <= now;
}

internal enum FactorDemandKind
{
    /// <summary>Nothing more.</summary>
    None,

    /// <summary>The factor that was set up.</summary>
    Asked,

    /// <summary>One is to be set up, and there is time for it until a date.</summary>
    SetUp,
}
