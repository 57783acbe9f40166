using Latchkey.Server.Storage;

namespace Latchkey.Server.Insights;

/// <summary>The record of what happened. On return it is durable.</summary>
internal sealed class EventLog(GroupCommit commits, SharedTransaction shared)
{
    /// <summary>Inside a shared transaction the events are a part of it: what did not happen is not told.</summary>
    public async Task WriteAsync(params Event[] events)
    {
        if (events.Length == 0)
        {
            return;
        }
        await using var joined = shared.Join();
        if (joined is null)
        {
            await commits.SubmitAsync(new Commit { Events = events }, CancellationToken.None);
            return;
        }
        joined.Events.AddRange(events);
        await joined.SaveChangesAsync();
    }
}
