using Latchkey.Server.Directory;
using Latchkey.Server.SignIn.Passwords.Imported;
using Microsoft.AspNetCore.Identity;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>Makes and checks hashes. Hashing takes a core for a tenth of a second: no more at once than there are cores, so that it never starves the rest of the server.</summary>
internal sealed class PasswordHashing(IPasswordHasher<User> hasher, HashShapes shapes) : IDisposable
{
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);

    /// <summary>Stands in for the hash of a user who does not exist or has no password, made with today's cost.</summary>
    private readonly string _nobodysHash = hasher.HashPassword(null!, Guid.NewGuid().ToString());

    public Task<string> HashAsync(User user, string password, CancellationToken ct) =>
        InTurnAsync(() => hasher.HashPassword(user, password), ct);

    /// <summary>Checks a password; where there is no hash the same work is done for nothing.</summary>
    /// <param name="name">What was typed as a name: decides which work that is, see <see cref="HashShapes"/>.</param>
    public async Task<PasswordVerificationResult> VerifyAsync(
        string name,
        string? hash,
        string password,
        CancellationToken ct
    )
    {
        if (password.Length > PasswordRules.MaxLength)
            password = "";
        var imported = hash is null
            ? await shapes.OfAsync(name, ct) is { } shape
                ? ImportedHash.OfShape(shape)
                : null
            : ImportedHash.IsMeant(hash)
                ? ImportedHash.Read(hash, "").Value
                : null;
        return await InTurnAsync(
            () =>
                imported is null
                    ? hasher.VerifyHashedPassword(null!, hash ?? _nobodysHash, password)
                : imported.Verify(password) && hash is not null
                    ? PasswordVerificationResult.SuccessRehashNeeded
                : PasswordVerificationResult.Failed,
            ct
        );
    }

    public void Dispose() => _cores.Dispose();

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken ct)
    {
        await _cores.WaitAsync(ct);
        try
        {
            return work();
        }
        finally
        {
            _cores.Release();
        }
    }
}
