using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>Shows our users and their passkeys to ASP.NET Core Identity, which checks the Web Authentication ceremonies. It only reads users.</summary>
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

    public async Task AddOrUpdatePasskeyAsync(
        User user,
        UserPasskeyInfo passkey,
        CancellationToken cancellationToken
    )
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var found = await database.Passkeys.SingleOrDefaultAsync(
            p => p.UserId == user.Id && p.CredentialId == passkey.CredentialId,
            cancellationToken
        );
        if (found is null)
        {
            found = new()
            {
                UserId = user.Id,
                CredentialId = passkey.CredentialId,
                PublicKey = passkey.PublicKey,
                Name = passkey.Name ?? "",
                Transports = string.Join(' ', passkey.Transports ?? []),
                IsBackupEligible = passkey.IsBackupEligible,
                AttestationObject = passkey.AttestationObject,
                ClientDataJson = passkey.ClientDataJson,
                CreatedAt = passkey.CreatedAt,
            };
            database.Passkeys.Add(found);
        }
        else
        {
            found.LastUsedAt = time.GetUtcNow();
        }
        found.SignCount = passkey.SignCount;
        found.IsUserVerified = passkey.IsUserVerified;
        found.IsBackedUp = passkey.IsBackedUp;
        await database.SaveChangesAsync(cancellationToken);
    }

    public async Task RemovePasskeyAsync(
        User user,
        byte[] credentialId,
        CancellationToken cancellationToken
    )
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database
            .Passkeys.Where(p => p.UserId == user.Id && p.CredentialId == credentialId)
            .ExecuteDeleteAsync(cancellationToken);
    }

    public void Dispose() { }

    // Users change in the directory, by its own service and rules.

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
        new("Users are changed by the directory's service.");
}
