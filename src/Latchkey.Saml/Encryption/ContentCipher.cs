using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Issuing;

namespace Latchkey.Saml.Encryption;

/// <summary>
/// The ciphers for content (xmlenc-core1 §5.2, rule E2): AES-GCM with a nonce of 12 bytes before and a whole tag of 16
/// behind the ciphertext, and AES-CBC with an initialization vector before it.
/// </summary>
internal sealed class ContentCipher
{
    /// <summary>What is allowed, for findings.</summary>
    public const string Allowed = "AES-128-GCM or AES-256-GCM";

    private const int TagLength = 16;
    private const int BlockLength = 16;

    // In the order of the enumeration.
    private static readonly ContentCipher[] Ciphers =
    [
        new("http://www.w3.org/2009/xmlenc11#aes256-gcm", 32, isCbc: false),
        new("http://www.w3.org/2009/xmlenc11#aes128-gcm", 16, isCbc: false),
        new("http://www.w3.org/2001/04/xmlenc#aes256-cbc", 32, isCbc: true),
        new("http://www.w3.org/2001/04/xmlenc#aes128-cbc", 16, isCbc: true),
    ];

    private ContentCipher(string uri, int keyLength, bool isCbc)
    {
        Uri = uri;
        KeyLength = keyLength;
        IsCbc = isCbc;
    }

    /// <summary>Its name.</summary>
    public string Uri { get; }

    /// <summary>Bytes in its key.</summary>
    public int KeyLength { get; }

    /// <summary>Whether it does not authenticate what it encrypts.</summary>
    public bool IsCbc { get; }

    /// <summary>Bytes before the ciphertext.</summary>
    private int VectorLength => IsCbc ? BlockLength : AesGcm.NonceByteSizes.MaxSize;

    /// <summary>The cipher of a choice.</summary>
    public static ContentCipher Of(ContentEncryption choice) =>
        Enum.IsDefined(choice)
            ? Ciphers[(int)choice]
            : throw new ArgumentOutOfRangeException(nameof(choice), choice, message: null);

    /// <summary>The cipher of a name; null when there is none.</summary>
    public static ContentCipher? Of(ReadOnlySpan<byte> uri)
    {
        foreach (var cipher in Ciphers)
            if (Ascii.Equals(uri, cipher.Uri))
                return cipher;
        return null;
    }

    /// <summary>Encrypts with a fresh nonce or vector, which stands before the ciphertext (rule I5).</summary>
    public byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext)
    {
        if (IsCbc)
        {
            using var aes = Aes.Create();
            aes.SetKey(key);
            var vector = RandomNumberGenerator.GetBytes(BlockLength);
            // PKCS#7 is one of the paddings that xmlenc-core1 §5.2.1 allows.
            return [.. vector, .. aes.EncryptCbc(plaintext, vector, PaddingMode.PKCS7)];
        }
        var sealedOctets = new byte[VectorLength + plaintext.Length + TagLength];
        var nonce = sealedOctets.AsSpan(0, VectorLength);
        RandomNumberGenerator.Fill(nonce);
        using var gcm = new AesGcm(key, TagLength);
        gcm.Encrypt(
            nonce,
            plaintext,
            sealedOctets.AsSpan(VectorLength, plaintext.Length),
            sealedOctets.AsSpan(VectorLength + plaintext.Length)
        );
        return sealedOctets;
    }

    /// <summary>Decrypts; false, without a reason, when that fails (rule E2).</summary>
    /// <param name="key">The key, of <see cref="KeyLength"/> bytes.</param>
    /// <param name="sealedOctets">Nonce or vector, ciphertext, tag.</param>
    /// <param name="plaintext">At least as long as that.</param>
    /// <param name="length">Bytes written.</param>
    public bool TryOpen(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> sealedOctets,
        Span<byte> plaintext,
        out int length
    )
    {
        length = 0;
        if (sealedOctets.Length <= VectorLength + TagLength - (IsCbc ? 1 : 0))
            return false;
        var vector = sealedOctets[..VectorLength];
        var ciphertext = sealedOctets[VectorLength..];
        try
        {
            return IsCbc
                ? TryOpenCbc(key, vector, ciphertext, plaintext, out length)
                : TryOpenGcm(key, vector, ciphertext, plaintext, out length);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool TryOpenGcm(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> plaintext,
        out int length
    )
    {
        length = ciphertext.Length - TagLength;
        using var gcm = new AesGcm(key, TagLength);
        gcm.Decrypt(nonce, ciphertext[..length], ciphertext[length..], plaintext[..length]);
        return true;
    }

    // The last octet says how many octets pad the text, the others of the padding are arbitrary (xmlenc-core1 §5.2.1).
    private static bool TryOpenCbc(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> vector,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> plaintext,
        out int length
    )
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        length = aes.DecryptCbc(ciphertext, vector, plaintext, PaddingMode.None);
        var padding = plaintext[length - 1];
        length -= padding;
        return padding is > 0 and <= BlockLength;
    }
}
