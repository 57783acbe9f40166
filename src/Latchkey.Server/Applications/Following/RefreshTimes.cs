using System.Security.Cryptography;

namespace Latchkey.Server.Applications.Following;

/// <summary>When a followed address is looked at next.</summary>
internal static class RefreshTimes
{
    /// <summary>Nobody is asked more often, whatever cacheDuration says.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(15);

    /// <summary>Nobody is asked less often: a key that was withdrawn must not count for longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Where the metadata does not say.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromHours(6);

    /// <summary>How long whoever looks has for it before somebody else tries.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_lastRetry = TimeSpan.FromHours(2);

    /// <summary>After it could be read.</summary>
    /// <param name="now">The present.</param>
    /// <param name="cacheDuration">What the metadata says.</param>
    /// <param name="validUntil">What the metadata says: with half of what is left there is time for several tries.</param>
    public static DateTimeOffset Next(
        DateTimeOffset now,
        TimeSpan? cacheDuration,
        DateTimeOffset? validUntil
    )
    {
        var wait = cacheDuration ?? Usual;
        if (validUntil is { } end && (end - now) / 2 < wait)
        {
            wait = (end - now) / 2;
        }
        wait = wait > Longest ? Longest : wait;
        wait = Earlier(wait);
        return now + (wait < Shortest ? Shortest : wait);
    }

    /// <summary>After it could not be read.</summary>
    public static DateTimeOffset Again(DateTimeOffset now, int failures)
    {
        var wait = s_firstRetry * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        return now + Earlier(wait > s_lastRetry ? s_lastRetry : wait);
    }

    /// <summary>Up to a tenth, so that addresses followed since the same moment are not asked in the same one.</summary>
    private static TimeSpan Earlier(TimeSpan wait) =>
        wait * (1 - (RandomNumberGenerator.GetInt32(1000) / 10_000.0));
}
