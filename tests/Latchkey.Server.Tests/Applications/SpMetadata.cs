using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;

namespace Latchkey.Server.Tests.Applications;

/// <summary>What a service provider publishes about itself, and changes.</summary>
internal sealed record SpMetadata(string EntityId)
{
    public IReadOnlyList<string> Acs { get; init; } = [];
    public IReadOnlyList<string> Slo { get; init; } = [];
    public IReadOnlyList<SigningKey> Signing { get; init; } = [];
    public IReadOnlyList<SigningKey> Encryption { get; init; } = [];
    public bool SignsRequests { get; init; }
    public bool WantsSignedAssertions { get; init; }
    public DateTimeOffset? ValidUntil { get; init; }
    public TimeSpan? CacheDuration { get; init; }

    /// <summary>A new key with a certificate that is valid at the time of the tests.</summary>
    public static SigningKey NewKey(string name) =>
        SigningKey.Create(
            name,
            new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new(2036, 1, 1, 0, 0, 0, TimeSpan.Zero)
        );

    /// <summary>That of an application as the tests make them.</summary>
    public static SpMetadata Of(Latchkey.Server.Applications.Application application) =>
        new(application.SpEntityId) { Acs = [.. application.AcsEndpoints.Select(e => e.Location)] };

    public byte[] Bytes(SigningKey? publisher = null) =>
        publisher is null
            ? MetadataWriter.Write(Descriptor)
            : MetadataWriter.Write(Descriptor, IdSource.Random.Next(), publisher);

    private EntityDescriptor Descriptor =>
        new()
        {
            EntityId = EntityId,
            ValidUntil = ValidUntil,
            CacheDuration = CacheDuration,
            ServiceProvider = new ServiceProviderRole
            {
                AssertionConsumerServices =
                [
                    .. Acs.Select(
                        (url, i) =>
                            new IndexedEndpoint(SamlBindings.Post, url, i, i == 0 ? true : null)
                    ),
                ],
                SingleLogoutServices =
                [
                    .. Slo.Select(url => new Latchkey.Saml.Metadata.Endpoint(
                        SamlBindings.Redirect,
                        url
                    )),
                ],
                SigningCertificates = [.. Signing.Select(Der)],
                EncryptionCertificates = [.. Encryption.Select(Der)],
                AuthnRequestsSigned = SignsRequests,
                WantAssertionsSigned = WantsSignedAssertions,
            },
        };

    private static ReadOnlyMemory<byte> Der(SigningKey key) => key.Certificate.RawData;
}
