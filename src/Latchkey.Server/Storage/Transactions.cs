using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Latchkey.Server.Storage;

/// <summary>Transactions of services that may be called inside a larger one.</summary>
internal static class Transactions
{
    /// <summary>Begins a transaction; inside a <see cref="SharedTransaction"/>, which is serializable itself, the work becomes a part of that.</summary>
    public static async Task<OwnOrShared> BeginOrJoinAsync(
        this DatabaseFacade database,
        CancellationToken cancellationToken,
        IsolationLevel level = IsolationLevel.ReadCommitted
    ) =>
        new(
            database.CurrentTransaction is null
                ? await database.BeginTransactionAsync(level, cancellationToken)
                : null
        );

    /// <param name="own">Null where whoever shares theirs commits it.</param>
    internal sealed class OwnOrShared(IDbContextTransaction? own) : IAsyncDisposable
    {
        public Task CommitAsync(CancellationToken cancellationToken) =>
            own?.CommitAsync(cancellationToken) ?? Task.CompletedTask;

        public ValueTask DisposeAsync() => own?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
