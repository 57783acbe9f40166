using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Mapping;

namespace Latchkey.Server.SingleSignOn;

/// <summary>An application ready to be answered: its settings as stored under one version, its keys imported.</summary>
internal sealed record ApplicationRuntime
{
    public required Application Application { get; init; }

    /// <summary>Signs our Responses; null while the application has no active certificate, or one whose key cannot be opened.</summary>
    public required SigningKey? SigningKey { get; init; }

    /// <summary>There is an active certificate, but what protected its key is not there any more.</summary>
    public bool SigningKeyUnusable { get; init; }

    /// <summary>How Responses are signed: as set, or, where the key is of another kind, as the key is made for.</summary>
    public SignatureAlgorithm SignatureAlgorithm =>
        SigningKey is null || SigningKey.Supports(Application.SignatureAlgorithm)
            ? Application.SignatureAlgorithm
            : SigningKey.DefaultAlgorithm;

    /// <summary>Encrypts assertions; null when none is to be, or no certificate can be used: see <see cref="EncryptionImpossible"/>.</summary>
    public required AssertionEncryption? Encryption { get; init; }

    /// <summary>Assertions are to be encrypted, and there is nothing to encrypt to: then none are sent.</summary>
    public bool EncryptionImpossible => Application.EncryptAssertions && Encryption is null;

    /// <summary>When the followed metadata ends, as it was known; see <see cref="Applications.Following.FollowedValidity"/>. Null where it does not.</summary>
    public DateTimeOffset? MetadataValidUntil { get; init; }

    /// <summary>Whether the organisation demands a second factor before this application is opened (J-46).</summary>
    public required bool RequiresSecondFactor { get; init; }

    /// <summary>What the application is told about its users.</summary>
    public required AttributePlan Plan { get; init; }

    /// <summary>Verify the application's requests.</summary>
    public required IReadOnlyList<VerificationKey> RequestKeys { get; init; }

    /// <summary>Where Responses may go: of what is registered, what takes a POST (rule I1).</summary>
    public required IReadOnlyList<IndexedEndpoint> Consumers { get; init; }

    /// <summary>Our own address towards it, the only Destination of its requests.</summary>
    public required string Address { get; init; }

    /// <summary>The only Destination of its logout messages.</summary>
    public string LogoutAddress => Address + "/logout";

    public static IReadOnlyList<IndexedEndpoint> ConsumersOf(Application application) =>
        [
            .. application.AcsEndpoints.Where(e =>
                string.Equals(e.Binding, SamlBindings.Post, StringComparison.Ordinal)
            ),
        ];
}
