using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>What a user has set up beside the password.</summary>
/// <param name="Authenticator">A working authenticator app.</param>
/// <param name="Passkeys">How many passkeys.</param>
/// <param name="RecoveryCodes">How many codes are left. They stand in for the others, and are no factor of their own.</param>
internal sealed record UserFactors(bool Authenticator, int Passkeys, int RecoveryCodes)
{
    public bool Any => Authenticator || Passkeys > 0;

    public static async Task<UserFactors> ReadAsync(
        LatchkeyDbContext database,
        Guid userId,
        CancellationToken ct
    ) =>
        new(
            await database.Authenticators.AnyAsync(
                a => a.UserId == userId && a.ConfirmedAt != null,
                ct
            ),
            await database.Passkeys.CountAsync(p => p.UserId == userId, ct),
            await database.RecoveryCodes.CountAsync(c => c.UserId == userId && c.UsedAt == null, ct)
        );
}
