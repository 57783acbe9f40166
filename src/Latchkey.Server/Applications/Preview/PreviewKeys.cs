using Latchkey.Saml.Keys;

namespace Latchkey.Server.Applications.Preview;

/// <summary>
/// Keys that stand in for those of applications where a Response is only looked at. They are made once, when somebody
/// first looks, for a fresh RSA key takes a tenth of a second; they stay in memory and are known to nobody, so that no
/// service provider verifies by them.
/// </summary>
internal sealed class PreviewKeys : IDisposable
{
    private const string Name = "Preview, not valid";

    private readonly Lazy<SigningKey> _rsa = new(() =>
        SigningKey.Create(Name, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(900))
    );
    private readonly Lazy<SigningKey> _p256 = OnCurve(EllipticCurve.P256);
    private readonly Lazy<SigningKey> _p384 = OnCurve(EllipticCurve.P384);
    private readonly Lazy<SigningKey> _p521 = OnCurve(EllipticCurve.P521);

    private IEnumerable<Lazy<SigningKey>> All => [_rsa, _p256, _p384, _p521];

    /// <summary>One of the same kind as the one that would sign; RSA where there is none yet.</summary>
    public SigningKey Like(SigningKey? real) =>
        real?.DefaultAlgorithm switch
        {
            SignatureAlgorithm.EcdsaSha256 => _p256.Value,
            SignatureAlgorithm.EcdsaSha384 => _p384.Value,
            SignatureAlgorithm.EcdsaSha512 => _p521.Value,
            _ => _rsa.Value,
        };

    public void Dispose()
    {
        foreach (var made in All.Where(key => key.IsValueCreated))
        {
            made.Value.Dispose();
        }
    }

    private static Lazy<SigningKey> OnCurve(EllipticCurve curve) =>
        new(() =>
            SigningKey.Create(
                Name,
                DateTimeOffset.UnixEpoch,
                DateTimeOffset.UnixEpoch.AddYears(900),
                curve
            )
        );
}
