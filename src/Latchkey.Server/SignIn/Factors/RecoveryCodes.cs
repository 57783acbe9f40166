using System.Security.Cryptography;
using System.Text;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>Codes on paper for the day the phone is gone: ten, each works once, only their hashes are kept.</summary>
internal sealed class RecoveryCodes(
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    public const int Count = 10;

    /// <summary>No letter or digit that is taken for another.</summary>
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    private const int Groups = 4;
    private const int GroupLength = 4;

    /// <summary>Makes new ones; the old ones stop working. They are shown once, now.</summary>
    public async Task<IReadOnlyList<string>> RenewAsync(Guid userId, CancellationToken ct)
    {
        var codes = Enumerable.Range(0, Count).Select(_ => New()).ToList();
        var now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        await database.RecoveryCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(ct);
        database.RecoveryCodes.AddRange(
            codes.Select(code => new RecoveryCode
            {
                UserId = userId,
                CodeHash = HashOf(userId, code),
                CreatedAt = now,
            })
        );
        await database.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return codes;
    }

    /// <summary>Uses one up.</summary>
    /// <returns>Whether it was one that worked.</returns>
    public async Task<bool> TakeAsync(Guid userId, string typed, CancellationToken ct)
    {
        var hash = HashOf(userId, typed);
        DateTimeOffset? now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
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
