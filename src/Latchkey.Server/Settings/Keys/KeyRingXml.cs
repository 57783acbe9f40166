using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Latchkey.Server.Settings.Keys;

/// <summary>Wraps the keys of the Data Protection ring with the master key before they reach the database.</summary>
internal sealed class KeyRingXmlEncryptor(MasterKeySource source) : IXmlEncryptor
{
    public const string Purpose = "data protection key";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var content = Encoding.UTF8.GetBytes(
            plaintextElement.ToString(SaveOptions.DisableFormatting)
        );
        var element = new XElement(
            "sealed",
            Convert.ToBase64String(source.Key.Seal(Purpose, content))
        );
        CryptographicOperations.ZeroMemory(content);
        return new EncryptedXmlInfo(element, typeof(KeyRingXmlDecryptor));
    }
}

/// <summary>Opens what <see cref="KeyRingXmlEncryptor"/> wrapped. Its full name is written beside every key in the database: renaming it locks them.</summary>
internal sealed class KeyRingXmlDecryptor : IXmlDecryptor
{
    private readonly MasterKeySource _source;

    // The framework makes it, and knows only this form of constructor.
    public KeyRingXmlDecryptor(IServiceProvider services) =>
        _source = services.GetRequiredService<MasterKeySource>();

    public XElement Decrypt(XElement encryptedElement)
    {
        var content =
            _source.Key.Open(
                KeyRingXmlEncryptor.Purpose,
                Convert.FromBase64String(encryptedElement.Value)
            )
            ?? throw new CryptographicException(
                "A key of the ring was not sealed with this master key, or was changed."
            );
        return XElement.Parse(Encoding.UTF8.GetString(content));
    }
}
