using Latchkey.Server.Certificates;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Finds what opens declared key pairs, and looks whether they are pairs.</summary>
/// <param name="files">Where private keys are found.</param>
/// <param name="now">The moment of the plan.</param>
/// <param name="found">Takes what is wrong.</param>
internal sealed class HandedKeyPairs(MetadataFiles files, DateTimeOffset now, List<Problem> found)
{
    /// <summary>The certificate that a file names, or that is in the PKCS#12 file which it names; DER.</summary>
    /// <param name="said">What the file says of the pair.</param>
    /// <param name="field">Where it says it.</param>
    public byte[]? Certificate(DeclaredKeyPair said, string field)
    {
        if (string.IsNullOrEmpty(said.Certificate))
        {
            // Whether it has ended matters only if it is new.
            using var pair = Secrets(said, [], field) is { } handed
                ? Open(handed, DateTimeOffset.MinValue, field)
                : null;
            return pair?.Certificate.RawData;
        }
        if (CertificateText.TryParse(said.Certificate, out var certificates, out var fault))
        {
            return Convert.FromBase64String(certificates[0]);
        }
        found.Add(new Problem(fault, field));
        return null;
    }

    /// <summary>The pair with its private key; null where there is no key to be had.</summary>
    /// <param name="said">What the file says of the pair.</param>
    /// <param name="certificate">DER.</param>
    /// <param name="field">Where it says it.</param>
    public HandedKeyPair? Read(DeclaredKeyPair said, byte[] certificate, string field)
    {
        if (Secrets(said, certificate, field) is not { } handed)
        {
            return null;
        }
        using var pair = Open(handed, now, field);
        if (pair is not null && !pair.Certificate.RawData.AsSpan().SequenceEqual(certificate))
        {
            // Beside the key stood another certificate, to which it belongs.
            found.Add(new Problem("key-pair-mismatch", field));
        }
        return handed;
    }

    /// <summary>The same problems where a file says what they are about.</summary>
    public static IReadOnlyList<Problem> Placed(IEnumerable<Problem> problems, string field) =>
        [
            .. problems.Select(p =>
                p with
                {
                    Where = p.Where == "password" ? $"{field}.password" : field,
                }
            ),
        ];

    private OwnKeyPair? Open(HandedKeyPair handed, DateTimeOffset at, string field)
    {
        var read = OwnKeyPair.Read(handed, at);
        found.AddRange(Placed(read.Problems, field));
        return read.Value;
    }

    private HandedKeyPair? Secrets(DeclaredKeyPair said, byte[] certificate, string field)
    {
        if (said is { PrivateKey: null, Pkcs12: null })
        {
            found.Add(new Problem("key-pair-secret-missing", field));
            return null;
        }
        var before = found.Count;
        var file = said.Pkcs12 is { } named ? Pkcs12(named, $"{field}.pkcs12") : null;
        var key = said.PrivateKey is { } reference
            ? Text(reference, "key-pair-secret-unset", $"{field}.private_key")
            : null;
        var password = said.Password is { } opens
            ? Text(opens, "key-pair-password-unset", $"{field}.password")
            : null;
        return found.Count > before ? null
            : file is not null ? new HandedKeyPair(Text: null, file, password)
            : new HandedKeyPair(
                CertificateText.Pem(certificate) + "\n" + key,
                File: null,
                password
            );
    }

    private string? Text(SecretReference reference, string missing, string field)
    {
        var secret = files.Secret(reference);
        if (!secret.Ok)
        {
            found.Add(new Problem(missing, field, reference.ToString()));
        }
        return secret.Value;
    }

    private byte[]? Pkcs12(SecretReference reference, string field)
    {
        var file = files.Pkcs12(reference);
        found.AddRange(file.Problems.Select(p => p with { Where = field }));
        return file.Value;
    }
}
