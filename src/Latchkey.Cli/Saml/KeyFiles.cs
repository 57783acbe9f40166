using System.Security.Cryptography;
using Latchkey.Saml.Keys;

namespace Latchkey.Cli.Saml;

/// <summary>Keys and certificates in PEM files.</summary>
internal static class KeyFiles
{
    /// <summary>Reads a private key and its certificate, which may stand in the same file.</summary>
    /// <exception cref="UnusableException">One of them cannot be read, or they do not belong together.</exception>
    public static async Task<SigningKey> ReadSigningKeyAsync(
        string keyPath,
        string? certificatePath,
        CancellationToken cancellationToken
    )
    {
        var pkcs8 = await ReadPrivateKeyAsync(keyPath, cancellationToken);
        try
        {
            var certificate = await ReadCertificateAsync(
                certificatePath ?? keyPath,
                cancellationToken
            );
            return SigningKey.Import(pkcs8, certificate);
        }
        catch (CryptographicException e)
        {
            throw new UnusableException($"The signing key cannot be used: {e.Message}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>Reads a private key as DER PKCS#8.</summary>
    /// <exception cref="UnusableException">There is none that can be read.</exception>
    public static async Task<byte[]> ReadPrivateKeyAsync(
        string path,
        CancellationToken cancellationToken
    )
    {
        var text = await ReadTextAsync(path, cancellationToken);
        try
        {
            foreach (var (label, der) in Blocks(text))
            {
                switch (label)
                {
                    case "PRIVATE KEY":
                        return der;
                    case "RSA PRIVATE KEY":
                        using (var rsa = RSA.Create())
                        {
                            rsa.ImportRSAPrivateKey(der, out _);
                            return rsa.ExportPkcs8PrivateKey();
                        }
                    case "EC PRIVATE KEY":
                        using (var ecdsa = ECDsa.Create())
                        {
                            ecdsa.ImportECPrivateKey(der, out _);
                            return ecdsa.ExportPkcs8PrivateKey();
                        }
                    case "ENCRYPTED PRIVATE KEY":
                        throw new UnusableException(
                            $"The private key in {TerminalText.Show(path)} is encrypted; decrypt it first with openssl pkey -in FILE -out FILE."
                        );
                }
            }
        }
        catch (CryptographicException e)
        {
            throw new UnusableException(
                $"The private key in {TerminalText.Show(path)} cannot be read: {e.Message}"
            );
        }
        throw new UnusableException(
            $"There is no private key in PEM in {TerminalText.Show(path)}."
        );
    }

    private static async Task<byte[]> ReadCertificateAsync(
        string path,
        CancellationToken cancellationToken
    )
    {
        var text = await ReadTextAsync(path, cancellationToken);
        foreach (var (label, der) in Blocks(text))
        {
            if (label == "CERTIFICATE")
            {
                return der;
            }
        }
        throw new UnusableException(
            $"There is no certificate in PEM in {TerminalText.Show(path)}; name its file with --certificate."
        );
    }

    private static async Task<string> ReadTextAsync(
        string path,
        CancellationToken cancellationToken
    ) => System.Text.Encoding.UTF8.GetString(await Input.ReadAsync(path, cancellationToken));

    private static IEnumerable<(string Label, byte[] Der)> Blocks(string text)
    {
        var at = 0;
        while (PemEncoding.TryFind(text.AsSpan(at), out var fields))
        {
            yield return (
                text[at..][fields.Label],
                Convert.FromBase64String(text[at..][fields.Base64Data])
            );
            at += fields.Location.End.Value;
        }
    }
}
