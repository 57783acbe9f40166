using Latchkey.Server.Directory;
using Microsoft.AspNetCore.Identity;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>Makes and checks hashes. Hashing takes a core for a tenth of a second: no more at once than there are cores, so that it never starves the rest of the server.</summary>
internal sealed class PasswordHashing(IPasswordHasher<User> hasher) : IDisposable
{
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);

    /// <summary>Stands in for the hash of a user who does not exist or has no password, made with today's cost.</summary>
    private readonly string _nobodysHash = hasher.HashPassword(null!, Guid.NewGuid().ToString());

    public Task<string> HashAsync(User user, string password, CancellationToken ct) =>
        InTurnAsync(() => hasher.HashPassword(user, password), ct);

    /// <summary>Checks a password; where there is no hash the same work is done for nothing.</summary>
    public Task<PasswordVerificationResult> VerifyAsync(
        User? user,
        string? hash,
        string password,
        CancellationToken ct
    ) =>
        InTurnAsync(
            () =>
                hasher.VerifyHashedPassword(
                    user!,
                    hash ?? _nobodysHash,
                    password.Length > PasswordRules.MaxLength ? "" : password
                ),
            ct
        );

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
