using Latchkey.Server.Certificates;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Finds what opens a declared key pair, and looks whether it is one.</summary>
internal static class HandedKeyPairs
{
    /// <summary>The pair with its private key.</summary>
    /// <param name="said">What the file says of it.</param>
    /// <param name="certificate">DER.</param>
    /// <param name="field">Where the file says it.</param>
    /// <param name="files">Where private keys are found.</param>
    /// <param name="now">The moment of the plan.</param>
    /// <param name="found">Takes what is wrong.</param>
    /// <returns>Null where there is no key to be had.</returns>
    public static HandedKeyPair? Read(
        DeclaredKeyPair said,
        byte[] certificate,
        string field,
        MetadataFiles files,
        DateTimeOffset now,
        List<Problem> found
    )
    {
        if (Secrets(said, certificate, field, files, found) is not { } handed)
        {
            return null;
        }
        var read = OwnKeyPair.Read(handed, now);
        using var pair = read.Value;
        found.AddRange(Placed(read.Problems, field));
        if (pair is not null && !pair.Certificate.RawData.AsSpan().SequenceEqual(certificate))
        {
            // Beside the key stood another certificate, to which it belongs.
            found.Add(new Problem("key-pair-mismatch", field));
        }
        return handed;
    }

    /// <summary>The same problems where a file says what they are about.</summary>
    public static IReadOnlyList<Problem> Placed(IEnumerable<Problem> problems, string field) =>
        [.. problems.Select(p => p with { Where = field })];

    private static HandedKeyPair? Secrets(
        DeclaredKeyPair said,
        byte[] certificate,
        string field,
        MetadataFiles files,
        List<Problem> found
    )
    {
        if (said.PrivateKey is not { } reference)
        {
            found.Add(new Problem("key-pair-secret-missing", field));
            return null;
        }
        var key = files.Secret(reference);
        var password = said.Password is { } named ? files.Secret(named) : null;
        foreach (
            var (secret, name) in new[] { (key, reference), (password, said.Password ?? reference) }
        )
        {
            if (secret is { Ok: false })
            {
                found.Add(new Problem("key-pair-secret-unset", field, name.ToString()));
            }
        }
        return key.Value is { } text && password is not { Ok: false }
            ? new HandedKeyPair(
                CertificateText.Pem(certificate) + "\n" + text,
                File: null,
                password?.Value
            )
            : null;
    }
}
