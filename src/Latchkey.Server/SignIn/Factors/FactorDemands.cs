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
    EnrolmentNotice notice,
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
        if (
            await EnrolmentPeriods.AskedSinceAsync(database, user, standing, rules, ct)
            is not { } since
        )
        {
            await EnrolmentPeriods.ForgetAsync(database, standing, ct);
            return FactorDemand.None;
        }
        if (EnrolmentPeriods.EndOf(standing, since) is { } end)
            return new(FactorDemandKind.SetUp, end);
        // However long others have: a password alone should not administer for months.
        var days = user.Role is null
            ? rules.EnrolmentDays
            : Math.Min(rules.EnrolmentDays, FactorRules.Default.EnrolmentDays);
        var by = now.AddDays(days);
        await StartPeriodAsync(database, user, standing, now, by, ct);
        return new(FactorDemandKind.SetUp, by);
    }

    private async Task StartPeriodAsync(
        LatchkeyDbContext database,
        User user,
        FactorStanding? standing,
        DateTimeOffset now,
        DateTimeOffset by,
        CancellationToken ct
    )
    {
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        if (standing is not null)
        {
            var (old, end, from) = (standing.EnrolBy, (DateTimeOffset?)by, (DateTimeOffset?)now);
            var first = await database
                .FactorStandings.Where(s => s.UserId == user.Id && s.EnrolBy == old)
                .ExecuteUpdateAsync(
                    s => s.SetProperty(x => x.EnrolBy, end).SetProperty(x => x.EnrolFrom, from),
                    ct
                );
            if (first == 0)
                return;
        }
        else
        {
            database.FactorStandings.Add(
                new()
                {
                    UserId = user.Id,
                    EnrolBy = by,
                    EnrolFrom = now,
                }
            );
        }
        await notice.AddAsync(database, user, by, ct);
        try
        {
            await database.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }
        catch (DbUpdateException) when (standing is null)
        {
            // Another sign-in of the same user was first; its period counts, and its mail was sent.
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
