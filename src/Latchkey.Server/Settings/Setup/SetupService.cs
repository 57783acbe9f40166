using System.Threading.RateLimiting;
using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Settings.Setup;

/// <summary>The first start: as long as there is no administrator, a code makes one.</summary>
internal sealed class SetupService(
    IDbContextFactory<LatchkeyDbContext> databases,
    IServiceScopeFactory scopes,
    SetupCode code
) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The code has 79 bits; this keeps the log readable and the processor free.</summary>
    private readonly PartitionedRateLimiter<string> _tries = PartitionedRateLimiter.Create<
        string,
        string
    >(address =>
        RateLimitPartition.GetFixedWindowLimiter(
            address,
            _ => new() { PermitLimit = 10, Window = TimeSpan.FromMinutes(1) }
        )
    );

    private volatile bool _done;

    /// <summary>Whether there is no administrator yet. Once there is one the question costs nothing.</summary>
    public async ValueTask<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        if (_done)
        {
            return false;
        }
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        // A file may name administrators and no owner: they are no strangers, and `rescue owner` makes one of them one.
        _done = await database.Users.AnyAsync(
            u => u.Role == Role.Owner || u.Role == Role.Administrator,
            cancellationToken
        );
        return !_done;
    }

    /// <summary>The code to show at the start; null if there is an administrator.</summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (await IsOpenAsync(cancellationToken))
        {
            return await code.PrepareAsync(cancellationToken);
        }
        await code.DeleteAsync(cancellationToken);
        return null;
    }

    /// <summary>Makes the first administrator.</summary>
    /// <param name="typed">What was typed as the code.</param>
    /// <param name="input">Who it will be.</param>
    /// <param name="client">Whose tries are counted together.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<User>> CompleteAsync(
        string typed,
        UserInput input,
        string client,
        CancellationToken cancellationToken
    )
    {
        using var lease = _tries.AttemptAcquire(client);
        if (!lease.IsAcquired)
        {
            return new Problem("setup-too-many-tries", "code");
        }
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!await IsOpenAsync(cancellationToken))
            {
                return new Problem("setup-done", "code");
            }
            if (!await code.IsRightAsync(typed, cancellationToken))
            {
                return new Problem("setup-code-wrong", "code");
            }
            await using var scope = scopes.CreateAsyncScope();
            var created = await scope
                .ServiceProvider.GetRequiredService<UserService>()
                .CreateAsync(input with { Role = Role.Owner }, CancellationToken.None);
            if (created.Ok)
            {
                _done = true;
                await code.DeleteAsync(CancellationToken.None);
            }
            return created;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _turn.Dispose();
        _tries.Dispose();
    }
}
