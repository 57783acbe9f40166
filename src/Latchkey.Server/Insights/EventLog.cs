using Latchkey.Server.Storage;

namespace Latchkey.Server.Insights;

/// <summary>The record of what happened. On return it is durable.</summary>
internal sealed class EventLog(GroupCommit commits)
{
    public Task WriteAsync(params Event[] events) =>
        events.Length == 0
            ? Task.CompletedTask
            : commits.SubmitAsync(new Commit { Events = events }, CancellationToken.None);
}
