namespace Latchkey.Saml.AspNetCore.IdentityProviders;

/// <summary>Where the identity provider's address and keys come from.</summary>
public interface ISaml2IdentityProviderSource
{
    /// <summary>The identity provider as known now.</summary>
    /// <exception cref="Saml2MetadataException">It is not known: the metadata cannot be had or used.</exception>
    ValueTask<Saml2IdentityProvider> GetAsync(CancellationToken cancellationToken);

    /// <summary>Asks for a fresh look because no known key verified a message.</summary>
    /// <returns>Whether something may have changed; false when it was looked at a moment ago.</returns>
    ValueTask<bool> RefreshAsync(CancellationToken cancellationToken);

    /// <summary>Why the last look failed; null when it did not.</summary>
    Exception? LastFailure { get; }
}
