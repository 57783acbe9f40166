using System.Collections.Concurrent;

namespace Latchkey.Saml.AspNetCore.Replay;

/// <summary>Remembers in this process. Only what was verified gets in, so a stranger cannot fill it.</summary>
internal sealed class MemoryReplayCache(TimeProvider time) : ISaml2ReplayCache
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(
        StringComparer.Ordinal
    );
    private long _nextSweep;

    public int Count => _used.Count;

    public ValueTask<bool> TryAddAsync(
        string key,
        DateTimeOffset expires,
        CancellationToken cancellationToken
    )
    {
        Sweep(time.GetUtcNow());
        return ValueTask.FromResult(_used.TryAdd(key, expires));
    }

    private void Sweep(DateTimeOffset now)
    {
        var due = Interlocked.Read(ref _nextSweep);
        var next = (now + SweepInterval).UtcTicks;
        if (now.UtcTicks < due || Interlocked.CompareExchange(ref _nextSweep, next, due) != due)
        {
            return;
        }

        foreach (var entry in _used)
        {
            if (entry.Value <= now)
            {
                _used.TryRemove(entry);
            }
        }
    }
}
