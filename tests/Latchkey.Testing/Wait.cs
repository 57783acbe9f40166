using System.Diagnostics;

namespace Latchkey.Testing;

/// <summary>Waiting for conditions of other processes.</summary>
public static class Wait
{
    /// <summary>Until the condition holds; fails with the sentence when it does not in time.</summary>
    public static async Task UntilAsync(
        Func<Task<bool>> condition,
        Func<string> orElse,
        TimeSpan? within = null
    )
    {
        var limit = within ?? TimeSpan.FromMinutes(3);
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
                throw new TimeoutException($"{orElse()} (waited {limit.TotalSeconds:0} s)");
            await Task.Delay(50);
        }
    }
}
