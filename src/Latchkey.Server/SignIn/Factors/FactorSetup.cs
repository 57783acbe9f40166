using System.Globalization;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.Settings;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>Sets factors up and takes them away, with the event of each.</summary>
internal sealed class FactorSetup(
    AuthenticatorService authenticators,
    PasskeyService passkeys,
    RecoveryCodes recoveryCodes,
    Acting acting,
    EventRecorder events,
    FactorNotice notice,
    ServerOptions server,
    TimeProvider time,
    IDbContextFactory<LatchkeyDbContext> databases
)
{
    /// <summary>In days: nobody is let in without a factor for longer.</summary>
    public const int LongestExclusion = 90;

    /// <summary>The authenticator app that is being set up, to show; null when one works already.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="place">The session or the sign-in under way; see <see cref="Authenticator.BegunIn"/>.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task<AuthenticatorOffer?> OfferAsync(User user, Guid place, CancellationToken ct)
    {
        var begun = events.New(
            EventTypes.TotpStartEnrollment,
            success: true,
            new("user", user.Id, user.Username),
            actor: ActorOf(user)
        );
        if (await authenticators.BeginAsync(user.Id, place, begun, ct) is not { } secret)
            return null;
        return AuthenticatorOffer.Of(secret, server.PublicUrl.Host, user.Username);
    }

    /// <summary>The first code: from now on the app counts.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="place">Where it was shown.</param>
    /// <param name="typed">The code.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task<FactorVerdict> ConfirmAuthenticatorAsync(
        User user,
        Guid place,
        string typed,
        CancellationToken ct
    )
    {
        var code = string.Concat(typed.Where(char.IsAsciiLetterOrDigit));
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        var verdict = await authenticators.ConfirmAsync(database, user.Id, place, code, ct);
        if (verdict == FactorVerdict.Right)
        {
            await EndPeriodAsync(database, user.Id, ct);
            await SayAsync(database, EventTypes.TotpFinishEnrollment, user, null, ct);
        }
        await transaction.CommitAsync(ct);
        return verdict;
    }

    /// <summary>Stores a passkey that a browser made.</summary>
    /// <returns>What was proved by making it, see <see cref="AuthnMethods"/>; null when it is not in order.</returns>
    public async Task<IReadOnlyList<string>?> AddPasskeyAsync(
        HttpContext http,
        User user,
        string name,
        string credential,
        string state
    )
    {
        if (await passkeys.CreateAsync(http, user, name, credential, state) is not { } made)
            return null;
        var ct = http.RequestAborted;
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        database.Passkeys.Add(made);
        await EndPeriodAsync(database, user.Id, ct);
        await SayAsync(database, EventTypes.PasskeyCreate, user, new { name = made.Name }, ct);
        await transaction.CommitAsync(ct);
        return AuthnMethods.Passkey(made.IsBackupEligible);
    }

    /// <summary>New recovery codes, to be shown once; the old ones stop working.</summary>
    public async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(
        User user,
        CancellationToken ct
    )
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        var codes = await recoveryCodes.RenewAsync(database, user.Id, ct);
        var made = new { count = codes.Count };
        await SayAsync(database, EventTypes.RecoveryCodesCreate, user, made, ct);
        await transaction.CommitAsync(ct);
        return codes;
    }

    /// <summary>Takes the authenticator app away, at its user's wish.</summary>
    public async Task RemoveAuthenticatorAsync(User user, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        if (
            await database.Authenticators.Where(a => a.UserId == user.Id).ExecuteDeleteAsync(ct) > 0
        )
            await SayRemovedAsync(database, EventTypes.TotpDeleteEnrollment, user, null, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Takes a passkey away, at its user's wish.</summary>
    public async Task RemovePasskeyAsync(User user, Guid id, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        var found = await database.Passkeys.SingleOrDefaultAsync(
            p => p.Id == id && p.UserId == user.Id,
            ct
        );
        if (found is null)
            return;
        database.Passkeys.Remove(found);
        await SayRemovedAsync(
            database,
            EventTypes.PasskeyDelete,
            user,
            new { name = found.Name },
            ct
        );
        await transaction.CommitAsync(ct);
    }

    /// <summary>Takes all factors away and begins the time for setting new ones up, counted from the next sign-in (J-76).</summary>
    /// <returns>Why not, if the account is above whoever is acting.</returns>
    public async Task<Problem?> ResetAsync(User user, CancellationToken ct)
    {
        if (!acting.MayTouch(user))
            return UserWriter.Above;
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginOrJoinAsync(ct);
        var changes = await GoneAsync(database, user.Id, ct);
        await database.Authenticators.Where(a => a.UserId == user.Id).ExecuteDeleteAsync(ct);
        await database.Passkeys.Where(p => p.UserId == user.Id).ExecuteDeleteAsync(ct);
        await database.RecoveryCodes.Where(c => c.UserId == user.Id).ExecuteDeleteAsync(ct);
        await EndPeriodAsync(database, user.Id, ct);
        var reset = events.New(
            EventTypes.UserFactorsReset,
            success: true,
            new("user", user.Id, user.Username),
            new { changes }
        );
        await SayAsync(database, reset, user, ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Decides for one user (J-75, J-76).</summary>
    /// <returns>Why not, if the account is above whoever is acting.</returns>
    public async Task<Problem?> SetStandingAsync(
        User user,
        bool required,
        DateTimeOffset? excludedUntil,
        CancellationToken ct
    )
    {
        if (!acting.MayTouch(user))
            return UserWriter.Above;
        // What is over already excludes nobody, and must not end a second time.
        if (excludedUntil <= time.GetUtcNow())
            excludedUntil = null;
        // A moment more: whoever counted the days did so a moment ago.
        if (excludedUntil > time.GetUtcNow().AddDays(LongestExclusion).AddMinutes(1))
            return new("exclusion-too-long", "excluded_until", LongestExclusion);
        await using var database = await databases.CreateDbContextAsync(ct);
        var standing = await database.FactorStandings.SingleOrDefaultAsync(
            s => s.UserId == user.Id,
            ct
        );
        if (standing is null)
            database.FactorStandings.Add(standing = new() { UserId = user.Id });
        var changes = FieldChange.Between(
            Snapshot(standing.Required, standing.ExcludedUntil),
            Snapshot(required, excludedUntil)
        );
        if (changes.Count == 0)
            return null;
        if (standing.Required != required)
        {
            await EnrolmentPeriods.ForgetAsync(
                database,
                standing,
                byRole: user.Role is not null,
                alone: false,
                ct
            );
        }
        (standing.Required, standing.ExcludedUntil) = (required, excludedUntil);
        database.Events.Add(
            events.New(
                EventTypes.UserUpdate,
                success: true,
                new("user", user.Id, user.Username),
                new { changes }
            )
        );
        await database.SaveChangesAsync(ct);
        return null;
    }

    /// <summary>All that a user has, as something that is taken away.</summary>
    private static async Task<List<FieldChange>> GoneAsync(
        LatchkeyDbContext database,
        Guid userId,
        CancellationToken ct
    )
    {
        var app = await database.Authenticators.AnyAsync(
            a => a.UserId == userId && a.ConfirmedAt != null,
            ct
        );
        var passkeys = await database
            .Passkeys.Where(p => p.UserId == userId)
            .Select(p => p.Name)
            .ToListAsync(ct);
        var codes = await database.RecoveryCodes.CountAsync(
            c => c.UserId == userId && c.UsedAt == null,
            ct
        );
        return FieldChange.Gone([
            new("authenticator", app ? FieldChange.Masked : null),
            new("passkeys", passkeys.Count > 0 ? string.Join('\n', passkeys) : null),
            new("recovery_codes", codes > 0 ? codes.ToString(CultureInfo.InvariantCulture) : null),
        ]);
    }

    private static List<KeyValuePair<string, string?>> Snapshot(
        bool required,
        DateTimeOffset? excludedUntil
    ) =>
        [
            new("second_factor.required", required ? "true" : "false"),
            new("second_factor.excluded_until", excludedUntil?.ToString("u")),
        ];

    /// <summary>Whoever has one needs no period; if it is taken away later, a new one runs from the next sign-in.</summary>
    private static Task EndPeriodAsync(
        LatchkeyDbContext database,
        Guid userId,
        CancellationToken ct
    ) =>
        database
            .FactorStandings.Where(s => s.UserId == userId)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.EnrolBy, (DateTimeOffset?)null), ct);

    /// <summary>In the middle of a sign-in nobody is signed in yet.</summary>
    private EventActor? ActorOf(User user) =>
        events.Actor is null ? new(user.Id, user.Username) : null;

    private Task SayAsync(
        LatchkeyDbContext database,
        string type,
        User user,
        object? details,
        CancellationToken ct
    ) =>
        SayAsync(
            database,
            events.New(
                type,
                success: true,
                new("user", user.Id, user.Username),
                details,
                actor: ActorOf(user)
            ),
            user,
            ct
        );

    private async Task SayRemovedAsync(
        LatchkeyDbContext database,
        string type,
        User user,
        object? details,
        CancellationToken ct
    )
    {
        await SayAsync(database, type, user, details, ct);
        await EnrolmentPeriods.ShortenAsync(database, user, time.GetUtcNow(), ct);
        await database.SaveChangesAsync(ct);
    }

    /// <summary>Saves what was done with all that has to follow from it, in the transaction that the caller commits: whoever hangs up in the middle can keep neither event nor mail from following.</summary>
    private async Task SayAsync(
        LatchkeyDbContext database,
        Event done,
        User user,
        CancellationToken ct
    )
    {
        database.Events.Add(done);
        await notice.AddAsync(database, user, done.Type, ct);
        await database.SaveChangesAsync(ct);
        await KnownBrowsers.AskAllAgainAsync(database, user.Id, ct);
    }
}
