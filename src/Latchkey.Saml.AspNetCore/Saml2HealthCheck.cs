using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Latchkey.Saml.AspNetCore;

/// <summary>Whether users can sign in, as far as the identity provider's metadata decides it.</summary>
internal sealed class Saml2HealthCheck(IOptionsMonitor<Saml2Options> options, string scheme)
    : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var source = options.Get(scheme).IdentityProviderSource!;
        try
        {
            var provider = await source.GetAsync(cancellationToken);
            return source.LastFailure is { } failure
                ? HealthCheckResult.Degraded(failure.Message)
                : HealthCheckResult.Healthy(provider.EntityId);
        }
        catch (Saml2MetadataException e)
        {
            return new(context.Registration.FailureStatus, e.Message);
        }
    }
}
