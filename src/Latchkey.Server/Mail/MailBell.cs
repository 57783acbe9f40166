using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Mail;

/// <summary>Wakes this node's sender, so that a mail leaves at once. If the bell is not heard, the sender looks by itself after a while.</summary>
internal sealed class MailBell
{
    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void RingWhenSaved(DbContext db)
    {
        db.SavedChanges += Ring;

        void Ring(object? sender, SavedChangesEventArgs saved)
        {
            db.SavedChanges -= Ring;
            _rings.Writer.TryWrite(true);
        }
    }

    /// <summary>Returns when the bell rings or the time is over.</summary>
    public async Task WaitAsync(
        TimeSpan atMost,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var over = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            over.Token,
            cancellationToken
        );
        try
        {
            await _rings.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody rang.
        }
    }
}
