using Microsoft.Extensions.Logging;

namespace Latchkey.Saml.AspNetCore.IdentityProviders;

/// <summary>
/// Reads metadata at first use and keeps it. When it grows old it is read again in the background while the old one
/// serves; a failure is logged, shown by the health check and tried again later and later, so that neither an identity
/// provider that is down nor a stranger's messages make a storm of fetches.
/// </summary>
internal sealed class MetadataSource(
    MetadataLocation location,
    Saml2Options options,
    string scheme,
    ILogger logger
) : ISaml2IdentityProviderSource
{
    private static readonly TimeSpan RetryWhenEmpty = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private IdentityProviderMetadata? _current;
    private Task? _loading;
    private DateTimeOffset _loadAgainAt = DateTimeOffset.MinValue;
    private DateTimeOffset _lastAttempt = DateTimeOffset.MinValue;
    private int _failures;
    private Exception? _lastFailure;

    public Exception? LastFailure
    {
        get
        {
            lock (_lock)
            {
                return _lastFailure;
            }
        }
    }

    private DateTimeOffset Now => (options.TimeProvider ?? TimeProvider.System).GetUtcNow();

    public async ValueTask<Saml2IdentityProvider> GetAsync(CancellationToken cancellationToken)
    {
        Task loading;
        lock (_lock)
        {
            var now = Now;
            if (Usable(now) is { } provider)
            {
                if (now >= _loadAgainAt)
                {
                    _ = StartLoading(now);
                }

                return provider;
            }

            if (_loading is null && _lastFailure is not null && now < _loadAgainAt)
            {
                throw new Saml2MetadataException(_lastFailure.Message, _lastFailure);
            }

            loading = StartLoading(now);
        }

        await loading.WaitAsync(cancellationToken);
        lock (_lock)
        {
            return Usable(Now)
                ?? throw new Saml2MetadataException(
                    _lastFailure?.Message ?? $"The metadata from {location} is no longer valid.",
                    _lastFailure
                );
        }
    }

    public async ValueTask<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        Task loading;
        lock (_lock)
        {
            var now = Now;
            if (location.Xml is not null || now < _lastAttempt + ShortestInterval)
            {
                return false;
            }

            loading = StartLoading(now);
        }

        await loading.WaitAsync(cancellationToken);
        return LastFailure is null;
    }

    private Saml2IdentityProvider? Usable(DateTimeOffset now) =>
        _current is { } current && (current.ValidUntil is not { } end || now < end)
            ? current.Provider
            : null;

    // One at a time, in nobody's request: a browser that goes away must not cancel what others wait for.
    private Task StartLoading(DateTimeOffset now)
    {
        if (_loading is null)
        {
            _lastAttempt = now;
            _loading = Task.Run(LoadAsync, CancellationToken.None);
        }

        return _loading;
    }

    private async Task LoadAsync()
    {
        try
        {
            var xml = await location.LoadAsync(options.Backchannel, CancellationToken.None);
            var now = Now;
            var read = IdentityProviderMetadata.Read(xml, options.IdpEntityId, now);
            lock (_lock)
            {
                Accept(read, now);
            }
        }
        catch (Exception e)
        {
            lock (_lock)
            {
                Fail(e);
            }
        }
    }

    private void Accept(IdentityProviderMetadata read, DateTimeOffset now)
    {
        if (_current is { } old && old.Provider.EntityId != read.Provider.EntityId)
        {
            // Another entity at the same address is a change of trust, which is a person's to make (rule M3).
            throw new Saml2MetadataException(
                $"The metadata from {location} now names '{read.Provider.EntityId}' instead of '{old.Provider.EntityId}'. Set IdpEntityId and restart to accept it."
            );
        }

        var keys = Thumbprints(read.Provider);
        if (_current is null)
        {
            logger.MetadataLoaded(scheme, read.Provider.EntityId, location.ToString(), keys);
        }
        else if (Thumbprints(_current.Provider) is var before && before != keys)
        {
            logger.IdentityProviderKeysChanged(scheme, read.Provider.EntityId, before, keys);
        }

        if (read.Provider.WantAuthnRequestsSigned && options.SigningKey is null)
        {
            logger.SignedRequestsWanted(scheme, read.Provider.EntityId);
        }

        _current = read;
        _failures = 0;
        _lastFailure = null;
        _loadAgainAt = now + Interval(read, now);
        _loading = null;
    }

    private TimeSpan Interval(IdentityProviderMetadata read, DateTimeOffset now)
    {
        var interval = options.MetadataRefreshInterval;
        if (read.CacheDuration is { } cache && cache < interval)
        {
            interval = cache;
        }

        if (read.ValidUntil is { } end && (end - now) / 2 < interval)
        {
            interval = (end - now) / 2;
        }

        return interval < ShortestInterval ? ShortestInterval : interval;
    }

    private void Fail(Exception failure)
    {
        _lastFailure = failure;
        var wait = Usable(Now) is null
            ? RetryWhenEmpty
            : ShortestInterval * Math.Pow(2, Math.Min(_failures, 6));
        _failures++;
        _loadAgainAt = Now + (wait > LongestRetry ? LongestRetry : wait);
        _loading = null;
        logger.MetadataFailed(scheme, location.ToString(), failure.Message);
    }

    private static string Thumbprints(Saml2IdentityProvider provider) =>
        string.Join(
            ", ",
            provider.Keys.Select(k =>
                k.Certificate.GetCertHashString(
                    System.Security.Cryptography.HashAlgorithmName.SHA256
                )
            )
        );
}
