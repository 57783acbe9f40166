namespace Latchkey.Saml.AspNetCore.IdentityProviders;

/// <summary>An identity provider written into the configuration.</summary>
internal sealed class FixedIdentityProvider(Saml2IdentityProvider provider)
    : ISaml2IdentityProviderSource
{
    public Exception? LastFailure => null;

    public ValueTask<Saml2IdentityProvider> GetAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(provider);

    public ValueTask<bool> RefreshAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(false);
}
