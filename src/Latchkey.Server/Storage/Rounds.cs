using System.Threading.Channels;

namespace Latchkey.Server.Storage;

/// <summary>
/// Does for many callers at once what costs hardly more than for one: whoever asks while a round is under way shares the next one. So the
/// busier the server, the larger the rounds; a lone caller waits for nobody.
/// </summary>
internal sealed class Rounds<TAsk, TAnswer> : IAsyncDisposable
{
    /// <summary>Bounds how long one round takes and how many neighbours a bad one among them slows down.</summary>
    private const int Largest = 256;

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(4 * Largest) { SingleReader = true }
    );
    private readonly Func<IReadOnlyList<TAsk>, Task<TAnswer[]>> _work;
    private readonly Task _loop;

    /// <param name="work">One round; its answers are in the order of what was asked. When it throws, nothing was done.</param>
    public Rounds(Func<IReadOnlyList<TAsk>, Task<TAnswer[]>> work)
    {
        _work = work;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>
    /// Returns once a round with it is done, and throws what went wrong if that was its own fault. Cancelling gives up waiting: what was
    /// already taken may still be done.
    /// </summary>
    public async Task<TAnswer> AskAsync(TAsk ask, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(ask);
        await _queue.Writer.WriteAsync(waiting, cancellationToken);
        return await waiting.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Does what was taken, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        var round = new List<Waiting>(Largest);
        while (await _queue.Reader.WaitToReadAsync())
        {
            // Behind everyone who is ready to run: they ask in time for this round, which costs it nothing.
            await Task.Yield();
            while (round.Count < Largest && _queue.Reader.TryRead(out var waiting))
            {
                round.Add(waiting);
            }
            if (!await TryAsync(round))
            {
                // One of them cannot be done (its session was deleted meanwhile, say): the others must not suffer.
                foreach (var waiting in round)
                {
                    await TryAsync([waiting]);
                }
            }
            round.Clear();
        }
    }

    /// <summary>False if nothing was done and nobody has an answer: each may be asked for alone.</summary>
    private async Task<bool> TryAsync(List<Waiting> round)
    {
        try
        {
            var answers = await _work(round.ConvertAll(w => w.Ask));
            for (var i = 0; i < answers.Length; i++)
            {
                round[i].TrySetResult(answers[i]);
            }
            return true;
        }
        // Nobody's fault; asked one by one, each would wait as long again for a database that is not there.
        catch (Exception e) when (round.Count == 1 || DatabaseAway.IsCauseOf(e))
        {
            foreach (var waiting in round)
            {
                waiting.TrySetException(e);
            }
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private sealed class Waiting(TAsk ask)
        // Otherwise whoever waited would go on inside the loop and keep the next round waiting.
        : TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TAsk Ask { get; } = ask;
    }
}
