using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>The second step of a sign-in: a code of the authenticator app, a recovery code, or a passkey. A passkey is also a first step, and then the only one.</summary>
internal sealed class FactorStep(
    AuthenticatorService authenticators,
    RecoveryCodes recoveryCodes,
    PasskeyService passkeys,
    SignInStates states,
    SignInThrottle throttle,
    EventRecorder events,
    FactorNotice notice,
    IDbContextFactory<LatchkeyDbContext> databases
)
{
    private const int LongestCode = 64;

    /// <summary>The user who proved a part of what a stored sign-in asks; null when something about them changed since, and they have to begin again.</summary>
    public async Task<User?> UserOfAsync(SignInState state, CancellationToken ct)
    {
        if (state.UserId is not { } id)
            return null;
        await using var database = await databases.CreateDbContextAsync(ct);
        var user = await database.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, ct);
        return
            user is { State: UserState.Activated }
            && string.Equals(user.SecurityStamp, state.UserStamp, StringComparison.Ordinal)
            ? user
            : null;
    }

    /// <summary>What the user can be asked for.</summary>
    public async Task<UserFactors> FactorsAsync(Guid userId, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await UserFactors.ReadAsync(database, userId, ct);
    }

    /// <summary>Checks a code that was typed: six digits are the app's, everything else is taken for a recovery code.</summary>
    /// <returns>What came of it, and which of the two it was, see <see cref="AuthnMethods"/>.</returns>
    public async Task<(FactorVerdict Verdict, string Method)> TakeCodeAsync(
        HttpContext http,
        User user,
        string typed,
        string? referenceCode
    )
    {
        var code = string.Concat(typed.Where(char.IsAsciiLetterOrDigit));
        if (code.Length > LongestCode)
            code = code[..LongestCode];
        // By the user, not by what was typed: the password was right already.
        var who = $"factor {user.Id}";
        var origin = SignInOrigin.Network(http.Connection.RemoteIpAddress);
        var byApp = code.Length == Totp.Digits && code.All(char.IsAsciiDigit);
        if (!throttle.TryTake(who, origin))
            return await SayAsync(FactorVerdict.Locked);
        var verdict =
            byApp ? await authenticators.VerifyAsync(user.Id, code, http.RequestAborted)
            : await TakeRecoveryCodeAsync(user, code, referenceCode, http.RequestAborted)
                ? FactorVerdict.Right
            : FactorVerdict.Wrong;
        if (verdict == FactorVerdict.Right)
            throttle.GiveBack(who, origin);
        return await SayAsync(verdict);

        async Task<(FactorVerdict, string)> SayAsync(FactorVerdict came)
        {
            if (came != FactorVerdict.Right)
            {
                await events.RecordAsync(
                    EventTypes.UserLoginStep,
                    success: false,
                    new("user", user.Id, user.Username),
                    new { method = byApp ? "authenticator" : "recovery_code" },
                    came == FactorVerdict.Locked ? "factor-locked" : "factor-wrong",
                    referenceCode,
                    new(user.Id, user.Username)
                );
            }
            return (came, byApp ? AuthnMethods.OneTimeCode : AuthnMethods.RecoveryCode);
        }
    }

    /// <summary>A code that is used up is told, in the same transaction.</summary>
    private async Task<bool> TakeRecoveryCodeAsync(
        User user,
        string code,
        string? referenceCode,
        CancellationToken ct
    )
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        if (!await recoveryCodes.TakeAsync(database, user.Id, code, ct))
            return false;
        database.Events.Add(
            events.New(
                EventTypes.RecoveryCodeUsed,
                success: true,
                new("user", user.Id, user.Username),
                new { method = "recovery_code" },
                referenceCode: referenceCode,
                actor: new(user.Id, user.Username)
            )
        );
        await notice.AddAsync(database, user, EventTypes.RecoveryCodeUsed, ct);
        await database.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>What a browser needs to use a passkey in this stored sign-in.</summary>
    public async Task<string> BeginPasskeyAsync(HttpContext http, SignInState state)
    {
        var ceremony = await passkeys.BeginUseAsync(http);
        await states.ChallengeAsync(state, ceremony.State, http.RequestAborted);
        return ceremony.Options;
    }

    /// <summary>What a browser needs to make a passkey in this stored sign-in.</summary>
    public async Task<string> BeginPasskeyCreationAsync(
        HttpContext http,
        SignInState state,
        User user
    )
    {
        var ceremony = await passkeys.BeginCreationAsync(http, user);
        await states.ChallengeAsync(state, ceremony.State, http.RequestAborted);
        return ceremony.Options;
    }

    /// <summary>Checks a passkey that was used in this stored sign-in.</summary>
    /// <param name="expected">Whose it has to be, when somebody proved something already.</param>
    /// <returns>Null when it is not in order; the event says no more than that, and the page neither.</returns>
    public async Task<(User User, IReadOnlyList<string> Methods)?> TakePasskeyAsync(
        HttpContext http,
        SignInState state,
        User? expected,
        string credential
    )
    {
        var ct = http.RequestAborted;
        var used = await states.TakeChallengeAsync(state, ct) is { } challenge
            ? await passkeys.UseAsync(http, credential, challenge)
            : null;
        if (
            used is { } proof
            && proof.User.State == UserState.Activated
            && (expected is null || expected.Id == proof.User.Id)
        )
        {
            return proof;
        }
        var user = used?.User;
        await events.RecordAsync(
            EventTypes.UserLoginStep,
            success: false,
            user is null ? null : new("user", user.Id, user.Username),
            new { method = "passkey" },
            user is { State: not UserState.Activated } ? "user-not-active" : "passkey-refused",
            state.ReferenceCode,
            user is null ? null : new(user.Id, user.Username)
        );
        return null;
    }
}
