using Latchkey.Saml.Keys;
using Latchkey.Saml.Responses;
using Latchkey.Server.Applications.Catalogue;

namespace Latchkey.Server.Applications.Preview;

/// <summary>Our validator in the place of the service provider. It alone is told the key of a preview.</summary>
internal static class ServiceProviderJudge
{
    /// <param name="xml">The Response.</param>
    /// <param name="demands">What the service provider expects.</param>
    /// <param name="application">Who it is.</param>
    /// <param name="key">What signed; the service provider's copy of our certificate is made of it.</param>
    /// <param name="now">The present.</param>
    public static IEnumerable<Objection> Judge(
        byte[] xml,
        ServiceProviderDemands demands,
        Application application,
        SigningKey key,
        DateTimeOffset now
    )
    {
        using var verifies = VerificationKey.FromCertificate(key.Certificate.RawData);
        var verdict = ResponseValidator.Validate(
            Convert.ToBase64String(xml),
            new ResponseRules
            {
                ServiceProviderEntityId = demands.EntityId,
                AssertionConsumerServiceUrl = demands.ConsumerUrl,
                IdentityProviderEntityId = application.IdpEntityId,
                Keys = [verifies],
                AllowUnsolicited = true,
                RequiredSignatures = demands.Signatures,
                AllowSha1 = true,
                Now = now,
            }
        );
        foreach (var finding in verdict.Findings)
        {
            yield return Objection.Of(finding);
        }
        if (demands.Connector is { Modes.IdpInitiated: Known.No } && application.LoginUrl is null)
        {
            yield return new("preview.not-idp-initiated", Refuses: false, demands.Connector.Name);
        }
    }
}
