namespace Latchkey.Server.Storage;

/// <summary>Makes sign-ins durable, many with one flush of the disk.</summary>
internal sealed class GroupCommit(ICommitWriter writer) : IAsyncDisposable
{
    private readonly Rounds<Commit, CommitResult> _rounds = new(writer.WriteAsync);

    /// <summary>
    /// Returns once the commit is durable, and throws what the database said if it is not. Cancelling gives up waiting: a commit that was
    /// already taken may still be written.
    /// </summary>
    public Task<CommitResult> SubmitAsync(Commit commit, CancellationToken cancellationToken) =>
        _rounds.AskAsync(commit, cancellationToken);

    /// <summary>Writes what was taken, then stops. Runs after the last request ended: the container disposes of this last.</summary>
    public async ValueTask DisposeAsync()
    {
        await _rounds.DisposeAsync();
        await writer.DisposeAsync();
    }
}
