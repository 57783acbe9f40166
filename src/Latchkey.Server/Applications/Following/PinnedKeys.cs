using Latchkey.Saml.Keys;

namespace Latchkey.Server.Applications.Following;

/// <summary>The keys that must have signed followed metadata, opened for one reading.</summary>
internal sealed class PinnedKeys : IDisposable
{
    private readonly List<VerificationKey> _keys;

    /// <param name="certificates">DER, base64; they were parsed when they were saved.</param>
    public PinnedKeys(IEnumerable<string> certificates) =>
        _keys = [
            .. certificates.Select(c =>
                VerificationKey.FromCertificate(Convert.FromBase64String(c))
            ),
        ];

    /// <summary>Null where none is pinned.</summary>
    public IReadOnlyList<VerificationKey>? All => _keys.Count == 0 ? null : _keys;

    public void Dispose() => _keys.ForEach(key => key.Dispose());
}
