using System.Security.Cryptography;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn;

/// <summary>Sign-ins under way, stored so that any node can go on with them. Each belongs to the browser it began in.</summary>
internal sealed class SignInStates(
    IDbContextFactory<LatchkeyDbContext> databases,
    SignInCookies cookies,
    SignInLimits options,
    TimeProvider time
)
{
    /// <summary>Stores a sign-in to an application and binds it to this browser.</summary>
    /// <param name="request">The accepted request as JSON; null when we started it.</param>
    public async Task<SignInState> BeginAsync(
        HttpContext http,
        Guid applicationId,
        string? request,
        string referenceCode
    )
    {
        var secret = cookies.Browser(http);
        var hash = SessionService.HashOf(secret);
        if (hash is null)
        {
            secret = SessionService.NewSecret();
            hash = SessionService.HashOf(secret)!;
        }
        cookies.WriteBrowser(http, secret!);
        var now = time.GetUtcNow();
        var state = new SignInState
        {
            BrowserHash = hash,
            ApplicationId = applicationId,
            Request = request,
            ReferenceCode = referenceCode,
            CreatedAt = now,
            ExpiresAt = now + options.StateLifetime,
        };
        await using var database = await databases.CreateDbContextAsync(http.RequestAborted);
        database.SignInStates.Add(state);
        await database.SaveChangesAsync(http.RequestAborted);
        return state;
    }

    /// <summary>The sign-in, if it is still open and was begun in this browser.</summary>
    public async Task<SignInState?> FindAsync(HttpContext http, Guid id)
    {
        if (SessionService.HashOf(cookies.Browser(http)) is not { } hash)
            return null;
        await using var database = await databases.CreateDbContextAsync(http.RequestAborted);
        var state = await database
            .SignInStates.AsNoTracking()
            .SingleOrDefaultAsync(s => s.Id == id, http.RequestAborted);
        return
            state is not null
            && time.GetUtcNow() < state.ExpiresAt
            && CryptographicOperations.FixedTimeEquals(state.BrowserHash, hash)
            ? state
            : null;
    }

    /// <summary>Somebody proved who they are in the course of this sign-in.</summary>
    public async Task ProvedAsync(SignInState state, CancellationToken ct)
    {
        DateTimeOffset? now = time.GetUtcNow();
        state.AuthenticatedAt = now;
        await using var database = await databases.CreateDbContextAsync(ct);
        await database
            .SignInStates.Where(s => s.Id == state.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.AuthenticatedAt, now), ct);
    }

    /// <summary>It is over, one way or the other.</summary>
    public async Task EndAsync(SignInState state)
    {
        await using var database = await databases.CreateDbContextAsync();
        await database.SignInStates.Where(s => s.Id == state.Id).ExecuteDeleteAsync();
    }
}
