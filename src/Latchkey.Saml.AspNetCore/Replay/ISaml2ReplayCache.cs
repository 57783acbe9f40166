namespace Latchkey.Saml.AspNetCore.Replay;

/// <summary>Remembers what was used, so that it is not used again. The default lives in this process; an application on several nodes registers one that they share, in front of <c>AddSaml2</c> or after it, whose insert is atomic: <c>INSERT … ON CONFLICT DO NOTHING</c>, or <c>SET … NX</c>.</summary>
public interface ISaml2ReplayCache
{
    /// <summary>Inserts a key if it is absent, in one step.</summary>
    /// <param name="key">What is used: opaque, at most 100 characters.</param>
    /// <param name="expires">When it may be forgotten.</param>
    /// <param name="cancellationToken">Cancelled when the browser went away.</param>
    /// <returns>False when the key was there already.</returns>
    ValueTask<bool> TryAddAsync(
        string key,
        DateTimeOffset expires,
        CancellationToken cancellationToken
    );
}
