using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>Shows our users and their passkeys to ASP.NET Core Identity, which checks the Web Authentication ceremonies. It adds and removes nothing.</summary>
internal sealed class PasskeyStore(
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
) : IUserPasskeyStore<User>
{
    public async Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(userId, out var id))
            return null;
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database
            .Users.AsNoTracking()
            .SingleOrDefaultAsync(u => u.Id == id, cancellationToken);
    }

    public async Task<User?> FindByNameAsync(
        string normalizedUserName,
        CancellationToken cancellationToken
    )
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database
            .Users.AsNoTracking()
            .SingleOrDefaultAsync(
                u => u.NormalizedUsername == normalizedUserName,
                cancellationToken
            );
    }

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Username);

    public Task<string?> GetNormalizedUserNameAsync(
        User user,
        CancellationToken cancellationToken
    ) => Task.FromResult<string?>(user.NormalizedUsername);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(
        User user,
        CancellationToken cancellationToken
    )
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var passkeys = await database
            .Passkeys.AsNoTracking()
            .Where(p => p.UserId == user.Id)
            .OrderBy(p => p.CreatedAt)
            .ToListAsync(cancellationToken);
        return [.. passkeys.Select(Info)];
    }

    public async Task<User?> FindByPasskeyIdAsync(
        byte[] credentialId,
        CancellationToken cancellationToken
    )
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await (
            from passkey in database.Passkeys
            where passkey.CredentialId == credentialId
            join user in database.Users.AsNoTracking() on passkey.UserId equals user.Id
            select user
        ).SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(
        User user,
        byte[] credentialId,
        CancellationToken cancellationToken
    )
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var found = await database
            .Passkeys.AsNoTracking()
            .SingleOrDefaultAsync(
                p => p.UserId == user.Id && p.CredentialId == credentialId,
                cancellationToken
            );
        return found is null ? null : Info(found);
    }

    /// <summary>A passkey was used.</summary>
    /// <returns>False when it was taken away meanwhile; it must not come back.</returns>
    public async Task<bool> UsedAsync(User user, UserPasskeyInfo passkey, CancellationToken ct)
    {
        DateTimeOffset? now = time.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database
                .Passkeys.Where(p => p.UserId == user.Id && p.CredentialId == passkey.CredentialId)
                .ExecuteUpdateAsync(
                    p =>
                        p.SetProperty(x => x.LastUsedAt, now)
                            .SetProperty(x => x.SignCount, passkey.SignCount)
                            .SetProperty(x => x.IsUserVerified, passkey.IsUserVerified)
                            .SetProperty(x => x.IsBackedUp, passkey.IsBackedUp),
                    ct
                ) == 1;
    }

    /// <summary>What is stored of a passkey that Identity has checked.</summary>
    public static Passkey New(User user, UserPasskeyInfo passkey, string name) =>
        new()
        {
            UserId = user.Id,
            CredentialId = passkey.CredentialId,
            PublicKey = passkey.PublicKey,
            Name = name,
            Transports = string.Join(' ', passkey.Transports ?? []),
            SignCount = passkey.SignCount,
            IsUserVerified = passkey.IsUserVerified,
            IsBackupEligible = passkey.IsBackupEligible,
            IsBackedUp = passkey.IsBackedUp,
            AttestationObject = passkey.AttestationObject,
            ClientDataJson = passkey.ClientDataJson,
            CreatedAt = passkey.CreatedAt,
        };

    public void Dispose() { }

    // Users change in the directory, passkeys in FactorSetup, by their own rules.

    public Task AddOrUpdatePasskeyAsync(
        User user,
        UserPasskeyInfo passkey,
        CancellationToken cancellationToken
    ) => throw ReadsOnly();

    public Task RemovePasskeyAsync(
        User user,
        byte[] credentialId,
        CancellationToken cancellationToken
    ) => throw ReadsOnly();

    public Task SetUserNameAsync(
        User user,
        string? userName,
        CancellationToken cancellationToken
    ) => throw ReadsOnly();

    public Task SetNormalizedUserNameAsync(
        User user,
        string? normalizedName,
        CancellationToken cancellationToken
    ) => throw ReadsOnly();

    public Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken) =>
        throw ReadsOnly();

    public Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken) =>
        throw ReadsOnly();

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) =>
        throw ReadsOnly();

    private static UserPasskeyInfo Info(Passkey passkey) =>
        new(
            passkey.CredentialId,
            passkey.PublicKey,
            passkey.CreatedAt,
            (uint)passkey.SignCount,
            passkey.Transports.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            passkey.IsUserVerified,
            passkey.IsBackupEligible,
            passkey.IsBackedUp,
            passkey.AttestationObject,
            passkey.ClientDataJson
        )
        {
            Name = passkey.Name,
        };

    private static NotSupportedException ReadsOnly() =>
        new("Users and passkeys are changed by their own services.");
}
