using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>How it stands with a user's second factor (J-74).</summary>
internal enum EnrolmentStatus
{
    /// <summary>None is set up, and none is asked for.</summary>
    NotEnrolled,

    /// <summary>None is set up, and the user is let in without one until a date.</summary>
    Disabled,

    /// <summary>One will be asked for once the user is activated.</summary>
    PendingActivation,

    /// <summary>One is asked for; the days for setting it up begin with the next sign-in.</summary>
    PreEnrolment,

    /// <summary>One is asked for, and there are days left.</summary>
    InEnrolment,

    /// <summary>None was set up in time; the user is shut out.</summary>
    EnrolmentExpired,

    /// <summary>One is set up.</summary>
    Enrolled,
}

/// <param name="ExcludedUntil">Until when the user is not asked for one, set up or not; null where no exclusion runs.</param>
internal sealed record Enrolment(EnrolmentStatus Status, DateTimeOffset? ExcludedUntil)
{
    /// <summary>The key of its text.</summary>
    public string Key =>
        "rules.user.status."
        + EnrolmentStatuses.Word(Status)
        + (Status == EnrolmentStatus.Enrolled && ExcludedUntil is not null ? ".excluded" : "");

    /// <summary>Whether every sign-in asks for it.</summary>
    public bool IsAsked => Status == EnrolmentStatus.Enrolled && ExcludedUntil is null;
}

internal static class EnrolmentStatuses
{
    /// <summary>The names that directories use for them, in lower case.</summary>
    public static IReadOnlyList<string> Words { get; } =
    [
        "not_enrolled",
        "disabled",
        "pending_activation",
        "pre_enrollment",
        "in_enrollment",
        "enrollment_expired",
        "enrolled",
    ];

    public static string Word(EnrolmentStatus status) => Words[(int)status];

    /// <summary>Looks without beginning any period.</summary>
    public static async Task<Enrolment> OfAsync(
        LatchkeyDbContext database,
        User user,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var standing = await database
            .FactorStandings.AsNoTracking()
            .SingleOrDefaultAsync(s => s.UserId == user.Id, ct);
        var excluded = standing?.ExcludedUntil > now ? standing.ExcludedUntil : null;
        return new(await StatusAsync(database, user, standing, excluded, now, ct), excluded);
    }

    private static async Task<EnrolmentStatus> StatusAsync(
        LatchkeyDbContext database,
        User user,
        FactorStanding? standing,
        DateTimeOffset? excluded,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if ((await UserFactors.ReadAsync(database, user.Id, ct)).Any)
            return EnrolmentStatus.Enrolled;
        if (excluded is not null)
            return EnrolmentStatus.Disabled;
        var rules = await FactorRulesService.ReadAsync(database, ct);
        if (
            await EnrolmentPeriods.AskedSinceAsync(database, user, standing, rules, ct)
            is not { } since
        )
            return EnrolmentStatus.NotEnrolled;
        if (user.State == UserState.Staged)
            return EnrolmentStatus.PendingActivation;
        return EnrolmentPeriods.EndOf(standing, since) switch
        {
            null => EnrolmentStatus.PreEnrolment,
            var end when end > now => EnrolmentStatus.InEnrolment,
            _ => EnrolmentStatus.EnrolmentExpired,
        };
    }
}
