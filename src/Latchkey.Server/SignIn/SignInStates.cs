using System.Security.Cryptography;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn;

/// <summary>Sign-ins under way, stored so that any node can go on with them. Each belongs to the browser it began in.</summary>
internal sealed class SignInStates(
    IDbContextFactory<LatchkeyDbContext> databases,
    SignInCookies cookies,
    IDataProtectionProvider protection,
    SignInLimits options,
    TimeProvider time
)
{
    private readonly IDataProtector _protector = protection.CreateProtector(
        "Latchkey.Server.SignIn.Challenge.v1"
    );

    /// <summary>Stores a sign-in to an application and binds it to this browser.</summary>
    /// <param name="request">The accepted request as JSON; null when we started it.</param>
    public Task<SignInState> BeginAsync(
        HttpContext http,
        Guid applicationId,
        string? request,
        string referenceCode
    ) => BeginAsync(http, applicationId, request, returnPath: null, referenceCode);

    /// <summary>Stores a sign-in to our own pages, of which there is something to keep between two steps.</summary>
    /// <param name="returnPath">Where it leads, a local path.</param>
    /// <param name="asksAll">See <see cref="SignInState.AsksAll"/>.</param>
    public Task<SignInState> BeginAsync(
        HttpContext http,
        string returnPath,
        bool asksAll = false
    ) =>
        BeginAsync(
            http,
            applicationId: null,
            request: null,
            returnPath,
            ReferenceCode.New(),
            asksAll
        );

    private async Task<SignInState> BeginAsync(
        HttpContext http,
        Guid? applicationId,
        string? request,
        string? returnPath,
        string referenceCode,
        bool asksAll = false
    )
    {
        var hash = cookies.BindBrowser(http);
        var now = time.GetUtcNow();
        var state = new SignInState
        {
            BrowserHash = hash,
            ApplicationId = applicationId,
            Request = request,
            ReturnPath = returnPath,
            ReferenceCode = referenceCode,
            AsksAll = asksAll,
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

    /// <summary>Somebody proved a part of what is asked; the rest has to follow in this sign-in.</summary>
    public async Task RememberAsync(
        SignInState state,
        User user,
        string methods,
        CancellationToken ct
    )
    {
        Guid? userId = user.Id;
        (state.UserId, state.UserStamp, state.Methods) = (userId, user.SecurityStamp, methods);
        state.AuthenticatedAt = null;
        await using var database = await databases.CreateDbContextAsync(ct);
        await database
            .SignInStates.Where(s => s.Id == state.Id)
            .ExecuteUpdateAsync(
                s =>
                    s.SetProperty(x => x.UserId, userId)
                        .SetProperty(x => x.UserStamp, user.SecurityStamp)
                        .SetProperty(x => x.Methods, methods)
                        .SetProperty(x => x.AuthenticatedAt, (DateTimeOffset?)null),
                ct
            );
    }

    /// <summary>Nobody has proved anything in this sign-in any more. What it is for stays, and so does its end.</summary>
    public async Task ForgetAsync(SignInState state, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        await database
            .SignInStates.Where(s => s.Id == state.Id)
            .ExecuteUpdateAsync(
                s =>
                    s.SetProperty(x => x.UserId, (Guid?)null)
                        .SetProperty(x => x.UserStamp, (string?)null)
                        .SetProperty(x => x.Methods, (string?)null)
                        .SetProperty(x => x.Challenge, (string?)null)
                        .SetProperty(x => x.AuthenticatedAt, (DateTimeOffset?)null),
                ct
            );
    }

    /// <summary>Keeps what belongs to a passkey's ceremony until its second half.</summary>
    public async Task ChallengeAsync(SignInState state, string challenge, CancellationToken ct)
    {
        var kept = _protector.Protect(challenge);
        await using var database = await databases.CreateDbContextAsync(ct);
        await database
            .SignInStates.Where(s => s.Id == state.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.Challenge, kept), ct);
    }

    /// <summary>What was kept of a passkey's ceremony. It is given out once, so that no answer counts twice.</summary>
    public async Task<string?> TakeChallengeAsync(SignInState state, CancellationToken ct)
    {
        if (state.Challenge is not { } kept)
            return null;
        await using var database = await databases.CreateDbContextAsync(ct);
        var taken = await database
            .SignInStates.Where(s => s.Id == state.Id && s.Challenge == kept)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.Challenge, (string?)null), ct);
        return taken == 1 ? _protector.Unprotect(kept) : null;
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
