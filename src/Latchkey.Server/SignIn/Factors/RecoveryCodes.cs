using System.Security.Cryptography;
using System.Text;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>Codes on paper for the day the phone is gone: ten, each works once, only their hashes are kept.</summary>
internal sealed class RecoveryCodes(TimeProvider time)
{
    public const int Count = 10;

    /// <summary>No letter or digit that is taken for another.</summary>
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    private const int Groups = 4;
    private const int GroupLength = 4;

    /// <summary>Makes new ones; the old ones stop working. They are shown once, now.</summary>
    /// <param name="database">Saved by the caller, in its transaction.</param>
    /// <param name="userId">Whose.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task<IReadOnlyList<string>> RenewAsync(
        LatchkeyDbContext database,
        Guid userId,
        CancellationToken ct
    )
    {
        var codes = Enumerable.Range(0, Count).Select(_ => New()).ToList();
        var now = time.GetUtcNow();
        await database.RecoveryCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(ct);
        database.RecoveryCodes.AddRange(
            codes.Select(code => new RecoveryCode
            {
                UserId = userId,
                CodeHash = HashOf(userId, code),
                CreatedAt = now,
            })
        );
        return codes;
    }

    /// <summary>Uses one up.</summary>
    /// <param name="database">In whose transaction.</param>
    /// <param name="userId">Whose.</param>
    /// <param name="typed">As it was typed.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <returns>Whether it was one that worked.</returns>
    public async Task<bool> TakeAsync(
        LatchkeyDbContext database,
        Guid userId,
        string typed,
        CancellationToken ct
    )
    {
        var hash = HashOf(userId, typed);
        DateTimeOffset? now = time.GetUtcNow();
        return await database
                .RecoveryCodes.Where(c =>
                    c.UserId == userId && c.CodeHash == hash && c.UsedAt == null
                )
                .ExecuteUpdateAsync(c => c.SetProperty(x => x.UsedAt, now), ct) == 1;
    }

    private static string New() =>
        string.Join(
            '-',
            Enumerable
                .Range(0, Groups)
                .Select(_ => RandomNumberGenerator.GetString(Alphabet, GroupLength))
        );

    /// <summary>Hyphens, spaces and the case are for reading only.</summary>
    private static byte[] HashOf(Guid userId, string typed)
    {
        var code = string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return SHA256.HashData(Encoding.UTF8.GetBytes($"{userId:N}:{code}"));
    }
}
