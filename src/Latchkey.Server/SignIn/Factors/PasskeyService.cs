using Latchkey.Server.Directory;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>
/// Passkeys, by ASP.NET Core Identity's ceremonies: the user is always verified by the authenticator, so that one counts for two factors. What a
/// browser may choose from is never told by name, so that nobody learns who has a passkey.
/// </summary>
internal sealed class PasskeyService(
    IPasskeyHandler<User> ceremonies,
    PasskeyStore store,
    IDbContextFactory<LatchkeyDbContext> databases,
    ServerOptions server
)
{
    public const int LongestName = 60;

    /// <summary>Whether passkeys work at the public address: they are bound to a host name, which an IP address is not.</summary>
    public bool CanWork => server.PublicUrl.HostNameType == UriHostNameType.Dns;

    /// <summary>What a browser needs to make a new passkey, and what we have to keep until it comes back.</summary>
    public async Task<PasskeyCeremony> BeginCreationAsync(HttpContext http, User user)
    {
        var name = user.DisplayName ?? user.Username;
        var made = await ceremonies.MakeCreationOptionsAsync(
            new()
            {
                Id = user.Id.ToString(),
                Name = user.Username,
                DisplayName = name,
            },
            http
        );
        return new(made.CreationOptionsJson, made.AttestationState ?? "");
    }

    /// <summary>Checks a new passkey.</summary>
    /// <returns>To be stored by the caller; null when it is not in order.</returns>
    public async Task<Passkey?> CreateAsync(
        HttpContext http,
        User user,
        string name,
        string credential,
        string state
    )
    {
        var result = await ceremonies.PerformAttestationAsync(
            new()
            {
                HttpContext = http,
                CredentialJson = credential,
                AttestationState = state,
            }
        );
        return result.Succeeded && result.UserEntity.Id == user.Id.ToString()
            ? PasskeyStore.New(
                user,
                result.Passkey,
                name.Length > LongestName ? name[..LongestName] : name
            )
            : null;
    }

    /// <summary>What a browser needs to use a passkey: of whomever it has one of.</summary>
    public async Task<PasskeyCeremony> BeginUseAsync(HttpContext http)
    {
        var made = await ceremonies.MakeRequestOptionsAsync(null, http);
        return new(made.RequestOptionsJson, made.AssertionState ?? "");
    }

    /// <summary>Checks a used passkey.</summary>
    /// <returns>Whose it is and by which methods that was proved; null when it is not in order.</returns>
    public async Task<(User User, IReadOnlyList<string> Methods)?> UseAsync(
        HttpContext http,
        string credential,
        string state
    )
    {
        var result = await ceremonies.PerformAssertionAsync(
            new()
            {
                HttpContext = http,
                CredentialJson = credential,
                AssertionState = state,
            }
        );
        return
            result.Succeeded
            && await store.UsedAsync(result.User, result.Passkey, http.RequestAborted)
            ? (result.User, AuthnMethods.Passkey(result.Passkey.IsBackupEligible))
            : null;
    }

    /// <summary>A user's passkeys, oldest first.</summary>
    public async Task<IReadOnlyList<Passkey>> ListAsync(Guid userId, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database
            .Passkeys.AsNoTracking()
            .Where(p => p.UserId == userId)
            .OrderBy(p => p.CreatedAt)
            .ToListAsync(ct);
    }

    /// <summary>Names one anew.</summary>
    public async Task<bool> RenameAsync(Guid userId, Guid id, string name, CancellationToken ct)
    {
        name = name.Length > LongestName ? name[..LongestName] : name;
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database
                .Passkeys.Where(p => p.Id == id && p.UserId == userId)
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.Name, name), ct) == 1;
    }
}

/// <param name="Options">For the browser, JSON.</param>
/// <param name="State">For us: the challenge and what belongs to it, opaque.</param>
internal sealed record PasskeyCeremony(string Options, string State);
