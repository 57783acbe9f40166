using System.Threading.Channels;

namespace Latchkey.Server.Storage;

/// <summary>
/// Makes sign-ins durable, many with one flush of the disk. Commits that arrive while a transaction is on its way to the disk share the
/// next one, so the busier the server, the larger the groups; a lone one waits for nobody.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    /// <summary>Bounds how long one transaction takes and how many neighbours a bad commit slows down.</summary>
    public const int LargestGroup = 256;

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(4 * LargestGroup) { SingleReader = true }
    );
    private readonly ICommitWriter _writer;
    private readonly Task _loop;

    public GroupCommit(ICommitWriter writer)
    {
        _writer = writer;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>
    /// Returns once the commit is durable, and throws what the database said if it is not. Cancelling gives up waiting: a commit that was
    /// already taken may still be written.
    /// </summary>
    public async Task<CommitResult> SubmitAsync(Commit commit, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(commit);
        await _queue.Writer.WriteAsync(waiting, cancellationToken);
        return await waiting.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Writes what was taken, then stops. Runs after the last request ended: the container disposes of this last.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        await _writer.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var group = new List<Waiting>(LargestGroup);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (group.Count < LargestGroup && _queue.Reader.TryRead(out var waiting))
            {
                group.Add(waiting);
            }
            if (!await TryWriteAsync(group) && group.Count > 1)
            {
                // One of them cannot be written (its session was deleted meanwhile, say): the others must not suffer.
                foreach (var waiting in group)
                {
                    await TryWriteAsync([waiting]);
                }
            }
            group.Clear();
        }
    }

    /// <summary>False if nothing was written; a commit that was alone then has its answer all the same.</summary>
    private async Task<bool> TryWriteAsync(List<Waiting> group)
    {
        try
        {
            var results = await _writer.WriteAsync(group.ConvertAll(w => w.Commit));
            for (var i = 0; i < results.Length; i++)
            {
                group[i].TrySetResult(results[i]);
            }
            return true;
        }
        catch (Exception e)
        {
            if (group.Count == 1)
            {
                group[0].TrySetException(e);
            }
            return false;
        }
    }

    private sealed class Waiting(Commit commit)
        // Otherwise whoever waited would go on inside the writer's loop and keep the next group from the disk.
        : TaskCompletionSource<CommitResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Commit Commit { get; } = commit;
    }
}
