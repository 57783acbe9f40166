using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Latchkey.Server.SignIn;

/// <summary>
/// Bounds how often passwords can be tried, by what was typed as a name and by address. It knows no accounts: a name
/// that nobody has is slowed down just the same. Kept in memory; each node counts for itself, the lock on the account
/// counts for all.
/// </summary>
internal sealed class SignInThrottle(SignInLimits options, TimeProvider time)
{
    private readonly Window _names = new(options.TriesBeforeLockout, options.Lockout, time);
    private readonly Window _addresses = new(options.TriesPerAddress, options.AddressWindow, time);

    /// <summary>Takes one try, before the password is looked at; false when there is none left for now.</summary>
    public bool TryTake(string name, IPAddress? address) =>
        _addresses.TryTake(Network(address)) && _names.TryTake(Fold(name));

    /// <summary>The password was right: that try does not count, and the name starts anew.</summary>
    public void GiveBack(string name, IPAddress? address)
    {
        _addresses.GiveBack(Network(address));
        _names.Forget(Fold(name));
    }

    private static string Fold(string name) =>
        name[..Math.Min(name.Length, 256)].ToUpperInvariant();

    /// <summary>One subscriber of IPv6 has a whole /64 to try from.</summary>
    private static string Network(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    /// <summary>Counts tries within a stretch of time that begins with the first.</summary>
    private sealed class Window(int tries, TimeSpan length, TimeProvider time)
    {
        /// <summary>Bounds the memory that strangers can fill.</summary>
        private const int Capacity = 100_000;

        private readonly ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);

        public bool TryTake(string key)
        {
            var now = time.GetTimestamp();
            if (_counts.Count >= Capacity)
                Sweep(now);
            var count = _counts.AddOrUpdate(
                key,
                static (_, at) => new(at, 1),
                (_, before, at) =>
                    IsOver(before, at) ? new(at, 1) : before with { Tries = before.Tries + 1 },
                now
            );
            return count.Tries <= tries;
        }

        public void GiveBack(string key)
        {
            if (_counts.TryGetValue(key, out var count) && count.Tries > 0)
                _counts.TryUpdate(key, count with { Tries = count.Tries - 1 }, count);
        }

        public void Forget(string key) => _counts.TryRemove(key, out _);

        private bool IsOver(Count count, long now) =>
            time.GetElapsedTime(count.Since, now) >= length;

        private void Sweep(long now)
        {
            foreach (var (key, count) in _counts)
            {
                if (IsOver(count, now))
                    _counts.TryRemove(key, out _);
            }
            // All of them fresh: somebody fills the table on purpose. Starting over costs less than growing.
            if (_counts.Count >= Capacity)
                _counts.Clear();
        }

        private readonly record struct Count(long Since, int Tries);
    }
}
