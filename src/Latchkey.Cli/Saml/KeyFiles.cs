using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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

    /// <summary>Reads a private key that opens what is encrypted. A certificate beside it plays no part.</summary>
    /// <exception cref="UnusableException">It cannot be read, or is not RSA.</exception>
    public static async Task<DecryptionKey> ReadDecryptionKeyAsync(
        string path,
        CancellationToken cancellationToken
    )
    {
        var pkcs8 = await ReadPrivateKeyAsync(path, cancellationToken);
        try
        {
            // The library wants a key with its certificate, to publish it. Here only the key is used, and people
            // have it alone; so it gets a certificate that nobody sees.
            using var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(pkcs8, out _);
            var request = new CertificateRequest(
                "CN=decryption key",
                rsa,
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            );
            using var certificate = request.CreateSelfSigned(
                DateTimeOffset.UnixEpoch,
                DateTimeOffset.UnixEpoch.AddYears(1)
            );
            return DecryptionKey.Import(pkcs8, certificate.RawDataMemory.Span);
        }
        catch (CryptographicException e)
        {
            throw new UnusableException(
                $"The decryption key in {TerminalText.Show(path)} cannot be used, it has to be RSA: {e.Message}"
            );
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>Reads the certificate of somebody for whom something is encrypted.</summary>
    /// <exception cref="UnusableException">There is none that can be used.</exception>
    public static async Task<EncryptionKey> ReadEncryptionKeyAsync(
        string path,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return EncryptionKey.FromCertificate(
                await ReadCertificateAsync(path, cancellationToken)
            );
        }
        catch (CryptographicException e)
        {
            throw new UnusableException(
                $"The certificate in {TerminalText.Show(path)} cannot be used: {e.Message}"
            );
        }
    }

    /// <summary>Reads the certificate of somebody whose signature is checked.</summary>
    /// <exception cref="UnusableException">There is none that can be used.</exception>
    public static async Task<VerificationKey> ReadVerificationKeyAsync(
        string path,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return VerificationKey.FromCertificate(
                await ReadCertificateAsync(path, cancellationToken)
            );
        }
        catch (CryptographicException e)
        {
            throw new UnusableException(
                $"The certificate in {TerminalText.Show(path)} cannot be used: {e.Message}"
            );
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
            $"There is no certificate in PEM in {TerminalText.Show(path)}; that of a --key can stand in a --certificate of its own."
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
