using System.Collections.Concurrent;

namespace Latchkey.Server.SignIn;

/// <summary>
/// Bounds how often passwords can be tried: from one origin, at one name from one origin, and in the whole organisation at
/// names whose owners have not signed in from that browser before. It knows no accounts: a name that nobody has is slowed down just the same, and
/// nobody's tries stop the owner of a name elsewhere. Kept in memory; each node counts for itself, the locks of
/// <see cref="Passwords.PasswordLocks"/> count for all.
/// </summary>
internal sealed class SignInThrottle(SignInLimits options, TimeProvider time)
{
    private const string Everybody = "";

    private static readonly TimeSpan s_telling = TimeSpan.FromMinutes(1);

    private readonly Window _names = new(options.TriesPerName, options.NameWindow, time);
    private readonly Window _origins = new(options.TriesPerAddress, options.AddressWindow, time);
    private readonly Window _toldNames = new(1, s_telling, time);
    private readonly Window _toldOrigins = new(10, s_telling, time);
    private readonly Window _told = new(300, s_telling, time);
    private readonly Window _strangers = new(
        options.TriesPerOrganization,
        options.OrganizationWindow,
        time
    );

    /// <summary>Takes one try, before the password is looked at; false when there is none left for now.</summary>
    /// <param name="name">What was typed as a name.</param>
    /// <param name="origin">See <see cref="Passwords.SignInOrigin.KeyFor(string)"/>.</param>
    /// <param name="isKnown">Whether whose name it is has signed in from this browser before: a storm of tries at the whole organisation does not stop those.</param>
    public bool TryTake(string name, string origin, bool isKnown = false) =>
        _origins.TryTake(origin)
        && _names.TryTake(Both(name, origin))
        && (isKnown || _strangers.TryTake(Everybody));

    /// <summary>
    /// Whether a try that was refused is to be written down: in a minute one for a name from one origin, and a few from one
    /// origin or from all of them, whatever the names. Refusing costs nothing, and nobody shall fill the record with it.
    /// </summary>
    public bool Tells(string name, string origin) =>
        _toldNames.TryTake(Both(name, origin))
        && _toldOrigins.TryTake(origin)
        && _told.TryTake(Everybody);

    /// <summary>The password was right: that try does not count, and the name starts anew.</summary>
    public void GiveBack(string name, string origin, bool isKnown = false)
    {
        _origins.GiveBack(origin);
        _names.Forget(Both(name, origin));
        if (!isKnown)
            _strangers.GiveBack(Everybody);
    }

    private static string Both(string name, string origin) =>
        $"{name[..Math.Min(name.Length, 256)].ToUpperInvariant()}\n{origin}";

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
